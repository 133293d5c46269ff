"""Many files as one ZIP, read back byte by byte."""

from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection

from cms.models import User
from media_library.bulk.archive import BrokenArchive
from media_library.models import Asset, CustomDocument, CustomImage, Video
from tests.blog.content import make_image
from tests.media_library.bulk.conftest import make_documents

__all__ = ["make_documents"]

pytestmark = pytest.mark.django_db


def download(client: Client, selection: dict[str, str]) -> ZipFile:
    response = client.post(reverse("media_library_bulk_download"), selection)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/zip"
    archive = ZipFile(BytesIO(b"".join(response)))
    assert archive.testzip() is None
    return archive


def chosen(*assets: Asset) -> dict[str, str]:
    return {"ids": ",".join(str(asset.pk) for asset in assets)}


def original(asset: Asset) -> bytes:
    with asset.file.storage.open(asset.file.name) as file:
        return file.read()


def test_originals_come_in_the_order_of_the_listing(admin_client: Client, photo: CustomImage, make_documents):
    tides, prices = make_documents("Tides", "Prices")

    archive = download(admin_client, chosen(prices, photo, tides))

    assert archive.namelist() == ["prices.txt", "harbour.jpg", "tides.txt"]
    assert archive.read("harbour.jpg") == original(photo)
    assert archive.read("tides.txt") == b"All about Tides"


def test_all_that_match_are_downloaded(admin_client: Client, photo: CustomImage, make_documents: Callable):
    make_documents("Tides", "Prices")

    archive = download(admin_client, {"all": "true", "query": "kind=document&order=title"})

    assert archive.namelist() == ["prices.txt", "tides.txt"]


def test_who_may_only_choose_gets_no_original(
    client: Client,
    grant: Callable[..., User],
    harbour: Collection,
    develop: Callable,
    make_video: Callable[..., Video],
    make_documents: Callable,
):
    photo = make_image("Harbour", size=400, collection=harbour)
    film = make_video(harbour)
    develop(photo, film)
    (tides,) = make_documents("Tides", collection=harbour)
    (hidden,) = make_documents("Hidden")
    client.force_login(grant(harbour, "wagtailimages.choose_image", "wagtaildocs.choose_document", "choose_video"))

    archive = download(client, chosen(photo, film, tides, hidden))

    assert archive.namelist() == ["harbour.jpg", "tide.mp4", "tides.txt"]
    rendition = archive.read("harbour.jpg")
    assert rendition != original(photo)
    assert b"Darkroom Test Camera" not in rendition
    assert archive.read("tide.mp4") == film.transcodes.get(preset="mp4").file.read()
    assert archive.read("tides.txt") == b"All about Tides"


def test_what_is_not_developed_yet_is_named_in_a_note(
    client: Client, grant: Callable[..., User], harbour: Collection, make_video: Callable[..., Video]
):
    film = make_video(harbour)
    client.force_login(grant(harbour, "choose_video"))

    archive = download(client, chosen(film))

    assert archive.namelist() == ["MISSING FILES.txt"]
    assert "Tide: it is not developed yet" in archive.read("MISSING FILES.txt").decode("utf-8-sig")


def test_file_that_is_missing_in_the_storage_is_named_in_a_note(admin_client: Client, make_documents: Callable):
    tides, prices = make_documents("Tides", "Prices")
    tides.file.storage.delete(tides.file.name)

    archive = download(admin_client, chosen(tides, prices))

    assert archive.namelist() == ["prices.txt", "MISSING FILES.txt"]
    assert "tides.txt: its file can't be read" in archive.read("MISSING FILES.txt").decode("utf-8-sig")


def test_file_that_breaks_off_breaks_off_the_download(admin_client: Client, make_documents: Callable):
    tides, prices = make_documents("Tides", "Prices")
    with open(storages["originals"].path(prices.file.name), "r+b") as file:  # noqa: PTH123
        file.truncate(3)

    response = admin_client.post(reverse("media_library_bulk_download"), chosen(tides, prices))

    with pytest.raises(BrokenArchive):
        list(response)


def test_same_names_get_numbers(admin_client: Client, make_documents: Callable):
    files = make_documents("Tides", "tides", "TIDES")
    CustomDocument.objects.filter(pk=files[2].pk).update(filename="TIDES.TXT")

    assert download(admin_client, chosen(*files)).namelist() == ["tides.txt", "tides (2).txt", "TIDES (3).TXT"]


def test_nothing_is_read_before_it_is_sent(admin_client: Client, make_documents: Callable, monkeypatch):
    tides, prices = make_documents("Tides", "Prices")
    opened: list[str] = []
    storage_open = type(tides.file.storage).open

    def note(self, name, mode="rb"):
        opened.append(name)
        return storage_open(self, name, mode)

    monkeypatch.setattr(type(tides.file.storage), "open", note)

    blocks = iter(admin_client.post(reverse("media_library_bulk_download"), chosen(tides, prices)))
    assert opened == []
    next(blocks)
    assert opened == [tides.file.name]


def test_what_the_user_may_not_see_is_no_archive(
    client: Client, grant: Callable[..., User], harbour: Collection, make_documents: Callable
):
    (hidden,) = make_documents("Hidden")
    client.force_login(grant(harbour, "wagtaildocs.choose_document"))

    there = {"next": "/admin/media/operations/"}
    response = client.post(reverse("media_library_bulk_download"), chosen(hidden) | there, follow=True)

    assert response.redirect_chain == [("/admin/media/operations/", 302)]
    assert "None of these files is there for you to download." in response.content.decode()
