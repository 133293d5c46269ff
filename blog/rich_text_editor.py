"""Wagtail's editor of rich text, which takes it for granted that nothing but itself has written what a form sends."""

from typing import Any

from django.utils.html import escape
from wagtail.admin.rich_text.editors.draftail import DraftailRichTextArea


class RichTextEditor(DraftailRichTextArea):
    """The same, for whatever is sent. Set as ``WAGTAILADMIN_RICH_TEXT_EDITORS``."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:
        try:
            value = super().value_from_datadict(data, files, name)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            # No script of ours has sent this. What it says is kept, as text.
            value = f"<p>{escape(data.get(name))}</p>"
        return value and sound(value)


def sound(text: str) -> str:
    """The text without what databases don't store: JSON may name null characters, and halves of surrogate pairs."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\x00", "")
