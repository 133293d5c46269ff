"""What the admin says of each action."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from media_library.models import Asset, BulkOperation

Action = BulkOperation.Action
State = BulkOperation.State


@dataclass(frozen=True)
class Wording:
    """``button`` stands in the selection bar and on the button that starts it; ``title`` above its dialog."""

    button: str | Promise
    title: str | Promise
    icon: str
    note: str | Promise = ""
    is_serious: bool = False


WORDINGS: dict[str, Wording] = {
    Action.MOVE: Wording(gettext_lazy("Move"), gettext_lazy("Move to a collection"), "folder-open-1"),
    Action.TAG: Wording(gettext_lazy("Add tags"), gettext_lazy("Add tags"), "tag"),
    Action.UNTAG: Wording(gettext_lazy("Remove tags"), gettext_lazy("Remove tags"), "tag"),
    Action.TEXTS: Wording(gettext_lazy("Edit texts"), gettext_lazy("Edit texts"), "edit"),
    Action.RIGHTS: Wording(
        gettext_lazy("Set rights"),
        gettext_lazy("Set credit, licence and rights"),
        "key",
        gettext_lazy("Only the fields that are ticked change. A ticked field that is empty is emptied."),
    ),
    Action.COLLECT: Wording(
        gettext_lazy("Add to a media collection"), gettext_lazy("Add to a media collection"), "list-ul"
    ),
    Action.DEVELOP: Wording(
        gettext_lazy("Develop again"),
        gettext_lazy("Develop again"),
        "rotate",
        gettext_lazy(
            "All sizes of pictures are made anew; until then, pages show those of today. Of films and sounds, the "
            "poster and whatever is missing is made. Documents need no developing."
        ),
    ),
    Action.DELETE: Wording(
        gettext_lazy("Delete"),
        gettext_lazy("Delete files"),
        "bin",
        gettext_lazy("They go to the trash. What is used on a page, in a draft or elsewhere stays."),
        is_serious=True,
    ),
    Action.RESTORE: Wording(gettext_lazy("Restore"), gettext_lazy("Restore from the trash"), "undo"),
}


def describe(operation: BulkOperation) -> str:
    """What an operation does, e.g. "Move to “Harbour”"."""
    parameters: dict[str, Any] = operation.parameters
    if "name" in parameters:
        goal = _("Move to “%(name)s”") if operation.action == Action.MOVE else _("Add to “%(name)s”")
        return goal % {"name": parameters["name"]}
    if "tags" in parameters:
        change = _("Add tags: %(tags)s") if operation.action == Action.TAG else _("Remove tags: %(tags)s")
        return change % {"tags": ", ".join(parameters["tags"])}
    if operation.action == Action.RIGHTS:
        names = [str(Asset._meta.get_field(name).verbose_name) for name in parameters]
        return _("Set %(fields)s") % {"fields": get_text_list(names, _("and"))}
    return str(operation.get_action_display())


WHAT_WAS_DONE: dict[str, Any] = {
    Action.COLLECT: ngettext_lazy(
        "%(number)s file is in the media collection.", "%(number)s files are in the media collection.", "number"
    ),
    Action.DEVELOP: ngettext_lazy(
        "%(number)s file is being developed again.", "%(number)s files are being developed again.", "number"
    ),
    Action.DELETE: ngettext_lazy("%(number)s file is in the trash.", "%(number)s files are in the trash.", "number"),
    Action.RESTORE: ngettext_lazy(
        "%(number)s file is back in the library.", "%(number)s files are back in the library.", "number"
    ),
    Action.TEXTS: ngettext_lazy("%(number)s row is done.", "%(number)s rows are done.", "number"),
}
CHANGED = ngettext_lazy("%(number)s file has been changed.", "%(number)s files have been changed.", "number")


def summarise(operation: BulkOperation) -> str:
    """What has become of an operation so far, in sentences."""
    sentences = [WHAT_WAS_DONE.get(operation.action, CHANGED) % {"number": operation.changed}]
    if operation.failed:
        sentences.append(
            ngettext("%(number)s stays as it was.", "%(number)s stay as they were.", operation.failed)
            % {"number": operation.failed}
        )
    if operation.state == State.CANCELLED:
        sentences.append(_("Then it was stopped."))
    return " ".join(sentences)


def describe_left_out(number: int) -> str:
    """What is said of files that were selected, and that their user may not change."""
    return ngettext(
        "%(number)s of the selected files is not yours to change in this way, and stays as it is.",
        "%(number)s of the selected files are not yours to change in this way, and stay as they are.",
        number,
    ) % {"number": number}
