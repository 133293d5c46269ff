"""Bulk actions, as the browser asks for them: on a selection, and on all that match the library's filters."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Collection

from cms.models import User
from media_library import tasks
from media_library.models import Asset, BulkOperation, CustomDocument, CustomImage, MediaCollection, ProcessingJob
from tests.blog.content import make_blog, make_person, make_post
from tests.media_library.bulk.conftest import make_documents, work

__all__ = ["make_documents", "work"]

pytestmark = pytest.mark.django_db

State = BulkOperation.State


@pytest.fixture(autouse=True)
def sent(monkeypatch) -> list[str]:
    """What workers were told of."""
    sent: list[str] = []
    monkeypatch.setattr(tasks.run_bulk_operation_task, "delay", sent.append)
    monkeypatch.setattr("media_library.bulk.running.PAUSE", 0)
    return sent


def chosen(*assets: Asset) -> dict[str, str]:
    return {"ids": ",".join(str(asset.pk) for asset in assets)}


def all_that_match(query: str) -> dict[str, str]:
    return {"all": "true", "query": query}


def ask(client: Client, action: str, selection: dict, status: int = 200) -> str:
    response = client.post(reverse("media_library_bulk", args=(action,)), selection)
    assert response.status_code == status
    return response.content.decode()


def do(client: Client, action: str, selection: dict, **fields: object) -> dict:
    data = selection | {"start": "true"} | {f"bulk-{name}": value for name, value in fields.items()}
    response = client.post(reverse("media_library_bulk", args=(action,)), data)
    assert response.status_code == 200, response.content.decode()
    return response.json()


def test_selection_is_tagged_at_once(admin_client: Client, make_documents: Callable, sent: list):
    tides, prices, other = make_documents("Tides", "Prices", "Other")

    answer = do(admin_client, "tag", chosen(tides, prices), tags='fog, "low tide"')

    assert (answer["is_finished"], answer["failed"], answer["message"]) == (True, 0, "2 files have been changed.")
    assert set(prices.tags.names()) == {"fog", "low tide"}
    assert not other.tags.exists()
    assert sent == []


def test_all_that_match_the_filters_are_tagged_by_a_worker(
    admin_client: Client, make_documents: Callable, photo: CustomImage, sent: list, settings, work: Callable
):
    settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY | {"BULK_AT_ONCE": 1}
    make_documents("Tides", "Prices")

    answer = do(admin_client, "tag", all_that_match("?kind=document"), tags="fog")

    operation = BulkOperation.objects.get()
    assert (answer["is_finished"], sent) == (False, [str(operation.pk)])
    assert answer["url"] == reverse("media_library_operation", args=(operation.pk,))
    assert work(operation) == []
    assert set(Asset.objects.filter(tags__name="fog").values_list("kind", flat=True)) == {"document"}


def test_filters_that_are_wrong_match_nothing(admin_client: Client, make_documents: Callable):
    make_documents("Tides")

    assert "There is nothing to do" in ask(admin_client, "tag", all_that_match("kind=nonsense"))


def test_selection_is_moved(admin_client: Client, make_documents: Callable, harbour: Collection):
    (tides,) = make_documents("Tides")

    do(admin_client, "move", chosen(tides), collection=harbour.pk)

    tides.refresh_from_db()
    assert tides.collection == harbour


def test_only_collections_where_the_user_may_add_are_offered(
    client: Client, grant: Callable[..., User], harbour: Collection, archive: Collection, make_documents: Callable
):
    (tides,) = make_documents("Tides", collection=harbour)
    client.force_login(grant(harbour, "wagtaildocs.add_document", "wagtaildocs.change_document"))

    assert "Archive" not in ask(client, "move", chosen(tides))
    fields = chosen(tides) | {"start": "true", "bulk-collection": archive.pk}
    response = client.post(reverse("media_library_bulk", args=("move",)), fields)

    assert response.status_code == 422
    assert not BulkOperation.objects.exists()


def test_tags_of_the_selection_are_offered_for_removing(admin_client: Client, make_documents: Callable):
    tides, prices, other = make_documents("Tides", "Prices", "Other")
    tides.tags.add("fog", "night")
    prices.tags.add("fog")
    other.tags.add("elsewhere")

    form = ask(admin_client, "untag", chosen(tides, prices))
    do(admin_client, "untag", chosen(tides, prices), tags=["fog"])

    assert "fog (2)" in form
    assert "elsewhere" not in form
    assert [list(one.tags.names()) for one in (tides, prices)] == [["night"], []]


def test_only_ticked_rights_are_set(admin_client: Client, make_documents: Callable):
    (tides,) = make_documents("Tides")
    CustomDocument.objects.update(credit="Ada")

    do(admin_client, "rights", chosen(tides), set_licence="on", licence="CC0", credit="Bob", expires_on="2027-01-31")

    tides.refresh_from_db()
    assert (tides.licence, tides.credit, tides.expires_on) == ("CC0", "Ada", None)


def test_rights_need_something_ticked_and_right(admin_client: Client, make_documents: Callable):
    (tides,) = make_documents("Tides")
    url = reverse("media_library_bulk", args=("rights",))

    nothing = admin_client.post(url, chosen(tides) | {"start": "true", "bulk-licence": "CC0"})
    wrong = {"start": "true", "bulk-set_expires_on": "on", "bulk-expires_on": "soon"}
    no_date = admin_client.post(url, chosen(tides) | wrong)

    assert (nothing.status_code, no_date.status_code) == (422, 422)
    assert "Choose at least one field to set." in nothing.content.decode()
    assert "Enter a valid date." in no_date.content.decode()


def test_selection_comes_into_a_new_media_collection_in_its_order(admin_client: Client, make_documents: Callable):
    tides, prices = make_documents("Tides", "Prices")

    do(admin_client, "collect", chosen(prices, tides), new="Press kit")

    items = MediaCollection.objects.get(title="Press kit").items.order_by("sort_order")
    assert [item.asset_id for item in items] == [prices.pk, tides.pk]


def test_selection_is_developed_again_without_its_documents(
    admin_client: Client, make_documents: Callable, photo: CustomImage, develop: Callable
):
    develop(photo)
    (tides,) = make_documents("Tides")

    do(admin_client, "develop", chosen(tides, photo))

    assert ProcessingJob.objects.get().asset_id == photo.pk
    assert BulkOperation.objects.get().left_out == 1


def test_dialog_of_deleting_says_what_is_used_and_where(
    admin_client: Client, make_documents: Callable, photo: CustomImage
):
    make_post(make_blog(), 1, featured_image=photo)
    (tides,) = make_documents("Tides")

    form = ask(admin_client, "delete", chosen(photo, tides))

    assert "Post 1</a>" in form
    assert "This file will be deleted" in form
    assert "Delete: 1 file\n" in form


def test_dialog_of_deleting_many_gives_figures(
    admin_client: Client, make_documents: Callable, photo: CustomImage, settings
):
    settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY | {"BULK_AT_ONCE": 1}
    make_person(portrait=photo)
    make_documents("Tides")

    assert "1 of 2 is used, and will stay." in ask(admin_client, "delete", all_that_match(""))


def test_what_is_used_is_refused_and_explained(admin_client: Client, make_documents: Callable, photo: CustomImage):
    make_post(make_blog(), 1, featured_image=photo)
    (tides,) = make_documents("Tides")

    answer = do(admin_client, "delete", chosen(photo, tides))
    panel = admin_client.get(f"{answer['url']}panel/").content.decode()

    assert answer["message"] == "1 file is in the trash. 1 stays as it was."
    assert "“Harbour” is used in 1 place" in panel
    assert reverse("wagtailimages:image_usage", args=(photo.pk,)) in panel
    assert admin_client.get(answer["url"]).status_code == 200


def test_deletion_is_undone(admin_client: Client, make_documents: Callable, photo: CustomImage):
    make_person(portrait=photo)
    answer = do(admin_client, "delete", chosen(*make_documents("Tides", "Prices"), photo))
    assert answer["can_undo"]

    response = admin_client.post(f"{answer['url']}restore/", follow=True)

    assert "2 files are back in the library." in response.content.decode()
    assert not Asset.objects.filter(trashed_at__isnull=False).exists()
    again = admin_client.post(f"{answer['url']}restore/", follow=True).content.decode()
    assert "Nothing of this was left in the trash." in again


def test_page_of_the_trash_restores_everything_that_is_ones_own(
    admin_client: Client, make_documents: Callable, grant: Callable[..., User], harbour: Collection
):
    do(admin_client, "delete", chosen(*make_documents("Mine", collection=harbour), *make_documents("Theirs")))
    assert reverse("media_library_restore_all") in admin_client.get(reverse("media_library_trash")).content.decode()
    client = Client()
    client.force_login(grant(harbour, "wagtaildocs.change_document"))

    response = client.post(reverse("media_library_restore_all"), follow=True)

    assert "1 file is back in the library." in response.content.decode()
    assert list(Asset.objects.filter(trashed_at=None).values_list("title", flat=True)) == ["Mine"]
    assert client.post(reverse("media_library_restore_all")).url == reverse("media_library_trash")


def test_all_of_the_trash_is_restored(admin_client: Client, make_documents: Callable):
    tides, prices = make_documents("Tides", "Prices")
    do(admin_client, "delete", chosen(tides, prices))

    answer = do(admin_client, "restore", all_that_match(""))

    assert answer["message"] == "2 files are back in the library."


def test_what_is_not_ones_own_is_told_and_left_alone(
    client: Client, grant: Callable[..., User], harbour: Collection, archive: Collection, make_documents: Callable
):
    mine, seen = make_documents("Mine", collection=harbour) + make_documents("Seen", collection=archive)
    (hidden,) = make_documents("Hidden")
    edith = grant(harbour, "wagtaildocs.change_document")
    choose = Permission.objects.get(codename="choose_document", content_type__app_label="wagtaildocs")
    edith.groups.get().collection_permissions.create(collection=archive, permission=choose)
    client.force_login(edith)

    form = ask(client, "tag", chosen(mine, seen, hidden))
    do(client, "tag", chosen(mine, seen, hidden), tags="fog")

    assert "1 of the selected files is not yours to change in this way, and stays as it is." in form
    assert [one.tags.exists() for one in (mine, seen, hidden)] == [True, False, False]


def test_all_that_match_reaches_nothing_that_the_user_may_not_see(
    client: Client, grant: Callable[..., User], harbour: Collection, make_documents: Callable
):
    make_documents("Mine", collection=harbour)
    make_documents("Hidden")
    client.force_login(grant(harbour, "wagtaildocs.change_document"))

    do(client, "tag", all_that_match(""), tags="fog")

    assert list(Asset.objects.filter(tags__name="fog").values_list("title", flat=True)) == ["Mine"]


@pytest.mark.parametrize(
    ("selection", "says"),
    [
        ({}, "Select at least one file."),
        ({"ids": "1,x"}, "The selection can&#x27;t be read."),
        ({"ids": "9" * 30}, "The selection can&#x27;t be read."),
        ({"ids": ",".join("1" for _ in range(5001))}, "Select at most 5000 files"),
        ({"all": "true", "query": "q=" + "x" * 9000}, "These filters are too long."),
        ({"all": "true", "query": "&".join(["a=1"] * 1900)}, "There is nothing to do"),
    ],
)
def test_selections_that_make_no_sense_are_refused(admin_client: Client, selection: dict, says: str):
    response = admin_client.post(reverse("media_library_bulk", args=("tag",)), selection)

    assert response.status_code in (200, 400)
    assert says in response.content.decode().replace("'", "&#x27;")


def test_unknown_action_is_not_found(admin_client: Client, make_documents: Callable):
    (tides,) = make_documents("Tides")

    assert ask(admin_client, "explode", chosen(tides), status=404)


@pytest.mark.parametrize("name", ["media_library_bulk_download", "media_library_bulk_texts"])
def test_strangers_are_asked_to_sign_in(client: Client, make_documents: Callable, name: str):
    (tides,) = make_documents("Tides")

    response = client.post(reverse(name), chosen(tides))

    assert response.status_code == 302
    assert reverse("wagtailadmin_login") in response["Location"]


def test_operations_are_seen_by_those_who_started_them(
    admin_client: Client, make_documents: Callable, grant: Callable[..., User], harbour: Collection
):
    do(admin_client, "tag", chosen(*make_documents("Tides")), tags="fog")
    operation = BulkOperation.objects.get()
    edith = Client()
    edith.force_login(grant(harbour, "wagtaildocs.change_document"))

    assert "Add tags: fog" in admin_client.get(reverse("media_library_operations")).content.decode()
    assert "Add tags: fog" not in edith.get(reverse("media_library_operations")).content.decode()
    for page in ("", "panel/", "status/"):
        url = reverse("media_library_operation", args=(operation.pk,)) + page
        assert edith.get(url).status_code == 404
        assert admin_client.get(url).status_code == 200


def test_operation_is_cancelled_in_the_middle(admin_client: Client, make_documents: Callable, settings):
    settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY | {"BULK_AT_ONCE": 0}
    answer = do(admin_client, "tag", chosen(*make_documents("Tides")), tags="fog")

    response = admin_client.post(f"{answer['url']}cancel/", headers={"accept": "application/json"})

    assert response.json() == {"stopped": True}
    status = admin_client.get(f"{answer['url']}status/").json()
    assert (status["state"], status["is_finished"], status["done"]) == (State.CANCELLED, True, 0)
    assert admin_client.post(f"{answer['url']}cancel/").status_code == 302


def test_accident_within_the_request_leaves_the_rest_to_a_worker(
    admin_client: Client, make_documents: Callable, monkeypatch, sent: list
):
    monkeypatch.setattr("media_library.admin.bulk.views.bulk.run", lambda pk: 1 / 0)

    answer = do(admin_client, "tag", chosen(*make_documents("Tides")), tags="fog")

    assert answer["is_finished"] is False
    assert sent == [str(BulkOperation.objects.get().pk)]


def test_number_of_queries_does_not_grow_with_the_selection(admin_client: Client, make_documents: Callable):
    few, many = make_documents("A", "B"), make_documents(*"CDEFGHIJ")
    counts = []
    for selection in (few, few, many):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            ask(admin_client, "move", chosen(*selection))
        counts.append(len(queries))

    assert counts[1] == counts[2]
