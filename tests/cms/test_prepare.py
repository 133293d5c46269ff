from io import StringIO

import pytest
from django.core.management import call_command
from wagtail.models import Site

from blog.models import (
    BlogIndexPage,
    EventPage,
    FormPage,
    GalleryPage,
    LandingPage,
    PersonPage,
    PostPage,
)
from cms.models import User
from media_library.models import CustomImage, Video

pytestmark = pytest.mark.django_db


def _prepare(**options) -> str:
    output = StringIO()
    call_command("prepare", stdout=output, **options)
    return output.getvalue()


def test_login_is_created_with_a_random_password_that_is_printed(monkeypatch):
    monkeypatch.delenv("ADMIN_PASSWORD", raising=False)

    output = _prepare(no_demo=True)

    password = output.split("admin, password ")[1].split()[0]
    assert User.objects.get(username="admin").check_password(password)


def test_password_from_the_environment_is_not_printed(monkeypatch):
    monkeypatch.setenv("ADMIN_PASSWORD", "correct horse")

    output = _prepare(no_demo=True)

    assert User.objects.get(username="admin").check_password("correct horse")
    assert "correct horse" not in output


def test_second_start_keeps_the_password(monkeypatch):
    monkeypatch.setenv("ADMIN_PASSWORD", "first")
    _prepare(no_demo=True)
    monkeypatch.setenv("ADMIN_PASSWORD", "second")

    _prepare(no_demo=True)

    assert User.objects.get(username="admin").check_password("first")


def test_urls_are_printed(settings):
    assert f"{settings.BASE_URL}/admin/" in _prepare(no_demo=True)


@pytest.fixture
def small_demo(monkeypatch):
    """The demo with small pictures and a short film: what is drawn is the same."""
    from cms.demo import site
    from cms.demo.film import write_film

    monkeypatch.setattr(site, "PHOTO_SIZE", (300, 200))
    monkeypatch.setattr(site, "write_film", lambda path: write_film(path, seconds=1, size=(320, 180), fps=12))


def test_demo_is_a_site_with_posts_pictures_and_a_film(small_demo, client):
    _prepare()

    assert Site.objects.get(is_default_site=True).root_page.specific == BlogIndexPage.objects.get()
    assert PostPage.objects.live().count() == 4
    assert CustomImage.objects.exclude(alt_text="").count() == CustomImage.objects.count() >= 5
    assert Video.objects.count() == 1
    assert client.get("/").status_code == 200


def test_demo_shows_every_type_of_page(small_demo, client):
    _prepare()

    for model in (EventPage, FormPage, GalleryPage, LandingPage, PersonPage, PostPage):
        assert client.get(model.objects.live().first().url).status_code == 200, model
    tree = [(one["name"], one["depth"]) for one in client.get("/api/v2/categories/").json()["items"]]
    assert tree[:3] == [("Field notes", 0), ("Mountains", 1), ("Coast", 1)]
    menu = client.get("/api/v2/site/").json()["menus"]["main"]
    assert [entry["label"] for entry in menu] == ["Journal", "Seven places", "Available light, on paper", "About us"]


def test_second_start_adds_nothing(small_demo):
    _prepare()
    before = CustomImage.objects.count()

    _prepare()

    assert (CustomImage.objects.count(), BlogIndexPage.objects.count()) == (before, 1)
