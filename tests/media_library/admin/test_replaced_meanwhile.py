"""Two editors on one asset: what one has replaced, the other one hears of before anything is saved over it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.admin.admin_url_finder import AdminURLFinder

from cms.models import User
from media_library.models import Asset, Audio, CustomDocument, CustomImage, Video
from media_library.replacement import replace_file
from tests.media import film_bytes, photo_bytes, sound_bytes


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[type[Asset], tuple[str, list[bytes]]]:
    """Three files of each kind."""
    folder = tmp_path_factory.mktemp("films")
    return {
        CustomImage: ("quay.jpg", [photo_bytes(80 + number, 60) for number in range(3)]),
        Video: ("quay.mp4", [film_bytes(folder, seconds=0.2 + number / 10) for number in range(3)]),
        Audio: ("quay.mp3", [sound_bytes("mp3", seconds=0.2 + number / 10) for number in range(3)]),
        CustomDocument: ("quay.txt", [b"Prices %d" % number for number in range(3)]),
    }


@pytest.fixture
def colleague(django_user_model: type[User]) -> User:
    return django_user_model.objects.create_user("zoe", first_name="Zoe", last_name="Example")


class Window:
    """The edit page of an asset, opened at some moment."""

    def __init__(self, client: Client, user: User, asset: Asset):
        self.client = client
        self.url = AdminURLFinder(user).get_edit_url(asset)
        self.form = client.get(self.url).context["form"]

    def save(self, **changes: Any) -> str:
        """Send the form as it stands in the page, and return the page that comes back, or "" where it is saved."""
        data = {field.html_name: field.value() for field in self.form if field.name not in ("file", "tags")}
        data = {name: value for name, value in data.items() if value is not None} | {"as_shown": "{}"} | changes
        answer = self.client.post(self.url, data)
        if answer.status_code == 302:
            return ""
        self.form = answer.context["form"]
        return answer.content.decode()


@pytest.fixture
def opened(admin_client: Client, admin_user: User, files) -> Callable[[type[Asset]], tuple[Asset, Window]]:
    def make(kind: type[Asset]) -> tuple[Asset, Window]:
        name, data = files[kind]
        asset = kind(title="Quay", file=ContentFile(data[0], name=name))
        asset.save()
        return asset, Window(admin_client, admin_user, asset)

    return make


@pytest.mark.parametrize("kind", [CustomImage, Video, Audio, CustomDocument])
def test_editor_hears_who_has_replaced_the_file_and_saves_again(opened, files, colleague: User, kind: type[Asset]):
    asset, window = opened(kind)
    replace_file(asset, ContentFile(files[kind][1][1], name="theirs." + files[kind][0][-3:]), colleague)

    page = window.save(title="Harbour at night")

    assert "Zoe Example has replaced this file since you opened this page." in page
    assert "See whether what you have written still fits, and save again." in page
    assert "Harbour at night" in page
    assert kind.objects.get().title == "Quay"
    assert window.save(title="Harbour at night") == ""
    assert kind.objects.get().title == "Harbour at night"
    assert kind.objects.get().filename.startswith("theirs")


@pytest.mark.parametrize("kind", [CustomImage, Video, Audio, CustomDocument])
def test_file_of_ones_own_is_asked_for_again_and_both_are_kept(opened, files, colleague: User, kind: type[Asset]):
    asset, window = opened(kind)
    name, data = files[kind]
    replace_file(asset, ContentFile(data[1], name=name), colleague)

    page = window.save(file=SimpleUploadedFile("mine." + name[-3:], data[2]))

    assert "choose your file again and save: both are kept as versions." in page
    assert asset.versions.count() == 2
    assert window.save(file=SimpleUploadedFile("mine." + name[-3:], data[2])) == ""
    assert asset.versions.count() == 3
    assert kind.objects.get().filename.startswith("mine")


def test_who_opened_the_page_afterwards_hears_nothing(opened, files, colleague: User, admin_user: User):
    asset, before = opened(CustomImage)
    replace_file(asset, ContentFile(files[CustomImage][1][1], name="a.jpg"), colleague)

    assert Window(before.client, admin_user, asset).save(title="Harbour") == ""
