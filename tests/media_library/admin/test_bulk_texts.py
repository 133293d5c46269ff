"""The table of texts: only what is changed is saved, row by row, and nobody's words are lost."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection, ModelLogEntry

from cms.models import User
from media_library.models import Asset, BulkOperation, CustomDocument, CustomImage
from tests.media_library.bulk.conftest import make_documents

__all__ = ["make_documents"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def table(admin_client: Client) -> Callable[..., str]:
    """Open the table of these assets; its address."""

    def open_table(*assets: Asset) -> str:
        response = admin_client.post(
            reverse("media_library_bulk_texts"), {"ids": ",".join(str(asset.pk) for asset in assets)}
        )
        return response.json()["url"]

    return open_table


def row(asset: Asset, **changed: str) -> dict[str, str]:
    """What a browser sends of a row, with what an editor has changed in it."""
    names = ("title", "credit", "caption") if asset.kind == "document" else ("title", "alt_text", "credit", "caption")
    # Browsers end lines in their own way.
    shown = {name: getattr(asset, name).replace("\n", "\r\n") for name in names}
    prefix = f"row-{asset.pk}-"
    return {f"{prefix}shown_{name}": text for name, text in shown.items()} | {
        f"{prefix}{name}": text for name, text in (shown | changed).items()
    }


def test_only_what_was_changed_is_saved(admin_client: Client, table: Callable, photo: CustomImage, make_documents):
    (tides,) = make_documents("Tides")
    CustomImage.objects.update(caption="First line\nSecond line")
    photo.refresh_from_db()
    url = table(photo, tides)
    before = Asset.objects.get(pk=tides.pk).updated_at

    response = admin_client.post(url, row(photo, alt_text=" A quay at dawn ") | row(tides))

    operation = BulkOperation.objects.get()
    assert response["Location"] == reverse("media_library_operation", args=(operation.pk,))
    assert (operation.state, operation.done) == (BulkOperation.State.DONE, 2)
    photo.refresh_from_db()
    assert (photo.alt_text, photo.caption) == ("A quay at dawn", "First line\nSecond line")
    assert Asset.objects.get(pk=tides.pk).updated_at == before
    assert ModelLogEntry.objects.get(action="media_library.bulk_texts").data == {"fields": ["alt_text"]}
    assert CustomImage.objects.all().search("dawn").count() == 1


def test_row_with_an_error_is_shown_as_it_was_typed_and_the_others_are_saved(
    admin_client: Client, table: Callable, make_documents: Callable
):
    tides, prices = make_documents("Tides", "Prices")
    url = table(tides, prices)

    response = admin_client.post(url, row(tides, title="", caption="Typed") | row(prices, credit="Ada"))

    content = response.content.decode()
    assert response.status_code == 422
    assert "This field is required." in content
    assert ">\nTyped</textarea>" in content
    assert "1 row could not be saved; it says why." in content
    tides.refresh_from_db()
    prices.refresh_from_db()
    assert (tides.title, tides.caption, prices.credit) == ("Tides", "", "Ada")


def test_what_somebody_else_wrote_meanwhile_is_told_and_overwritten_only_when_seen(
    admin_client: Client, table: Callable, make_documents: Callable
):
    (tides,) = make_documents("Tides")
    url = table(tides)
    mine = row(tides, credit="Mine")
    CustomDocument.objects.filter(pk=tides.pk).update(credit="Theirs")

    response = admin_client.post(url, mine)

    assert response.status_code == 422
    assert "Somebody else has written “Theirs”." in response.content.decode()
    tides.refresh_from_db()
    assert tides.credit == "Theirs"
    admin_client.post(url, mine | {f"row-{tides.pk}-shown_credit": "Theirs"})
    tides.refresh_from_db()
    assert tides.credit == "Mine"


def test_other_fields_that_somebody_else_changed_stay(admin_client: Client, table: Callable, make_documents: Callable):
    (tides,) = make_documents("Tides")
    url = table(tides)
    mine = row(tides, credit="Mine")
    CustomDocument.objects.filter(pk=tides.pk).update(title="Theirs")

    assert admin_client.post(url, mine).status_code == 302

    tides.refresh_from_db()
    assert (tides.title, tides.credit) == ("Theirs", "Mine")


def test_pages_stay_as_they_were_although_their_rows_match_no_more(
    admin_client: Client, make_documents: Callable, monkeypatch
):
    monkeypatch.setattr("media_library.bulk.operations.AT_A_TIME", 2)
    one, two, _three = make_documents("One", "Two", "Three")
    selection = {"all": "true", "query": "kind=document&order=oldest"}
    url = admin_client.post(reverse("media_library_bulk_texts"), selection).json()["url"]

    response = admin_client.post(f"{url}?p=1", row(one, title="First") | row(two))

    assert response["Location"] == f"{url}?p=2"
    assert "Three" in admin_client.get(f"{url}?p=2").content.decode()
    # Opened again, it goes on with what is not done.
    assert "Page 2 of 2" in admin_client.get(url).content.decode()


@pytest.mark.parametrize("page", ["0", "2", "x", "²", "9" * 40])
def test_page_that_is_not_there_is_not_found(admin_client: Client, table: Callable, make_documents: Callable, page):
    assert admin_client.get(table(*make_documents("Tides")), {"p": page}).status_code == 404


def test_table_shows_and_saves_only_what_the_user_may_change(
    client: Client, grant: Callable[..., User], harbour: Collection, make_documents: Callable
):
    (mine,) = make_documents("Mine", collection=harbour)
    (hidden,) = make_documents("Hidden")
    edith = grant(harbour, "wagtaildocs.change_document")
    client.force_login(edith)
    selection = {"ids": f"{mine.pk},{hidden.pk}"}
    url = client.post(reverse("media_library_bulk_texts"), selection).json()["url"]
    assert "Hidden" not in client.get(url).content.decode()
    edith.groups.clear()

    client.post(url, row(mine, title="Changed") | row(hidden, title="Changed"))

    assert not Asset.objects.filter(title="Changed").exists()


def test_table_of_somebody_else_is_not_found(
    client: Client, grant: Callable[..., User], harbour: Collection, table: Callable, make_documents: Callable
):
    url = table(*make_documents("Tides", collection=harbour))
    client.force_login(grant(harbour, "wagtaildocs.change_document"))

    assert client.get(url).status_code == 404


def test_nothing_to_edit_is_told(client: Client, grant: Callable[..., User], harbour: Collection, make_documents):
    (hidden,) = make_documents("Hidden")
    client.force_login(grant(harbour, "wagtaildocs.change_document"))

    response = client.post(reverse("media_library_bulk_texts"), {"ids": str(hidden.pk)})

    assert (response.status_code, response.json()["message"]) == (400, "None of these files is yours to change.")


def test_file_that_is_deleted_meanwhile_is_told(admin_client: Client, table: Callable, make_documents: Callable):
    tides, prices = make_documents("Tides", "Prices")
    url = table(tides, prices)
    CustomDocument.objects.get(pk=tides.pk).delete()

    assert "1 file of this page is gone" in admin_client.get(url).content.decode()
    assert admin_client.post(url, row(tides, title="Gone") | row(prices, credit="Ada")).status_code == 302
