"""What a chooser may be limited to, and what it is called then. Read while models load, so it touches no URL."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from media_library.admin.facts import KIND_ICONS
from media_library.models import Asset, Audio, CustomDocument, CustomImage, Video

MODELS: dict[str, type[Asset]] = {model.KIND: model for model in (CustomImage, Video, Audio, CustomDocument)}
ALL_KINDS = tuple(MODELS)


@dataclass(frozen=True)
class Words:
    """What editors read of a chooser, translated when it is shown."""

    icon: str
    plural: Any
    choose: Any
    choose_another: Any
    edit: Any
    wrong_kind: Any


ANYTHING = Words(
    icon="folder-open-inverse",
    plural=gettext_lazy("Media"),
    choose=gettext_lazy("Choose media"),
    choose_another=gettext_lazy("Choose another"),
    edit=gettext_lazy("Edit"),
    wrong_kind=gettext_lazy("A file of this kind can't be used here. Choose another one."),
)
WORDS: dict[str, Words] = {
    Asset.Kind.IMAGE: Words(
        icon=KIND_ICONS[Asset.Kind.IMAGE],
        plural=gettext_lazy("Images"),
        choose=gettext_lazy("Choose an image"),
        choose_another=gettext_lazy("Choose another image"),
        edit=gettext_lazy("Edit this image"),
        wrong_kind=gettext_lazy("Only an image can be used here. Choose one."),
    ),
    Asset.Kind.VIDEO: Words(
        icon=KIND_ICONS[Asset.Kind.VIDEO],
        plural=gettext_lazy("Videos"),
        choose=gettext_lazy("Choose a video"),
        choose_another=gettext_lazy("Choose another video"),
        edit=gettext_lazy("Edit this video"),
        wrong_kind=gettext_lazy("Only a video can be used here. Choose one."),
    ),
    Asset.Kind.AUDIO: Words(
        icon=KIND_ICONS[Asset.Kind.AUDIO],
        plural=gettext_lazy("Audio"),
        choose=gettext_lazy("Choose audio"),
        choose_another=gettext_lazy("Choose other audio"),
        edit=gettext_lazy("Edit this audio"),
        wrong_kind=gettext_lazy("Only audio can be used here. Choose some."),
    ),
    Asset.Kind.DOCUMENT: Words(
        icon=KIND_ICONS[Asset.Kind.DOCUMENT],
        plural=gettext_lazy("Documents"),
        choose=gettext_lazy("Choose a document"),
        choose_another=gettext_lazy("Choose another document"),
        edit=gettext_lazy("Edit this document"),
        wrong_kind=gettext_lazy("Only a document can be used here. Choose one."),
    ),
}


def words(kinds: tuple[str, ...]) -> Words:
    return WORDS[kinds[0]] if len(kinds) == 1 else ANYTHING


def not_choosable() -> str:
    """Of what is not there and of what somebody may not see: that it exists is already more than they may know."""
    return _("This file is not there, or none that you may choose. Choose another one.")


def model_of(kinds: tuple[str, ...]) -> type[Asset]:
    """The model to which what is chosen belongs: that of the only kind, otherwise ``Asset``."""
    return MODELS[kinds[0]] if len(kinds) == 1 else Asset


def clean_kinds(kinds: Iterable[str]) -> tuple[str, ...]:
    """These kinds in the usual order; all for none. Raises ``ValueError`` with a sentence for an unknown one."""
    named = {str(kind) for kind in kinds}
    if unknown := sorted(named - set(ALL_KINDS)):
        raise ValueError(
            _("There is no kind of asset named %(unknown)s: it is one of %(kinds)s.")
            % {"unknown": unknown[0][:50], "kinds": get_text_list(list(ALL_KINDS), _("or"))}
        )
    return tuple(kind for kind in ALL_KINDS if kind in named) or ALL_KINDS


def parse_kinds(value: str) -> tuple[str, ...]:
    """Read ``image,video`` of an address. Raises ``ValueError`` as ``clean_kinds`` does."""
    return clean_kinds(value.split(",") if value else ())
