"""Languages by the environment, and in addresses."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from wagtail.users.models import UserProfile

from blog.models import BlogIndexPage
from cms.languages import languages as named
from tests.blog.content import make_blog, make_post
from tests.languages import languages, translate  # noqa: F401


@pytest.fixture
def blog(db: None) -> BlogIndexPage:
    return make_blog()


def test_languages_have_their_names() -> None:
    assert named(["en", " pt-BR", "ar", "en"]) == [
        ("en", "English"),
        ("pt-br", "Brazilian Portuguese"),
        ("ar", "Arabic"),
    ]


@pytest.mark.parametrize("codes", [["en", "klingon"], [], [" "]])
def test_a_language_that_is_none_is_refused(codes: list[str]) -> None:
    with pytest.raises(ImproperlyConfigured, match="LANGUAGES must name languages"):
        named(codes)


@pytest.mark.usefixtures("languages")
def test_templates_are_in_the_language_of_the_page(client: Client, blog: BlogIndexPage) -> None:
    post = make_post(blog, 1)
    translate(post, "de", slug="beitrag-1", title="Beitrag 1")
    translate(post, "ar", slug="arabic", title="مقالة")
    english = client.get("/post-1/").content.decode()
    assert '<html lang="en" dir="ltr">' in english
    assert '<link rel="alternate" hreflang="de" href="http://localhost/de/beitrag-1/">' in english
    assert '<link rel="alternate" hreflang="x-default" href="http://localhost/post-1/">' in english
    german = client.get("/de/beitrag-1/").content.decode()
    assert '<html lang="de" dir="ltr">' in german
    assert "Beitrag 1" in german
    assert '<html lang="ar" dir="rtl">' in client.get("/ar/arabic/").content.decode()


@pytest.mark.usefixtures("languages")
def test_language_of_the_browser_changes_nothing(client: Client, blog: BlogIndexPage) -> None:
    make_post(blog, 1)
    response = client.get("/post-1/", headers={"accept-language": "de"})
    assert '<html lang="en"' in response.content.decode()
    assert "Accept-Language" not in response.get("Vary", "")


def test_with_one_language_nothing_of_others_is_seen(
    client: Client, admin_client: Client, blog: BlogIndexPage
) -> None:
    make_post(blog, 1)
    assert "hreflang" not in client.get("/post-1/").content.decode()
    assert client.get("/en/post-1/").status_code == 404
    assert client.get("/de/post-1/", headers={"accept-language": "de"}).status_code == 404
    home = admin_client.get("/admin/").content.decode()
    assert "/admin/locales/" not in home
    listing = admin_client.get(f"/admin/pages/{blog.pk}/").content.decode()
    assert "Translate" not in listing


def test_admin_in_another_language_gives_pages_their_own_addresses(
    admin_client: Client, admin_user, blog: BlogIndexPage
) -> None:
    post = make_post(blog, 1)
    profile = UserProfile.get_for_user(admin_user)
    profile.preferred_language = "de"
    profile.save()
    html = admin_client.get(f"/admin/pages/{blog.pk}/").content.decode()
    assert 'href="/post-1/"' in html
    assert f"/de{post.url}" not in html


@pytest.mark.usefixtures("languages")
def test_editors_find_locales_and_translate(admin_client: Client, blog: BlogIndexPage) -> None:
    make_post(blog, 1)
    assert "/admin/locales/" in admin_client.get("/admin/").content.decode()
    assert "Translate" in admin_client.get(f"/admin/pages/{blog.pk}/").content.decode()
