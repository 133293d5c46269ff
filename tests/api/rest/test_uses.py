"""Which objects use an asset, which assets an object uses, and what resembles one."""

from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from blog.models import BlogIndexPage, PostPage
from media_library import media_collections
from media_library.deletion import trash_asset
from media_library.models import Asset, CustomImage, Fingerprint, MediaCollection, UnusedAsset
from media_library.usage import record
from tests.api.rest.conftest import ApiClient
from tests.blog.content import block, make_image, make_person, make_post

pytestmark = pytest.mark.django_db

URL = "/api/media/"


def usage(client: ApiClient, asset: Asset) -> dict[str, Any]:
    response = client.get(f"{URL}{asset.pk}/usage/")
    assert response.status_code == 200, response.content
    return response.json()


def picture(image: CustomImage) -> dict[str, Any]:
    return block("image", {"image": image.pk, "alt_text": "", "decorative": False})


def used_by(client: ApiClient, model: str, object_id: object, **query: str) -> list[tuple[str, int]]:
    response = client.get(f"{URL}for/{model}/{object_id}/", query)
    assert response.status_code == 200, response.content
    return [(one["role"], one["asset"]["id"]) for one in response.json()["items"]]


def drafted(post: PostPage, *images: CustomImage) -> PostPage:
    post.body = PostPage._meta.get_field("body").stream_block.to_python([picture(one) for one in images])
    record(post.save_revision())
    return post


def test_places_of_use_say_where_and_since_when(admin_api: ApiClient, blog: BlogIndexPage) -> None:
    image = make_image()
    post = make_post(blog, body=[picture(image)])
    post.save_revision().publish()
    post = PostPage.objects.get(pk=post.pk)
    drafted(make_post(blog, 2), image)
    found = usage(admin_api, image)
    assert (found["number"], found["hidden"]) == (2, 0)
    live, draft = found["items"]
    assert (live["model"], live["id"]) == ("blog.PostPage", str(post.pk))
    assert (live["title"], live["state"]) == ("Post 1", "live")
    assert live["fields"][0]["role"] == "body.image.image"
    assert live["fields"][0]["name"].startswith("Body → ")
    assert f"/{post.pk}/" in live["admin_url"]
    assert live["since"] and draft["since"]
    assert (draft["title"], draft["state"]) == ("Post 2", "draft")
    assert found["last_used_at"] == max(live["since"], draft["since"])


def test_what_nothing_uses_says_when_that_was_noticed(admin_api: ApiClient) -> None:
    image, noted = make_image(), timezone.now()
    assert usage(admin_api, image) == {"number": 0, "hidden": 0, "last_used_at": None, "items": []}
    UnusedAsset.objects.create(asset_id=image.pk, since=noted)
    assert usage(admin_api, image)["last_used_at"][:19] == noted.isoformat()[:19]


def test_what_the_user_may_not_see_is_counted_and_not_named(
    writer_api: ApiClient, press: Collection, blog: BlogIndexPage
) -> None:
    image = make_image(collection=press)
    drafted(make_post(blog), image)
    found = usage(writer_api, image)
    assert (found["number"], found["hidden"], found["items"]) == (1, 1, [])
    assert "Post 1" not in str(found)


def test_usage_is_told_to_nobody_in_particular(anybody: ApiClient) -> None:
    assert anybody.get(f"{URL}{make_image().pk}/usage/").status_code == 401


def test_the_media_of_a_page_come_in_the_order_of_its_content(anybody: ApiClient, blog: BlogIndexPage) -> None:
    first, second, third = make_image("First"), make_image("Second"), make_image("Third")
    post = make_post(blog, body=[picture(third), picture(first), picture(second), picture(third)])
    found = used_by(anybody, "blog.PostPage", post.pk)
    assert found == [("body.image.image", pk) for pk in (third.pk, first.pk, second.pk, third.pk)]
    assert used_by(anybody, "wagtailcore.Page", post.pk) == found


def test_drafts_are_for_those_who_may_see_them(
    admin_api: ApiClient, writer_api: ApiClient, anybody: ApiClient, blog: BlogIndexPage
) -> None:
    old, new = make_image("Old"), make_image("New")
    post = drafted(make_post(blog, body=[picture(old)]), new)
    for client, status in ((anybody, 404), (writer_api, 404), (admin_api, 200)):
        assert client.get(f"{URL}for/blog.PostPage/{post.pk}/?draft=true").status_code == status
    assert used_by(admin_api, "blog.PostPage", post.pk, draft="true") == [("body.image.image", new.pk)]
    assert used_by(admin_api, "blog.PostPage", post.pk) == [("body.image.image", old.pk)]


def test_pages_that_are_not_public_are_not_there(anybody: ApiClient, blog: BlogIndexPage) -> None:
    restricted, unpublished = make_post(blog, 1, body=[picture(make_image())]), make_post(blog, 2, live=False)
    PageViewRestriction.objects.create(page=restricted, restriction_type=PageViewRestriction.LOGIN)
    for page in (restricted, unpublished):
        assert anybody.get(f"{URL}for/blog.PostPage/{page.pk}/").status_code == 404


def test_other_objects_are_for_those_who_work_with_them(admin_api: ApiClient, anybody: ApiClient) -> None:
    image = make_image()
    person = make_person(portrait=image)
    assert used_by(admin_api, "blog.Person", person.pk) == [("portrait", image.pk)]
    assert anybody.get(f"{URL}for/blog.Person/{person.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("model", "object_id"),
    [
        ("blog.PostPage", "999999"),
        ("blog.PostPage", "x"),
        ("blog.PostPage", "9" * 30),
        ("blog.PostPage", "-1"),
        ("blog.PostPage", "%00"),
        ("blog.Nothing", "1"),
        ("nothing.Post", "1"),
        ("PostPage", "1"),
        ("cms.User", "1"),
        ("a.b.c", "1"),
        ("..%2f..%2fetc", "1"),
        ("%00.a", "1"),
    ],
)
def test_objects_that_are_none_are_not_found(admin_api: ApiClient, model: str, object_id: str) -> None:
    assert admin_api.get(f"{URL}for/{model}/{object_id}/").status_code == 404


def test_related_assets_come_with_the_reasons(admin_api: ApiClient, blog: BlogIndexPage, press: Collection) -> None:
    now = timezone.now()
    names = ("Chosen", "Copy", "Alike", "Moment", "Place", "Tagged", "Together", "Other")
    chosen, copy, alike, moment, place, tagged, together, other = images = [
        make_image(name, size=48 if name == "Alike" else 48 + 16 * number) for number, name in enumerate(names)
    ]
    Asset.objects.filter(pk=alike.pk).update(file_hash="other")
    Fingerprint.objects.exclude(asset__in=[chosen.pk, alike.pk]).delete()
    Asset.objects.filter(pk=copy.pk).update(file_hash=chosen.file_hash)
    Asset.objects.filter(pk__in=[chosen.pk, moment.pk]).update(taken_at=now)
    for image in (chosen, place):
        CustomImage.objects.filter(pk=image.pk).update(metadata={"city": "Stralsund"})
        CustomImage.objects.get(pk=image.pk).save()
    for image in (chosen, tagged):
        image.tags.add("sea")
    make_post(blog, body=[picture(chosen), picture(together)])
    items = admin_api.get(f"{URL}{chosen.pk}/related/").json()["items"]
    found = {one["asset"]["title"]: {reason["code"] for reason in one["reasons"]} for one in items}
    assert found == {
        "Copy": {"same_file"},
        "Alike": {"looks_alike"},
        "Moment": {"same_time"},
        "Place": {"same_place"},
        "Tagged": {"same_tags"},
        "Together": {"used_together"},
    }
    assert [one["asset"]["title"] for one in items][:2] == ["Copy", "Alike"]
    assert "tagged sea" in str(items)
    assert len(images) == 8 and other.title not in found


def test_what_is_in_one_set_was_used_together(admin_api: ApiClient) -> None:
    chosen, other = make_image("Chosen"), make_image("Other", size=96)
    Fingerprint.objects.all().delete()
    media_collections.add(MediaCollection.objects.create(title="Summer"), [chosen, other])
    items = admin_api.get(f"{URL}{chosen.pk}/related/").json()["items"]
    assert [(one["asset"]["id"], one["reasons"][0]["code"]) for one in items] == [(other.pk, "used_together")]


def test_a_writer_is_shown_nothing_related_from_elsewhere(writer_api: ApiClient, press: Collection) -> None:
    chosen = make_image(collection=press)
    make_image("Elsewhere")
    assert writer_api.get(f"{URL}{chosen.pk}/related/").json() == {"items": []}


def test_visitors_are_told_what_is_related_as_far_as_they_may_see_it(anybody: ApiClient, press: Collection) -> None:
    chosen, public, closed, gone = (make_image(name) for name in ("Chosen", "Public", "Closed", "Gone"))
    Asset.objects.filter(pk=closed.pk).update(collection=press)
    CollectionViewRestriction.objects.create(collection=press, restriction_type="login")
    trash_asset(gone)
    [item] = anybody.get(f"{URL}{chosen.pk}/related/").json()["items"]
    assert (item["asset"]["id"], item["reasons"][0]["code"], item["score"]) == (public.pk, "same_file", 1)
    assert [anybody.get(f"{URL}{pk}/related/").status_code for pk in (closed.pk, gone.pk, 10**9, 10**30)] == [404] * 4


@pytest.mark.parametrize("query", ["limit=0", "limit=51", "limit=many", "score=1"])
def test_what_is_asked_of_related_media_in_vain_is_refused(anybody: ApiClient, query: str) -> None:
    assert anybody.get(f"{URL}{make_image().pk}/related/?{query}").status_code == 422
