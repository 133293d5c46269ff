"""Pages are written, published and scheduled over API v3, with what the library says about their media."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from wagtail.models import Collection, CollectionViewRestriction, PageLogEntry

from blog.models import BlogIndexPage, Category, Person, PostPage
from cms.tasks import publish_scheduled_task
from media_library.models import CustomImage
from tests.api.v3.conftest import Bearer
from tests.blog.content import block, gallery_block, image_block, make_category, make_image, make_person, make_post

TEXT = block("rich_text", "<p>Blacks come <b>last</b>.</p>")


@pytest.fixture
def expired() -> CustomImage:
    return make_image("Harbour", expires_on=timezone.localdate() - timedelta(days=1))


def new_post(blog: BlogIndexPage, *, action: str | None = None, **values: object) -> dict[str, object]:
    meta = {"type": "blog.PostPage", "parent_id": blog.pk} | ({"action": action} if action else {})
    return {"meta": meta, "title": "Waiting", "summary": "Of patience.", "date": "2026-01-02"} | values


# Writing and publishing


def test_post_with_everything_in_it_is_published(chief: Bearer, blog: BlogIndexPage, photo: CustomImage):
    person, category = make_person(), make_category()
    body = [TEXT, image_block(photo), gallery_block(photo)]
    body[2]["value"] = [item["value"] for item in body[2]["value"]]

    response = chief.post(
        "pages/",
        new_post(
            blog,
            action="publish",
            featured_image_id=photo.pk,
            author_id=person.pk,
            category_id=category.pk,
            tags=["dawn", "black and white"],
            body=body,
        ),
    )

    assert response.status_code == 201, response.content
    post = PostPage.objects.get()
    assert (post.live, post.featured_image, post.author, post.category) == (True, photo, person, category)
    assert (post.title, post.slug, post.summary) == ("Waiting", "waiting", "Of patience.")
    assert sorted(post.tags.names()) == ["black and white", "dawn"]
    assert [one.block_type for one in post.body] == ["rich_text", "image", "gallery"]
    assert post.owner == chief.user
    assert PageLogEntry.objects.filter(page=post.pk, action="wagtail.publish", user=chief.user).exists()


def test_draft_is_seen_by_nobody_until_it_is_published(chief: Bearer, blog: BlogIndexPage, client: Client):
    post_id = chief.post("pages/", new_post(blog)).json()["id"]
    assert client.get(f"/api/v2/pages/{post_id}/").status_code == 404

    assert chief.post(f"pages/{post_id}/actions/publish/").status_code == 200
    assert client.get(f"/api/v2/pages/{post_id}/").status_code == 200


def test_what_is_not_sent_is_left_alone(chief: Bearer, blog: BlogIndexPage, photo: CustomImage):
    post = make_post(blog, body=[image_block(photo)], featured_image=photo, tags=("dawn",))

    response = chief.patch(f"pages/{post.pk}/", {"summary": "Shorter.", "meta": {"action": "publish"}})

    assert response.status_code == 200, response.content
    post = PostPage.objects.get()
    assert (post.summary, post.featured_image) == ("Shorter.", photo)
    assert [one.block_type for one in post.body] == ["image"]
    assert list(post.tags.names()) == ["dawn"]


def test_body_that_a_token_reads_can_be_sent_back(chief: Bearer, blog: BlogIndexPage, photo: CustomImage):
    body = [TEXT, image_block(photo, caption="Here"), gallery_block(photo, photo)]
    body += [block("heading", {"text": "Later", "level": "h2"}), block("code", {"language": "css", "code": "a {}"})]
    post = make_post(blog, body=body)

    read = chief.get(f"pages/{post.pk}/").json()["body"]
    response = chief.patch(f"pages/{post.pk}/", {"body": read, "meta": {"action": "publish"}})

    assert response.status_code == 200, response.content
    # Wagtail's editor gives each paragraph a key of its own.
    assert json.loads(re.sub(r' data-block-key=."\w+."', "", json.dumps(response.json()["body"]))) == read
    assert read[1]["value"] == {"image": photo.pk, "decorative": False, "alt_text": "Harbour here", "caption": "Here"}


def test_visitor_gets_whole_pictures_and_none_of_a_closed_collection(
    blog: BlogIndexPage, root_collection: Collection, client: Client
):
    closed = root_collection.add_child(name="Press")
    CollectionViewRestriction.objects.create(collection=closed, restriction_type=CollectionViewRestriction.LOGIN)
    body = [image_block(make_image("Open")), image_block(make_image("Secret", collection=closed))]
    post = make_post(blog, body=body)

    answer = client.get(f"/api/v3/pages/{post.pk}/")

    assert [one["value"]["title"] for one in answer.json()["body"]] == ["Open"]
    assert answer.json()["body"][0]["value"]["src"]
    assert "Secret" not in answer.content.decode()


def test_html_in_rich_text_is_cleaned(chief: Bearer, blog: BlogIndexPage):
    text = '<p onclick="x()">Hello<script>alert(1)</script><img src=x onerror=alert(1)></p>'

    response = chief.post("pages/", new_post(blog, action="publish", body=[{"type": "rich_text", "value": text}]))

    assert response.status_code == 201, response.content
    stored = str(PostPage.objects.get().body.raw_data[0]["value"])
    assert "Hello" in stored
    assert not [word for word in ("<script", "onclick", "onerror") if word in stored]


def test_media_of_others_are_not_brought_in(
    hired: Callable[..., Bearer], blog: BlogIndexPage, root_collection: Collection
):
    mine, archive = root_collection.add_child(name="Mine"), root_collection.add_child(name="Archive")
    rob = hired(
        ("wagtailcore.add_page", blog),
        ("wagtailimages.choose_image", mine),
    )
    theirs = make_image("Theirs", collection=archive)

    for values in ({"featured_image_id": theirs.pk}, {"body": [image_block(theirs)]}):
        response = rob.post("pages/", new_post(blog, **values))
        assert response.status_code == 422, response.content
        assert "may choose" in response.content.decode()
    assert not PostPage.objects.exists()


def test_writer_without_permission_to_publish_writes_drafts(hired: Callable[..., Bearer], blog: BlogIndexPage):
    rob = hired(("wagtailcore.add_page", blog))

    assert rob.post("pages/", new_post(blog, action="publish")).status_code == 403
    assert not PostPage.objects.exists()
    assert rob.post("pages/", new_post(blog)).status_code == 201
    assert not PostPage.objects.get().live


def test_people_and_categories_are_written_too(chief: Bearer, photo: CustomImage):
    person = chief.post("snippets/blog.Person/", {"name": "Ada", "slug": "ada", "portrait_id": photo.pk})
    category = chief.post("snippets/blog.Category/", {"name": "Technique", "slug": "technique"})

    assert (person.status_code, category.status_code) == (201, 201), person.content
    assert (Person.objects.get().portrait, Category.objects.get().name) == (photo, "Technique")


def test_what_is_wrong_in_a_body_is_told_with_its_place(chief: Bearer, blog: BlogIndexPage, photo: CustomImage):
    undescribed = block("image", {"image": photo.pk, "alt_text": "", "decorative": False, "caption": ""})
    gallery = block("gallery", [{"image": photo.pk, "alt_text": "Boats"}, {"image": photo.pk, "alt_text": ""}])

    response = chief.post("pages/", new_post(blog, action="publish", body=[TEXT, undescribed, gallery]))

    assert response.status_code == 422
    told = {error["msg"].partition(": ")[0]: error["msg"] for error in response.json()["errors"]}
    assert "alt text" in told["body.1.alt_text"]
    assert "alt text" in told["body.2.1.alt_text"]
    assert [error["loc"] for error in response.json()["errors"]] == [["body"], ["body"]]
    assert not PostPage.objects.exists()


def test_title_that_is_missing_is_told_by_its_name(chief: Bearer, blog: BlogIndexPage):
    response = chief.post("pages/", new_post(blog, title=""))

    assert ["title"] in [error["loc"] for error in response.json()["errors"]]


# Schedules


def test_page_is_scheduled_and_comes_by_itself(chief: Bearer, blog: BlogIndexPage, client: Client):
    soon = timezone.now().replace(microsecond=0) + timedelta(hours=1)

    response = chief.post("pages/", new_post(blog, action="publish", go_live_at=soon.isoformat()))

    assert response.status_code == 201, response.content
    post = PostPage.objects.get()
    assert not post.live
    revision = post.latest_revision
    assert revision.approved_go_live_at == parse_datetime(response.json()["go_live_at"])
    revision.approved_go_live_at = timezone.now() - timedelta(seconds=1)
    revision.content["go_live_at"] = revision.approved_go_live_at.isoformat()
    revision.save()
    publish_scheduled_task()
    assert client.get(f"/api/v2/pages/{post.pk}/").status_code == 200


def test_visitors_are_not_told_of_schedules_in_v2(chief: Bearer, blog: BlogIndexPage, client: Client):
    later = (timezone.now() + timedelta(days=9)).isoformat()
    post_id = chief.post("pages/", new_post(blog, action="publish", expire_at=later)).json()["id"]

    answer = client.get(f"/api/v2/pages/{post_id}/?fields=*").json()

    assert PostPage.objects.get().expire_at
    assert not {"go_live_at", "expire_at"} & (answer.keys() | answer["meta"].keys())


# What may not be shown


def test_page_with_media_that_may_not_be_shown_is_not_made(chief: Bearer, blog: BlogIndexPage, expired: CustomImage):
    response = chief.post("pages/", new_post(blog, action="publish", featured_image_id=expired.pk))

    assert (response.status_code, response["Content-Type"]) == (409, "application/problem+json")
    assert response.json()["code"] == "not_publishable"
    assert [one["id"] for one in response.json()["assets"]] == [expired.pk]
    assert not PostPage.objects.exists()


def test_change_that_brings_in_what_may_not_be_shown_leaves_the_page_as_it_was(
    chief: Bearer, blog: BlogIndexPage, expired: CustomImage
):
    post = make_post(blog)

    response = chief.patch(f"pages/{post.pk}/", {"body": [image_block(expired)], "meta": {"action": "publish"}})

    assert response.status_code == 409, response.content
    post.refresh_from_db()
    assert (post.live, len(post.body), post.revisions.count()) == (True, 0, 0)


def test_draft_with_media_that_may_not_be_shown_is_kept_and_not_published(
    chief: Bearer, blog: BlogIndexPage, expired: CustomImage
):
    created = chief.post("pages/", new_post(blog, body=[image_block(expired)]))
    assert created.status_code == 201, created.content

    response = chief.post(f"pages/{created.json()['id']}/actions/publish/")

    assert (response.status_code, response.json()["code"]) == (409, "not_publishable")
    assert not PostPage.objects.get().live
