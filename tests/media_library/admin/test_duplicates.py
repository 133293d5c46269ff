import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.models import Collection, ModelLogEntry, Page

from blog.models import BlogIndexPage, PostPage
from media_library import duplicates
from media_library.exceptions import NotMerged
from media_library.merging import merge, takes_over
from media_library.models import Asset, CustomDocument, CustomImage, DuplicatePair, MediaCollection
from tests.media import photo_bytes, photo_file, smaller

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(harbour, photo) -> tuple[CustomImage, CustomImage]:
    """A photograph and a smaller copy of it, in one folder."""
    CustomImage.objects.filter(pk=photo.pk).update(collection=harbour)
    copy = CustomImage(title="Copy", collection=harbour, file=ContentFile(smaller(photo_bytes()), name="copy.jpg"))
    copy.save()
    duplicates.find(copy.pk)
    photo.refresh_from_db()
    return photo, copy


@pytest.fixture
def post(pair, root_collection) -> PostPage:
    """A live post that shows the copy."""
    index = Page.get_first_root_node().add_child(instance=BlogIndexPage(title="Journal", slug="journal"))
    post = index.add_child(instance=PostPage(title="Low tide", slug="low-tide", featured_image=pair[1]))
    post.save_revision().publish()
    return post


@pytest.fixture
def editor(client, grant, harbour):
    client.force_login(grant(harbour, "wagtailimages.add_image", "wagtailimages.change_image"))
    return client


def merge_url(kept: Asset, other: Asset) -> str:
    return f"{reverse('media_library_merge')}?keep={kept.pk}&other={other.pk}"


def test_report_shows_both_and_says_which_is_best_kept(editor, pair):
    answer = editor.get(reverse("media_library_duplicates"))

    [group] = answer.context["groups"]
    assert [member.asset.pk for member in group.members] == [pair[0].pk, pair[1].pk]
    assert group.members[1].merge_url == merge_url(*pair)
    assert "Looks alike" in answer.content.decode()


@pytest.mark.parametrize(("sort", "number"), [("exact", 0), ("similar", 1), ("nonsense", 1), ("", 1)])
def test_report_can_be_narrowed_to_one_sort(editor, pair, sort, number):
    answer = editor.get(reverse("media_library_duplicates"), {"sort": sort, "p": "x"})

    assert len(answer.context["groups"]) == number


def test_what_is_used_more_is_best_kept(admin_client, pair, post):
    [group] = admin_client.get(reverse("media_library_duplicates")).context["groups"]

    assert [(member.asset.title, member.used) for member in group.members] == [("Copy", 1), ("Harbour", 0)]


def test_number_of_queries_does_not_grow_with_the_groups(admin_client, pair, harbour, django_assert_num_queries):
    url = reverse("media_library_duplicates")
    admin_client.get(url)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        admin_client.get(url)
    for number in range(6):
        for _ in range(2):
            name = f"{number}.txt"
            document = CustomDocument(title=name, collection=harbour, file=ContentFile(name.encode(), name=name))
            document.save()
        duplicates.find(document.pk)

    with django_assert_num_queries(len(few)):
        assert len(admin_client.get(url).context["groups"]) == 7


def test_other_half_of_a_pair_in_anothers_folder_is_not_told(editor, pair, archive):
    CustomImage.objects.filter(pk=pair[0].pk).update(collection=archive)

    assert editor.get(reverse("media_library_duplicates")).context["groups"] == []
    answer = editor.get(reverse("media_library_duplicates_of"), {"ids": pair[1].pk})
    assert answer.json() == {"items": []}
    assert editor.get(merge_url(*pair)).status_code == 404
    editor.post(reverse("media_library_not_duplicate"), {"ids": f"{pair[0].pk},{pair[1].pk}"})
    assert DuplicatePair.objects.get().dismissed_at is None


def test_not_a_duplicate_is_remembered_with_who_said_so(editor, pair):
    editor.post(reverse("media_library_not_duplicate"), {"ids": f"{pair[0].pk},{pair[1].pk}"})

    assert DuplicatePair.objects.get().dismissed_by.username == "edith"
    assert editor.get(reverse("media_library_duplicates")).context["groups"] == []


@pytest.mark.parametrize("ids", ["", "x", "1,,2", "9" * 30])
def test_ids_that_are_none_are_told(editor, pair, ids):
    assert editor.post(reverse("media_library_not_duplicate"), {"ids": ids}).status_code == 302
    assert editor.get(reverse("media_library_duplicates_of"), {"ids": ids}).status_code == 400


def test_pages_ask_for_the_duplicates_of_what_was_uploaded(editor, pair):
    answer = editor.get(reverse("media_library_duplicates_of"), {"ids": pair[1].pk})

    [item] = answer.json()["items"]
    [found] = item["duplicates"]
    assert (item["id"], found["id"], found["title"], found["is_exact"]) == (pair[1].pk, pair[0].pk, "Harbour", False)
    assert found["merge_url"] == merge_url(pair[0], pair[1])


def test_edit_page_says_what_it_looks_like(editor, pair):
    page = editor.get(reverse("wagtailimages:edit", args=[pair[1].pk])).content.decode()

    assert "This looks like something that is in the library already" in page
    # With the other one kept.
    assert merge_url(*pair).replace("&", "&amp;") in page
    assert reverse("media_library_versions", args=[pair[1].pk]) in page


def test_merge_page_offers_what_the_kept_one_lacks(editor, pair):
    CustomImage.objects.filter(pk=pair[1].pk).update(credit="Ada", alt_text="Boats")
    CustomImage.objects.filter(pk=pair[0].pk).update(alt_text="The harbour")

    choices = {one.name: one.chosen for one in editor.get(merge_url(*pair)).context["choices"]}

    assert choices == {"title": "kept", "alt_text": "kept", "credit": "other"}


def test_merging_rewrites_the_page_and_puts_the_other_in_the_trash(admin_client, admin_user, pair, post):
    kept, other = pair
    kept.tags.add("sea")
    other.tags.add("harbour")
    CustomImage.objects.filter(pk=other.pk).update(credit="Ada")

    answer = admin_client.post(merge_url(kept, other), {"field-credit": "other", "field-title": "kept"})

    assert answer.url == reverse("media_library_duplicates")
    kept, other = CustomImage.objects.get(pk=kept.pk), CustomImage.objects.get(pk=other.pk)
    assert PostPage.objects.get().featured_image_id == kept.pk
    assert other.trashed_at is not None and kept.trashed_at is None
    assert (kept.title, kept.credit, set(kept.tags.names())) == ("Harbour", "Ada", {"sea", "harbour"})
    [entry] = ModelLogEntry.objects.filter(action="media_library.merge")
    assert (entry.user, entry.data["other"]["id"], entry.data["places"]) == (admin_user, other.pk, 1)
    assert admin_client.get(reverse("media_library_duplicates")).context["groups"] == []


def test_place_that_the_user_may_not_change_keeps_both(editor, pair, post):
    answer = editor.post(merge_url(*pair), {"field-title": "other"})

    assert answer.status_code == 409
    assert "still used in places that could not be changed" in answer.content.decode()
    assert PostPage.objects.get().featured_image_id == pair[1].pk
    assert not Asset.objects.filter(trashed_at__isnull=False).exists()
    assert CustomImage.objects.get(pk=pair[0].pk).title == "Harbour"


def test_places_in_curated_collections_are_taken_over(pair, admin_user):
    from media_library import media_collections

    kept, other = pair
    collection = MediaCollection.objects.create(title="Regatta", slug="regatta")
    media_collections.add(collection, [other])

    merge(kept, other, admin_user)

    assert list(collection.items.values_list("asset", flat=True)) == [kept.pk]


def test_different_kinds_are_refused_with_a_sentence(admin_client, photo):
    document = CustomDocument(title="Prices", file=ContentFile(b"prices", name="prices.txt"))
    document.save()

    with pytest.raises(NotMerged, match="different kinds"):
        merge(photo, document)
    assert "different kinds" in admin_client.get(merge_url(photo, document)).content.decode()
    assert admin_client.post(merge_url(photo, document)).status_code == 409
    with pytest.raises(NotMerged, match="itself"):
        merge(photo, photo)


def test_only_empty_fields_are_taken_over(photo):
    other = CustomImage(title="Other", alt_text="Boats", credit="Ada", file=photo_file("b.jpg"))
    photo.alt_text = "The harbour"

    assert takes_over(photo, other) == ["credit"]


@pytest.mark.parametrize(
    "query", ["", "?keep=1", "?keep=x&other=2", f"?keep={'9' * 40}&other=1", "?keep=8888&other=9999"]
)
def test_merging_what_is_not_there_is_not_found(admin_client, query):
    assert admin_client.get(reverse("media_library_merge") + query).status_code == 404


def test_strangers_are_sent_to_the_login(client, pair):
    for name in ("duplicates", "duplicates_of", "merge"):
        assert client.get(reverse(f"media_library_{name}")).url.startswith("/admin/login/")
    assert client.post(reverse("media_library_not_duplicate")).url.startswith("/admin/login/")


def test_who_may_only_choose_sees_the_report_without_actions(client, grant, harbour: Collection, pair):
    client.force_login(grant(harbour, "wagtailimages.choose_image"))

    assert client.get(merge_url(*pair)).status_code == 302
