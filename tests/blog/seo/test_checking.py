"""What the editor's panel is told while somebody types."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import Site

from blog.models import BlogIndexPage, SiteSettings
from cms.models import User
from tests.blog.content import make_image, make_post

FETCHED = {"X-Requested-With": "XMLHttpRequest"}


def ask(client: Client, **query: Any) -> dict[str, Any]:
    response = client.get("/admin/seo/check/", query)
    assert response.status_code == 200, response.content
    return response.json()


def test_pages_beside_it_that_say_the_same_are_named(admin_client: Client, blog: BlogIndexPage) -> None:
    post = make_post(blog, 1)
    make_post(blog, 2, title="Tide", search_description="Water.")
    told = ask(admin_client, page=post.pk, parent=blog.pk, title=" tide ", description="water.")
    assert (told["same_title"], told["same_description"]) == ("Tide", "Tide")


def test_page_is_not_compared_with_itself(admin_client: Client, blog: BlogIndexPage) -> None:
    post = make_post(blog, 1)
    assert ask(admin_client, page=post.pk, parent=blog.pk, title="Post 1")["same_title"] is None


def test_picture_is_told_with_its_size_and_alt_text(admin_client: Client, blog: BlogIndexPage) -> None:
    small, large = make_image("Small", size=300, alt_text=""), make_image("Large", size=1400, alt_text="Boats")
    told = ask(admin_client, parent=blog.pk, picture=small.pk)["picture"]
    assert (told["is_small"], told["has_alt"]) == (True, False)
    told = ask(admin_client, parent=blog.pk, picture=large.pk)["picture"]
    assert (told["is_small"], told["has_alt"]) == (False, True)


def test_without_a_picture_that_of_the_site_is_told(admin_client: Client, blog: BlogIndexPage) -> None:
    assert ask(admin_client, parent=blog.pk)["picture"] is None
    site = Site.objects.get(is_default_site=True)
    SiteSettings.objects.create(site=site, social_image=make_image("Ours", size=300))
    assert ask(admin_client, parent=blog.pk)["picture"]["src"]


def test_title_that_the_font_cannot_write_is_told(admin_client: Client, blog: BlogIndexPage) -> None:
    assert ask(admin_client, parent=blog.pk, title="日本語")["is_drawable"] is False
    assert ask(admin_client, parent=blog.pk, title="Łódź")["is_drawable"] is True


@pytest.mark.parametrize("number", ["", "x", "-1", "²", "9" * 40, "0", "999999"])
def test_numbers_that_are_none_are_refused_or_ignored(number: str, admin_client: Client, blog: BlogIndexPage) -> None:
    query = {"page": number, "parent": number, "picture": number}
    assert admin_client.get("/admin/seo/check/", query, headers=FETCHED).status_code == 403
    assert ask(admin_client, parent=blog.pk, picture=number)["picture"] is None


def test_whoever_may_not_edit_there_is_told_nothing(client: Client, blog: BlogIndexPage) -> None:
    user = User.objects.create_user("bo", "bo@example.org", "a long password")
    group = Group.objects.create(name="Visitors of the admin")
    group.permissions.add(*Group.objects.get(name="Editors").permissions.filter(codename="access_admin"))
    user.groups.add(group)
    client.force_login(user)
    assert (
        client.get(
            "/admin/seo/check/", {"parent": blog.pk}, headers={"X-Requested-With": "XMLHttpRequest"}
        ).status_code
        == 403
    )
    client.logout()
    assert client.get("/admin/seo/check/", {"parent": blog.pk}).status_code == 302


@pytest.mark.parametrize("model", ["postpage", "landingpage", "eventpage", "formpage", "personpage", "gallerypage"])
def test_form_of_a_page_that_is_added_has_the_panel(model: str, admin_client: Client, blog: BlogIndexPage) -> None:
    html = admin_client.get(f"/admin/pages/add/blog/{model}/{blog.pk}/").content.decode()
    assert 'data-seo-panel-above-value="http://localhost/"' in html
    assert f'data-seo-panel-parent-value="{blog.pk}"' in html


def test_forms_of_a_page_and_of_the_home_page_have_the_panel(admin_client: Client, blog: BlogIndexPage) -> None:
    post = make_post(blog, 1)
    html = admin_client.get(f"/admin/pages/{post.pk}/edit/").content.decode()
    assert 'data-seo-panel-above-value="http://localhost/"' in html
    assert f'data-seo-panel-page-value="{post.pk}"' in html
    html = admin_client.get(f"/admin/pages/{blog.pk}/edit/").content.decode()
    assert 'data-seo-panel-home-value="true"' in html
