"""Redirects as editors write them."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect

from blog.models import BlogIndexPage
from tests.blog.content import make_post

ADD = "/admin/redirects/add/"


def write(client: Client, old_path: str, url: str = ADD, **values: str | int) -> str:
    """The text of the page that answers; empty where the redirect was taken."""
    data = {"old_path": old_path, "is_permanent": "on", "redirect_link": "", "redirect_page": ""} | values
    response = client.post(url, data)
    return "" if response.status_code == 302 else response.content.decode()


def test_redirect_is_written(admin_client: Client, blog: BlogIndexPage) -> None:
    assert reverse("wagtailredirects:add") == ADD
    post = make_post(blog, 1)
    assert write(admin_client, "/old/", redirect_page=post.pk) == ""
    assert write(admin_client, "/b", redirect_link="http://localhost/post-1/") == ""
    assert set(Redirect.objects.values_list("old_path", flat=True)) == {"/old", "/b"}


@pytest.mark.parametrize("target", ["http://localhost/a", "http://localhost/a/", "https://www.example.org/a"])
def test_redirect_that_leads_back_is_refused(target: str, admin_client: Client, blog: BlogIndexPage, settings) -> None:
    settings.FRONTEND_URL = "https://www.example.org"
    assert write(admin_client, "/a", redirect_link="http://localhost/b") == ""
    assert "in a circle" in write(admin_client, "/b", redirect_link=target)
    assert "in a circle" in write(admin_client, "/c", redirect_link="http://localhost/c")
    assert Redirect.objects.count() == 1


def test_redirect_is_not_changed_into_a_circle(admin_client: Client, blog: BlogIndexPage) -> None:
    Redirect.add_redirect("/a", "http://localhost/b")
    other = Redirect.add_redirect("/b", "https://elsewhere.example.org/")
    url = f"/admin/redirects/{other.pk}/"
    assert "in a circle" in write(admin_client, "/b", url, redirect_link="http://localhost/a")
    assert write(admin_client, "/b", url, redirect_link="https://elsewhere.example.org/new") == ""


def test_redirect_to_nowhere_is_refused(admin_client: Client, blog: BlogIndexPage) -> None:
    assert "Choose a page or write an address" in write(admin_client, "/a")


def test_same_path_on_another_host_is_no_circle(admin_client: Client, blog: BlogIndexPage) -> None:
    assert write(admin_client, "/a", redirect_link="https://elsewhere.example.org/a") == ""
