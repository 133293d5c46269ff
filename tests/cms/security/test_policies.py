"""What browsers are told they may do with an answer."""

import re

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from wagtail.models import Site

from blog.models import BlogIndexPage, SiteSettings
from tests.blog.content import make_person, make_post

pytestmark = pytest.mark.django_db


def directives(response) -> dict[str, list[str]]:
    parts = response["Content-Security-Policy"].split("; ")
    return {name: values for name, *values in map(str.split, parts)}


def test_public_page_runs_and_shows_only_what_comes_from_here(client: Client, blog: BlogIndexPage):
    response = client.get("/")

    policy = directives(response)
    assert policy["default-src"] == policy["script-src"] == policy["style-src"] == ["'self'"]
    assert policy["object-src"] == ["'none'"]
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == ["'self'"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*(src|json))|<style| style=| on\w+=", response.content.decode())


def test_admin_shows_front_ends_of_sites_in_frames_and_nothing_else_does(
    admin_client: Client, blog: BlogIndexPage, settings
):
    settings.FRONTEND_URL = "https://front.example"
    found = SiteSettings.for_site(Site.objects.get())
    found.frontend_url = "https://other.example/blog/"
    found.save()

    policy = directives(admin_client.get("/admin/"))
    assert {"https://front.example", "https://other.example"} <= set(policy["frame-src"])
    assert policy["script-src"] == ["'self'"]
    assert policy["frame-ancestors"] == ["'self'"]
    assert "https://other.example" not in policy["script-src"] + policy["img-src"] + policy["connect-src"]


def test_answer_of_an_api_allows_nothing(client: Client, blog: BlogIndexPage):
    for url in ("/api/v2/pages/", "/api/v2/pages/999/", "/api/v3/pages/", "/api/media/openapi.json", reverse("feed")):
        policy = directives(client.get(url))
        assert policy == {"default-src": ["'none'"], "frame-ancestors": ["'none'"]}, url


def test_media_of_another_host_are_allowed_from_there_only_as_media(client: Client, blog: BlogIndexPage):
    with override_settings(CSP_MEDIA_SOURCES=["https://cdn.example"]):
        policy = directives(client.get("/"))
    assert "https://cdn.example" in policy["img-src"]
    assert "https://cdn.example" in policy["media-src"]
    assert "https://cdn.example" not in policy["script-src"]


def test_s3_behind_a_domain_of_its_own_is_allowed_by_itself(client: Client, blog: BlogIndexPage, settings):
    options = {"bucket_name": "media", "custom_domain": "media.example", "querystring_auth": False}
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "media_library.storage.s3.S3Renditions", "OPTIONS": options}
    }
    assert "https://media.example" in directives(client.get("/"))["img-src"]


@override_settings(CSP_REPORT_ONLY=True, CSP_REPORT_URI="https://reports.example/csp")
def test_policy_can_be_tried_out_and_reported(client: Client, blog: BlogIndexPage):
    response = client.get("/")
    assert "Content-Security-Policy" not in response
    assert response["Content-Security-Policy-Report-Only"].endswith("report-uri https://reports.example/csp")


def test_widgets_of_the_editor_start_from_data(admin_client: Client, blog: BlogIndexPage):
    post = make_post(blog, author=make_person())

    html = admin_client.get(f"/admin/pages/{post.pk}/edit/").content.decode()
    assert not re.search(r"<script(?![^>]*(src=|application/json|text/x-))", html)
    for name in ("date", "datetime", "InlinePanel", "SnippetChooser"):
        assert f'data-widget-name-value="{name}"' in html, re.findall(r'data-widget-name-value="(\w+)"', html)


def test_pages_ask_for_no_sensor_and_tell_others_only_where_they_are(client: Client, blog: BlogIndexPage):
    response = client.get("/")
    assert "camera=()" in response["Permissions-Policy"]
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert client.get("/admin/login/")["Referrer-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert client.get("/admin/login/")["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Cross-Origin-Resource-Policy" not in response
