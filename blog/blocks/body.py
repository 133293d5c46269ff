"""What editors may use in a post."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import StreamBlock

from blog.blocks.media import AudioBlock, EmbedBlock, GalleryBlock, ImageBlock, VideoBlock
from blog.blocks.media_collection import MediaCollectionBlock
from blog.blocks.text import RICH_TEXT_FEATURES, CodeBlock, HeadingBlock, ProseBlock, QuoteBlock
from blog.contents import table_of_contents

SEARCHED_BYTES = 500_000
"""How much of a body is searched. PostgreSQL refuses to save more than a megabyte of words and their places."""


class ShownBlocks(StreamBlock):
    """Blocks without those whose media are gone or closed to the client."""

    leaves_out_null = True

    def get_searchable_content(self, value: Any) -> list[str]:
        found, room = [], SEARCHED_BYTES
        for text in super().get_searchable_content(value):
            part = str(text).encode()[:room].decode(errors="ignore")
            room -= len(part.encode())
            found.append(part)
        return found

    def get_api_representation(self, value: Any, context: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        return [block for block in super().get_api_representation(value, context) if block["value"] is not None]


class BodyBlock(ShownBlocks):
    """The body of a post: ``[{"type": "image", "value": {…}, "id": "…"}, …]``.

    Blocks whose media are gone or closed to the client are left out.
    """

    heading = HeadingBlock(group=_("Text"))
    rich_text = ProseBlock(features=RICH_TEXT_FEATURES, group=_("Text"))
    quote = QuoteBlock(group=_("Text"))
    code = CodeBlock(group=_("Text"))
    image = ImageBlock(group=_("Media"))
    gallery = GalleryBlock(ImageBlock(), min_num=1, group=_("Media"))
    media_collection = MediaCollectionBlock(
        group=_("Media"),
        help_text=_("Pictures, films and sounds that are put together in the media library."),
    )
    video = VideoBlock(group=_("Media"))
    audio = AudioBlock(group=_("Media"))
    embed = EmbedBlock(
        group=_("Media"),
        help_text=_("The address of a page on YouTube, Vimeo, SoundCloud and many others."),
    )

    def get_api_representation(self, value: Any, context: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        shown = super().get_api_representation(value, context)
        headings = (block["value"] for block in shown if block["type"] == "heading")
        for heading, entry in zip(headings, table_of_contents(value), strict=False):
            heading["id"] = entry["id"]
        return shown
