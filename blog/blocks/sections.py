"""What editors may use on a landing page and in a gallery."""

from typing import Annotated, Any, TypedDict

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, StructBlock, TextBlock

from blog.blocks.body import BodyBlock, ShownBlocks
from blog.blocks.links import KnownPageChooserBlock, LinkBlock, LinksBlock
from blog.blocks.media import AudioBlock, GalleryBlock, ImageBlock, ImageChooserBlock, VideoBlock, VideoChooserBlock
from blog.blocks.media_collection import MediaCollectionBlock
from blog.blocks.text import RICH_TEXT_FEATURES, ProseBlock
from media_library.models import CustomImage


class HeroBlock(StructBlock):
    """The first thing that is seen: ``{"heading": "…", "text": "…", "image": {…}, "video": {…}, "links": [{…}]}``.

    ``image`` and ``video`` are null where there is none; with both, the image is what stands until the film plays.
    """

    heading = CharBlock(max_length=160, label=_("Heading"))
    text = TextBlock(required=False, label=_("Text"), help_text=_("One or two sentences."))
    image = ImageChooserBlock(required=False, label=_("Image"))
    video = VideoChooserBlock(required=False, label=_("Film"), help_text=_("Plays without sound behind the text."))
    links = LinksBlock(required=False, default=[], label=_("Buttons"))

    class Meta:
        icon = "image"
        label = _("Hero")
        template = "blog/blocks/hero.html"
        label_format = "{heading}"


class Card(TypedDict):
    """A page as lists show it. ``date`` is a day or a moment in ISO 8601."""

    id: int
    type: str
    title: str
    summary: str
    url: str
    date: str | None
    image: Annotated[dict[str, Any], CustomImage] | None


class CardsBlock(StructBlock):
    """Pages to go on to: ``{"heading": "…", "pages": [{…}, …]}``, each as lists show it."""

    heading = CharBlock(required=False, max_length=160, label=_("Heading"))
    pages = ListBlock(KnownPageChooserBlock(), min_num=1, max_num=24, label=_("Pages"))

    class Meta:
        icon = "doc-full-inverse"
        label = _("Cards of pages")
        template = "blog/blocks/cards.html"
        label_format = "{heading}"


class CallToActionBlock(StructBlock):
    """A sentence and where to go: ``{"text": "…", "link": {…}}``."""

    text = CharBlock(max_length=300, label=_("Text"))
    link = LinkBlock(label=_("Button"))

    class Meta:
        icon = "pick"
        label = _("Call to action")
        template = "blog/blocks/call_to_action.html"
        label_format = "{text}"


class LandingBlock(BodyBlock):
    """The sections of a landing page: what a post has, and sections of its own."""

    hero = HeroBlock(group=_("Sections"))
    cards = CardsBlock(group=_("Sections"))
    call_to_action = CallToActionBlock(group=_("Sections"))


class GalleryBodyBlock(ShownBlocks):
    """What hangs in a gallery."""

    gallery = GalleryBlock(ImageBlock(), min_num=1)
    media_collection = MediaCollectionBlock()
    image = ImageBlock()
    video = VideoBlock()
    audio = AudioBlock()
    rich_text = ProseBlock(features=RICH_TEXT_FEATURES)
