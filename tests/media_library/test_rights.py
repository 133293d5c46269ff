"""Until when an asset may be shown, and what is published meanwhile."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format
from pytest_django.fixtures import Settings
from wagtail.models import PageLogEntry, Revision

from blog.models import BlogIndexPage
from cms.models import User
from cms.tasks import publish_scheduled_task
from media_library import rights
from media_library.exceptions import NotPublishable
from media_library.models import Asset, CustomImage
from media_library.publishing import concerns, obstacles
from media_library.publishing.waiting import LOG_HELD_BACK
from tests.blog.content import (
    block,
    gallery_block,
    make_blog,
    make_category,
    make_image,
    make_person,
    make_post,
    one_of_each,
    rich_text_block,
)
from tests.blog.content import embedded as in_text

pytestmark = pytest.mark.django_db


def in_days(number: int):
    return timezone.localdate() + timedelta(days=number)


@pytest.fixture
def blog(db: None) -> BlogIndexPage:
    return make_blog()


@pytest.fixture
def expired() -> CustomImage:
    return make_image("Harbour", expires_on=in_days(-1))


def test_the_last_day_is_one_on_which_it_may_be_shown(blog):
    post = make_post(blog, 1, body=one_of_each(make_image("Harbour", expires_on=in_days(0))))

    assert obstacles(post) == []
    assert [one.asset.title for one in obstacles(post, in_days(1))] == ["Harbour"]


def test_what_ends_soon_is_told_and_does_not_block(blog, settings: Settings):
    settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY | {"EXPIRY_WARNING_DAYS": 10}
    post = make_post(blog, 1, featured_image=make_image("Soon", expires_on=in_days(10)))
    later = make_post(blog, 2, featured_image=make_image("Later", expires_on=in_days(11)))

    assert [(one.asset.title, one.blocks) for one in concerns(post)] == [("Soon", False)]
    assert concerns(later) == []


@pytest.mark.parametrize("place", ["field", "gallery", "text"])
def test_a_page_that_uses_it_anywhere_is_not_published(place, blog, expired):
    post = make_post(blog, 1)
    if place == "field":
        post.featured_image = expired
    else:
        raw = gallery_block(expired) if place == "gallery" else rich_text_block(in_text(expired))
        post.body = post.body.stream_block.to_python([raw])
    revision = post.save_revision()

    with pytest.raises(NotPublishable) as refusal:
        revision.publish()

    assert date_format(expired.expires_on) in str(refusal.value)
    post.refresh_from_db()
    assert post.featured_image is None
    assert post.has_unpublished_changes


def test_what_a_snippet_shows_stands_on_the_page_too(blog, expired):
    post = make_post(blog, 1)
    post.author = make_person(portrait=expired)

    with pytest.raises(NotPublishable) as refusal:
        post.save_revision().publish()

    assert "It stands in “Ada Example”." in str(refusal.value)
    assert [one.asset.pk for one in refusal.value.obstacles] == [expired.pk]


def test_what_stands_on_the_page_itself_is_told_without_its_snippets(blog, expired):
    post = make_post(blog, 1)
    post.author, post.featured_image = make_person(portrait=expired), expired

    (obstacle,) = obstacles(post)

    assert "It stands in" not in obstacle.sentence


def test_what_other_pages_show_is_theirs(blog, expired):
    other = make_post(blog, 1, featured_image=expired)

    assert obstacles(make_post(blog, 2, body=one_of_each(make_image("Quay"), link=other))) == []


def test_snippets_cost_one_query_however_many_they_are(blog):
    post = make_post(blog, 1)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            obstacles(post)
        return len(asked)

    before = queries()
    post.author, post.category = make_person(), make_category()

    assert queries() == before + 1


def test_nothing_is_scheduled_for_a_day_after_it(blog):
    image = make_image("Harbour", expires_on=in_days(3))
    post = make_post(blog, 1)
    post.featured_image, post.go_live_at = image, timezone.now() + timedelta(days=5)
    revision = post.save_revision()

    with pytest.raises(NotPublishable):
        revision.publish()

    post.go_live_at = timezone.now() + timedelta(days=2)
    post.save_revision().publish()
    assert Revision.objects.filter(approved_go_live_at__isnull=False).count() == 1


def test_a_live_page_stays_live_and_may_be_saved_as_a_draft(blog, client):
    image = make_image("Harbour")
    post = make_post(blog, 1, featured_image=image)
    Asset.objects.filter(pk=image.pk).update(expires_on=in_days(-1))

    post.title = "Another"
    post.save_revision()
    post.refresh_from_db()

    assert post.live
    assert client.get(f"/api/v2/pages/{post.pk}/").json()["featured_image"]["title"] == "Harbour"


def test_scheduled_pages_are_held_back_and_their_editor_is_told(blog):
    editor = User.objects.create_user("edith", "edith@example.org", "a long password")
    image = make_image("Harbour")
    held, free = make_post(blog, 1, live=False), make_post(blog, 2, live=False)
    for post in (held, free):
        post.featured_image = image if post is held else None
        post.go_live_at = timezone.now() + timedelta(days=1)
        post.save_revision(user=editor).publish()
    Asset.objects.filter(pk=image.pk).update(expires_on=in_days(-1))
    Revision.objects.update(approved_go_live_at=timezone.now() - timedelta(minutes=1))
    for revision in Revision.objects.all():
        revision.content["go_live_at"] = None
        revision.save()

    publish_scheduled_task()

    held.refresh_from_db()
    free.refresh_from_db()
    assert (held.live, free.live) == (False, True)
    assert PageLogEntry.objects.filter(page=held, action=LOG_HELD_BACK).exists()
    assert [(one.to, "Harbour" in one.body) for one in mail.outbox if "Post 1" in one.subject] == [
        (["edith@example.org"], True)
    ]


def test_expired_items_leave_public_collections(client):
    from media_library import media_collections
    from media_library.models import MediaCollection

    collection = MediaCollection.objects.create(title="Summer", is_public=True)
    media_collections.add(
        collection, [make_image("Over", expires_on=in_days(-1)), make_image("Last day", expires_on=in_days(0))]
    )

    shown = client.get(f"/api/v2/collections/{collection.pk}/").json()

    assert ([one["title"] for one in shown["items"]], shown["count"], shown["cover"]["title"]) == (
        ["Last day"],
        1,
        "Last day",
    )


def test_known_licences_lead_to_their_text():
    assert rights.licence_url("cc  by-sa 4.0") == "https://creativecommons.org/licenses/by-sa/4.0/"
    assert rights.licence_url("By permission of the harbour master") == ""


def test_who_may_be_shown_and_where_it_comes_from_is_never_public(client):
    image = make_image("Harbour", source="A fisherman", legal_basis="consent", model_release="signed")

    shown = client.get(f"/api/v2/images/{image.pk}/?fields=*").content.decode()

    assert "fisherman" not in shown
    assert "consent" not in shown and "model_release" not in shown
    assert client.get("/api/v2/images/?search=fisherman").json()["items"] == []


def test_blocks_of_other_pages_are_left_alone(blog, expired):
    make_post(blog, 1, body=[block("heading", {"text": "At sea", "level": "h2"})]).save_revision().publish()


def test_a_known_licence_is_a_link_below_the_picture():
    image = make_image("Harbour", licence="CC BY 4.0")
    shown = render_to_string("blog/blocks/caption.html", {"asset": image})
    assert '<a href="https://creativecommons.org/licenses/by/4.0/" rel="license">CC BY 4.0</a>' in shown
