"""Where files of each kind come in: the same forms, permissions and intake, whichever page they are dropped on."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.actions.create import CreateAction
from wagtail.actions.edit import EditAction
from wagtail.documents.forms import get_document_form, get_document_multi_form
from wagtail.images.forms import get_image_form, get_image_multi_form
from wagtail.models import Collection
from wagtail.permissions import policy_registry

from media_library.admin.facts import KIND_ICONS
from media_library.admin.forms import (
    AudioDetailsForm,
    AudioForm,
    VideoDetailsForm,
    VideoForm,
    accepted,
    extensions,
)
from media_library.admin.permissions import changeable_assets, visible_assets
from media_library.admin.versions.forms import require_replacement
from media_library.duplicates import pairs_among
from media_library.exceptions import ForbiddenUpload, UnacceptableFile, UnwelcomeUpload
from media_library.intake import likely_kind
from media_library.intake.limits import max_bytes, require_size
from media_library.intake.sniff import AUDIO_TYPES, IMAGE_TYPES, VIDEO_TYPES, FileType
from media_library.models import Asset, Audio, CustomDocument, CustomImage, UploadSession, Video
from media_library.models.asset import note_unsaved
from media_library.models.files import developed_folder, discard, public_storage
from media_library.replacement import replace_file
from media_library.storage import remove_unreferenced

MAX_DIGITS = 18
"""Longer numbers don't fit the database's integers."""


@dataclass(frozen=True)
class Door:
    """How files of one kind are taken in, and edited below their upload."""

    model: type[Asset]
    icon: str
    types: tuple[FileType, ...]
    """None at all where any type is accepted."""
    form_class: Callable[[], type]
    details_form_class: Callable[[], type]
    delete_url_name: str

    @property
    def name(self) -> str:
        return str(capfirst(self.model._meta.verbose_name_plural))

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

    def delete_url(self, asset: Asset) -> str:
        """Where one that was just uploaded is taken back."""
        return reverse(self.delete_url_name, args=(asset.pk,))


IMAGE_DOOR = Door(
    model=CustomImage,
    icon=KIND_ICONS[CustomImage.KIND],
    types=IMAGE_TYPES,
    form_class=partial(get_image_form, CustomImage),
    details_form_class=partial(get_image_multi_form, CustomImage),
    delete_url_name="wagtailimages:delete_multiple",
)
VIDEO_DOOR = Door(
    model=Video,
    icon=KIND_ICONS[Video.KIND],
    types=VIDEO_TYPES,
    form_class=lambda: VideoForm,
    details_form_class=lambda: VideoDetailsForm,
    delete_url_name="media_library_videos:delete_uploaded",
)
AUDIO_DOOR = Door(
    model=Audio,
    icon=KIND_ICONS[Audio.KIND],
    types=AUDIO_TYPES,
    form_class=lambda: AudioForm,
    details_form_class=lambda: AudioDetailsForm,
    delete_url_name="media_library_audio:delete_uploaded",
)
DOCUMENT_DOOR = Door(
    model=CustomDocument,
    icon=KIND_ICONS[CustomDocument.KIND],
    types=(),
    form_class=partial(get_document_form, CustomDocument),
    details_form_class=partial(get_document_multi_form, CustomDocument),
    delete_url_name="wagtaildocs:delete_multiple",
)
DOORS = (IMAGE_DOOR, VIDEO_DOOR, AUDIO_DOOR, DOCUMENT_DOOR)


def door_for(file: Any, filename: str) -> Door:
    """The door at which this file is taken, by its bytes; or the one that says best why it can't be.

    Raises ``UnacceptableFile`` for an empty file.
    """
    kind = likely_kind(file, filename)
    return {door.model.KIND: door for door in DOORS}[kind]


def ending(filename: str) -> str:
    return filename.rpartition(".")[2].lower()


def doors_by_name(filename: str) -> list[Door]:
    """Where a file may belong before anything of it is known but its name: WebM is film or sound."""
    return [door for door in DOORS if ending(filename) in door.extensions] or [DOCUMENT_DOOR]


def doors_of(kinds: str) -> list[Door]:
    """Where files of these kinds come in, given as ``image,video``; all for none."""
    named = kinds.split(",") if kinds else []
    return [door for door in DOORS if not named or door.model.KIND in named]


def open_doors(user: Any) -> list[Door]:
    return [door for door in DOORS if door.is_open_to(user)]


def collections_for(user: Any) -> QuerySet[Collection]:
    """Where the user may add at least one of the kinds."""
    offered = (door.collections(user) for door in open_doors(user))
    return Collection.objects.filter(pk__in={one.pk for collections in offered for one in collections})


def require_way_in(doors: Iterable[Door], user: Any, collection: str | None) -> None:
    """Raise ``UnwelcomeUpload`` unless the user may add files of one of these kinds to that collection."""
    doors = list(doors)
    mine = [door for door in doors if door.is_open_to(user)]
    if not mine:
        raise ForbiddenUpload(_("You may not add files of this kind (%(kind)s).") % {"kind": doors[0].name})
    if collection and all(is_closed_collection(door, user, collection) for door in mine):
        raise UnwelcomeUpload(
            _("You may not add files of this kind (%(kind)s) to this collection. Choose another collection.")
            % {"kind": mine[0].name}
        )


def is_closed_collection(door: Door, user: Any, chosen: str) -> bool:
    """Whether the chosen collection is offered to this user, though for other kinds than this one.

    The form can't tell: who may add to one collection only is not asked, and gets that one.
    """
    offered, here = (
        {str(one.pk) for one in collections} for collections in (collections_for(user), door.collections(user))
    )
    return chosen in offered - here


def require_small_enough(doors: Iterable[Door], size: int) -> None:
    """Raise ``FileTooLarge`` for what none of these doors would take, before anything of it is sent."""
    require_size(max(doors, key=lambda door: door.largest).model.KIND, size)


def judge(session: UploadSession, file: UploadedFile) -> Callable[[], Asset]:
    """Wagtail hook ``judge_upload``: read a file that has arrived, and return what saves it.

    Its kind is decided by its bytes, and then it goes through the form of that kind like any other upload. Where only
    one kind is wanted, the form of that kind decides: a picture may become a document.
    """
    if "replaces" in session.details:
        return _judge_replacement(session, file)
    form = filled_form(session, file)
    if not form.is_valid():
        raise UnwelcomeUpload(sentences(form))
    return partial(save_upload, form, session.user)


def _judge_replacement(session: UploadSession, file: UploadedFile) -> Callable[[], Asset]:
    """The same for a file that takes the place of another one."""
    asset_id = session.details["replaces"]
    found = changeable_assets(session.user).filter(pk=asset_id).first() if is_id(asset_id) else None
    if found is None:
        raise UnwelcomeUpload(_("The asset whose file this is to be is gone, or you may not change it."))
    asset = found.specific
    require_replacement(asset, file)

    def save() -> Asset:
        replace_file(asset, file, session.user, session.details.get("note", ""))
        asset.refresh_from_db()
        return asset

    return save


def is_id(text: str) -> bool:
    """Whether this may be the id of something."""
    return text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS


def filled_form(session: UploadSession, file: UploadedFile) -> Any:
    """The form for a file that has arrived, which is judged, with what was said about it, which may be wrong.

    Raises ``UnacceptableFile``, or ``UnwelcomeUpload`` where the user may not add such a file.
    """
    wanted = doors_of(session.details.get("kinds", ""))
    door = wanted[0] if len(wanted) == 1 else door_for(file, session.filename)
    if door not in wanted:
        raise UnacceptableFile(
            _("A file of this kind (%(kind)s) can't be used here. Choose another one.") % {"kind": door.name}
        )
    require_way_in([door], session.user, session.details.get("collection"))
    form = _form(door, session, file)
    if problems := form.errors.as_data().get("file"):
        # As intake has said it, which knows more than a form does.
        raise problems[0].__cause__ or UnacceptableFile(" ".join(form.errors["file"]))
    return form


def _form(door: Door, session: UploadSession, file: UploadedFile) -> Any:
    longest = door.model._meta.get_field("title").max_length
    details = session.details
    data = details | {"title": (details.get("title") or session.title)[:longest]}
    if "collection" not in data:
        first = door.collections(session.user).first()
        data["collection"] = str(first.pk) if first else ""
    return door.form_class()(data, {"file": file}, user=session.user)


def sentences(form: Any) -> str:
    """What a form has against its contents."""
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


def describe_asset(asset: Asset, details: Mapping[str, str], user: Any) -> None:
    """Write these details to an asset that is there already, and nothing else of it.

    Raises ``UnwelcomeUpload`` with a sentence. Whether the user may change it has been asked.
    """
    door = next(door for door in DOORS if asset.kind == door.model.KIND)
    form = door.details_form_class()(dict(details), instance=asset.specific, user=user)
    for name in set(form.fields) - set(details):
        del form.fields[name]
    if not form.is_valid():
        raise UnwelcomeUpload(sentences(form))
    EditAction(form.instance, user=user, form=form).execute(skip_permission_checks=True)


def save_upload(form: Any, user: Any) -> Asset:
    """Save a new asset from its valid form, and note in the history who uploaded it."""
    asset = form.instance
    asset.uploaded_by_user = user
    try:
        CreateAction(asset, user=user, form=form).execute(skip_permission_checks=True)
    except BaseException as error:
        # The row goes with the transaction, its files wouldn't. Nobody else has its id until then.
        if asset.pk and asset.file._committed:
            discard(asset.file.storage, asset.file.name, error)
            with suppress(Exception):
                remove_unreferenced(public_storage(), developed_folder(asset.pk, asset.version), ())
            note_unsaved(error, asset)
        raise
    return asset


def existing_one(asset: Asset, user: Any) -> tuple[Asset, bool] | None:
    """What the library has already of this asset, if the user may choose it, and whether it is the very same file.

    Otherwise it is the one that looks most like it (duplicates.py).
    """
    if same := duplicates(asset, user).first():
        return same, True
    pairs = pairs_among(visible_assets(user)).filter(Q(first=asset.pk) | Q(second=asset.pk))
    pair = pairs.filter(is_exact=False).order_by("distance", "pk").select_related("first", "second").first()
    if pair is None:
        return None
    other = pair.second if pair.first_id == asset.pk else pair.first
    return other.specific, False


def duplicates(asset: Asset, user: Any) -> QuerySet:
    """Other assets of its kind that have the same bytes and that the user may choose."""
    return with_bytes(type(asset), asset.file_hash, user).exclude(pk=asset.pk)


def with_bytes(model: type[Asset], file_hash: str, user: Any) -> QuerySet:
    """Assets of a kind that have these bytes and that the user may choose."""
    policy = policy_registry.get_by_type(model)
    return policy.instances_user_has_permission_for(user, "choose").filter(file_hash=file_hash)
