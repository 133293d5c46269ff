"""What editors may use on a landing page and in a gallery."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, TypedDict

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, StructBlock, StructValue, TextBlock
from wagtail.models import Page

from blog.blocks.body import BodyBlock, ShownBlocks
from blog.blocks.links import KnownPageChooserBlock, LinkBlock, LinkObject, LinksBlock
from blog.blocks.media import AudioBlock, GalleryBlock, ImageBlock, ImageChooserBlock, VideoBlock, VideoChooserBlock
from blog.blocks.media_collection import MediaCollectionBlock
from blog.blocks.text import RICH_TEXT_FEATURES, ProseBlock
from blog.experiments.shapes import ExperimentObject
from media_library.api.library import sharing
from media_library.api.references import Reference
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
    """A page as lists show it. ``date`` is a day or a moment in ISO 8601.

    ``experiment`` has two pictures to try in the place of ``image``; null where nothing is tried.
    """

    id: int
    type: str
    title: str
    summary: str
    url: str
    date: str | None
    image: Annotated[dict[str, Any], CustomImage] | None
    experiment: ExperimentObject | None


class CardListBlock(ListBlock):
    """Pages, as lists show them."""

    def expected(self, raw: Any) -> Iterator[Reference]:
        """What cards show of the pages, loaded along with all else (media_library.api.references)."""
        from blog.api.cards import known_pages

        for item in raw or ():
            yield known_pages, item["value"] if isinstance(item, dict) else item

    def get_api_representation(self, value: Any, context: dict[str, Any] | None = None) -> list[Card]:
        # Wagtail's API can't be imported before all models are there, and models import their blocks.
        from blog.api.cards import cards

        return cards(shown_pages(value), {} if context is None else context)


class ShownCards(StructValue):
    """Cards in their place."""

    @cached_property
    def shown(self) -> list[Page]:
        """The pages that visitors may see, in order."""
        return shown_pages(self.get("pages") or ())


def shown_pages(pages: Iterable[Page | None]) -> list[Page]:
    from blog.api.cards import known_pages

    with sharing() as shared:
        known = shared.once(known_pages)
        ids = [page.pk for page in pages if page is not None]
        known.expect(ids)
        return [page for page in map(known.get, ids) if page is not None]


class CardsBlock(StructBlock):
    """Pages to go on to: ``{"heading": "…", "pages": [{…}, …]}``, each as lists show it (blog.api.cards).

    Pages that visitors may not see are left out.
    """

    heading = CharBlock(required=False, max_length=160, label=_("Heading"))
    pages = CardListBlock(KnownPageChooserBlock(), min_num=1, max_num=24, label=_("Pages"))

    class Meta:
        icon = "doc-full-inverse"
        label = _("Cards of pages")
        template = "blog/blocks/cards.html"
        label_format = "{heading}"
        value_class = ShownCards


class CallToActionObject(TypedDict):
    """A sentence and where to go."""

    text: str
    link: LinkObject


class CallToActionBlock(StructBlock):
    """A sentence and where to go: ``{"text": "…", "link": {…}}``. None while the link leads nowhere."""

    text = CharBlock(max_length=300, label=_("Text"))
    link = LinkBlock(label=_("Button"))

    def get_api_representation(
        self, value: StructValue, context: dict[str, Any] | None = None
    ) -> CallToActionObject | None:
        link = self.child_blocks["link"].get_api_representation(value["link"], context=context)
        return {"text": value["text"], "link": link} if link is not None else None

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
