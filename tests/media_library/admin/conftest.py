from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.models import Collection, GroupCollectionPermission

from cms.models import User
from media_library.models import Audio, Video
from tests.media import sound_file


@pytest.fixture
def harbour(root_collection: Collection) -> Collection:
    """A collection in which ``editor`` may do everything."""
    return root_collection.add_child(name="Harbour")


@pytest.fixture
def archive(root_collection: Collection) -> Collection:
    """A collection in which ``editor`` may do nothing."""
    return root_collection.add_child(name="Archive")


@pytest.fixture
def grant(db: None) -> Callable[..., User]:
    """Make a user of the admin with these permissions on a collection: ``grant(harbour, "add_video")``.

    Those of images and documents are Wagtail's: ``"wagtailimages.add_image"``.
    """

    def make(collection: Collection, *codenames: str, username: str = "edith") -> User:
        group = Group.objects.create(name=username)
        group.permissions.add(Permission.objects.get(codename="access_admin"))
        for name in codenames:
            app_label, codename = name.split(".") if "." in name else ("media_library", name)
            permission = Permission.objects.get(content_type__app_label=app_label, codename=codename)
            GroupCollectionPermission.objects.create(group=group, collection=collection, permission=permission)
        user = User.objects.create_user(username, f"{username}@example.org", "a long password")
        user.groups.add(group)
        return user

    return make


@pytest.fixture
def editor(grant: Callable[..., User], harbour: Collection, archive: Collection) -> User:
    return grant(harbour, "add_video", "change_video", "choose_video")


@pytest.fixture
def editor_client(editor: User) -> Client:
    client = Client()
    client.force_login(editor)
    return client


@pytest.fixture
def make_video(small_film: bytes) -> Callable[..., Video]:
    """Save a film that was just uploaded into a collection."""

    def make(collection: Collection, title: str = "Tide", **fields: object) -> Video:
        video = Video(
            title=title, collection=collection, file=ContentFile(small_film, name=f"{title.lower()}.mp4"), **fields
        )
        video.save()
        return video

    return make


@pytest.fixture
def ours(make_video: Callable[..., Video], harbour: Collection) -> Video:
    """A film that ``editor`` may work with."""
    return make_video(harbour, "Ours")


@pytest.fixture
def theirs(make_video: Callable[..., Video], archive: Collection) -> Video:
    """A film that ``editor`` may not even see."""
    return make_video(archive, "Theirs")


@pytest.fixture
def make_audio(db: None) -> Callable[..., Audio]:
    """Save a sound that was just uploaded into a collection."""

    def make(collection: Collection, title: str = "Bells", **fields: object) -> Audio:
        audio = Audio(title=title, collection=collection, file=sound_file(f"{title.lower()}.mp3"), **fields)
        audio.save()
        return audio

    return make


@pytest.fixture
def our_sound(make_audio: Callable[..., Audio], harbour: Collection) -> Audio:
    """A sound that ``listener`` may work with."""
    return make_audio(harbour, "Ours")


@pytest.fixture
def their_sound(make_audio: Callable[..., Audio], archive: Collection) -> Audio:
    """A sound that ``listener`` may not even see."""
    return make_audio(archive, "Theirs")


@pytest.fixture
def listener(grant: Callable[..., User], harbour: Collection, archive: Collection) -> Client:
    """The browser of a user who may do everything with the sounds of one collection."""
    client = Client()
    client.force_login(grant(harbour, "add_audio", "change_audio", "choose_audio", username="lydia"))
    return client
