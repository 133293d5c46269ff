"""Blocks of words."""

from typing import Any, Literal, TypedDict

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ChoiceBlock, RichTextBlock, StructBlock, StructValue, TextBlock, URLBlock

from blog.contents import anchor_of

RICH_TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul", "hr", "image", "code"]
"""What the rich text block offers. Headings, quotes and embeds have blocks of their own."""


class HeadingObject(TypedDict):
    """A heading inside a page. ``id`` is what the table of contents leads to."""

    text: str
    level: Literal["h2", "h3", "h4"]
    id: str


class Heading(StructValue):
    """A heading in its place."""

    _anchor = ""

    @property
    def anchor(self) -> str:
        """The id of its element: what the page says, or else one that follows from its text."""
        return self._anchor or anchor_of(self.get("text") or "")

    @anchor.setter
    def anchor(self, anchor: str) -> None:
        self._anchor = anchor


class HeadingBlock(StructBlock):
    """A heading inside the post: ``{"text": "At sea", "level": "h2", "id": "at-sea"}``."""

    text = CharBlock(max_length=160, label=_("Heading"))
    level = ChoiceBlock(
        choices=[("h2", _("Section")), ("h3", _("Part of a section")), ("h4", _("Part of a part"))],
        default="h2",
        label=_("Level"),
        help_text=_("The title of the post is above all of these."),
    )

    def get_api_representation(self, value: Heading, context: dict[str, Any] | None = None) -> HeadingObject:
        return super().get_api_representation(value, context=context) | {"id": value.anchor}

    class Meta:
        icon = "title"
        label = _("Heading")
        template = "blog/blocks/heading.html"
        label_format = "{text}"
        value_class = Heading


class ProseBlock(RichTextBlock):
    """Paragraphs, as resolved HTML in the API."""

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "blog/blocks/prose.html"


class QuoteBlock(StructBlock):
    """Somebody's words: ``{"text": "…", "attribution": "Ada", "source": "https://…"}``."""

    text = TextBlock(label=_("Quote"), help_text=_("Without quotation marks; the design adds them."))
    attribution = CharBlock(required=False, max_length=160, label=_("Who said it"))
    source = URLBlock(required=False, label=_("Where"), help_text=_("The address of the page it was taken from."))

    class Meta:
        icon = "openquote"
        label = _("Quote")
        template = "blog/blocks/quote.html"
        label_format = "{text}"


class CodeBlock(StructBlock):
    """A listing: ``{"language": "python", "code": "print(1)"}``."""

    language = ChoiceBlock(
        choices=[
            ("text", _("Plain text")),
            ("bash", "Shell"),
            ("css", "CSS"),
            ("html", "HTML"),
            ("javascript", "JavaScript"),
            ("json", "JSON"),
            ("python", "Python"),
            ("sql", "SQL"),
            ("typescript", "TypeScript"),
            ("yaml", "YAML"),
        ],
        default="text",
        label=_("Language"),
    )
    code = TextBlock(label=_("Code"), help_text=_("Shown exactly as you type it, line by line."))

    class Meta:
        icon = "code"
        label = _("Code")
        template = "blog/blocks/code.html"
        label_format = "{language}"
