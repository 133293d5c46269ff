"""Where files of each kind come in: the same forms, permissions and intake, whichever page they are dropped on."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.actions.create import CreateAction
from wagtail.documents.forms import get_document_form, get_document_multi_form
from wagtail.images.forms import get_image_form, get_image_multi_form
from wagtail.models import Collection
from wagtail.permissions import policy_registry

from media_library.admin.forms import (
    AudioDetailsForm,
    AudioForm,
    VideoDetailsForm,
    VideoForm,
    accepted,
    extensions,
)
from media_library.intake import likely_kind
from media_library.intake.limits import max_bytes
from media_library.intake.sniff import AUDIO_TYPES, IMAGE_TYPES, VIDEO_TYPES, FileType
from media_library.models import Asset, Audio, CustomDocument, CustomImage, Video


@dataclass(frozen=True)
class Door:
    """How files of one kind are taken in, and edited below their upload."""

    model: type[Asset]
    icon: str
    types: tuple[FileType, ...]
    """None at all where any type is accepted."""
    form_class: Callable[[], type]
    details_form_class: Callable[[], type]
    prefix: str
    """Begins the names of fields in the form below an upload: ``image-12-title``."""
    edit_url_name: str
    delete_url_name: str

    @property
    def name(self) -> str:
        return str(capfirst(self.model._meta.verbose_name_plural))

    @property
    def id_name(self) -> str:
        return f"{self.prefix}_id"

    @property
    def largest(self) -> int:
        """Bytes."""
        return max_bytes(self.model.KIND)

    @property
    def extensions(self) -> list[str]:
        return extensions(self.types)

    @property
    def accepted(self) -> str:
        """What is accepted, and how large."""
        if not self.types:
            return _("Any other file, up to %(size)s") % {"size": filesizeformat(self.largest)}
        return accepted(self.types, self.largest)

    @property
    def policy(self) -> Any:
        return policy_registry.get_by_type(self.model)

    def is_open_to(self, user: Any) -> bool:
        return self.policy.user_has_permission(user, "add")

    def collections(self, user: Any) -> QuerySet[Collection]:
        """Where this user may add files of this kind."""
        return self.policy.collections_user_has_permission_for(user, "add")

    def actions(self, asset: Asset) -> dict[str, str]:
        """Where the form below an upload is sent to."""
        return {
            "edit_action": reverse(self.edit_url_name, args=(asset.pk,)),
            "delete_action": reverse(self.delete_url_name, args=(asset.pk,)),
        }


IMAGE_DOOR = Door(
    model=CustomImage,
    icon="image",
    types=IMAGE_TYPES,
    form_class=partial(get_image_form, CustomImage),
    details_form_class=partial(get_image_multi_form, CustomImage),
    prefix="image",
    edit_url_name="wagtailimages:edit_multiple",
    delete_url_name="wagtailimages:delete_multiple",
)
VIDEO_DOOR = Door(
    model=Video,
    icon="media",
    types=VIDEO_TYPES,
    form_class=lambda: VideoForm,
    details_form_class=lambda: VideoDetailsForm,
    prefix="video",
    edit_url_name="media_library_videos:edit_uploaded",
    delete_url_name="media_library_videos:delete_uploaded",
)
AUDIO_DOOR = Door(
    model=Audio,
    icon="media-sound",
    types=AUDIO_TYPES,
    form_class=lambda: AudioForm,
    details_form_class=lambda: AudioDetailsForm,
    prefix="audio",
    edit_url_name="media_library_audio:edit_uploaded",
    delete_url_name="media_library_audio:delete_uploaded",
)
DOCUMENT_DOOR = Door(
    model=CustomDocument,
    icon="doc-full-inverse",
    types=(),
    form_class=partial(get_document_form, CustomDocument),
    details_form_class=partial(get_document_multi_form, CustomDocument),
    prefix="doc",
    edit_url_name="wagtaildocs:edit_multiple",
    delete_url_name="wagtaildocs:delete_multiple",
)
DOORS = (IMAGE_DOOR, VIDEO_DOOR, AUDIO_DOOR, DOCUMENT_DOOR)


def door_for(file: Any, filename: str) -> Door:
    """The door at which this file is taken, by its bytes; or the one that says best why it can't be.

    Raises ``UnacceptableFile`` for an empty file.
    """
    kind = likely_kind(file, filename)
    return {door.model.KIND: door for door in DOORS}[kind]


def save_upload(form: Any, user: Any) -> Asset:
    """Save a new asset from its valid form, and note in the history who uploaded it."""
    asset = form.instance
    asset.uploaded_by_user = user
    CreateAction(asset, user=user, form=form).execute(skip_permission_checks=True)
    return asset


def duplicates(asset: Asset, user: Any) -> QuerySet:
    """Other assets of its kind that have the same bytes and that the user may choose."""
    policy = policy_registry.get_by_type(type(asset))
    choosable = policy.instances_user_has_permission_for(user, "choose")
    return choosable.exclude(pk=asset.pk).filter(file_hash=asset.file_hash)
