"""Blocks that lead somewhere."""

from collections.abc import Iterable
from typing import Any, TypedDict

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, PageChooserBlock, StreamBlock, StructBlock, StructValue, URLBlock
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.models import Page

from media_library.api.library import library


class KnownPageChooserBlock(PageChooserBlock):
    """Chooses a page, and takes it from what the response has loaded already."""

    def bulk_to_python(self, values: Iterable[int | None]) -> list[Page | None]:
        values = list(values)
        pages = library().pages
        pages.expect(value for value in values if value is not None)
        return [pages.get(value) if value is not None else None for value in values]


class LinkObject(TypedDict):
    """A link. ``page`` is the id of the page it leads to, or null."""

    label: str
    url: str
    page: int | None


class Link(StructValue):
    """A link in its place."""

    @cached_property
    def destination(self) -> Page | None:
        """The page that it leads to, in the language that is shown; None if visitors may not go there."""
        page = self.get("page")
        page = library().localized(page) if page is not None else None
        return page if page is not None and library().may_visit(page) else None

    @property
    def url(self) -> str:
        """Where it leads; empty where there is nothing any more."""
        if self.destination is not None:
            return self.destination.get_url(library().request) or ""
        return self.get("url") or ""

    @property
    def label(self) -> str:
        return self.get("label") or (self.destination.title if self.destination is not None else "")

    # Templates find the fields of a block before its properties, so ``url`` and ``label`` have other names there.

    @property
    def href(self) -> str:
        return self.url

    @property
    def text(self) -> str:
        return self.label


class LinkBlock(StructBlock):
    """A link to a page here or to an address elsewhere: ``{"label": "About", "url": "https://…", "page": 7}``.

    None while the page it leads to is not live, or closed to whoever asks.
    """

    label = CharBlock(
        required=False, max_length=100, label=_("Text"), help_text=_("Leave it empty to use the title of the page.")
    )
    page = KnownPageChooserBlock(required=False, label=_("Page"))
    url = URLBlock(required=False, label=_("Or an address"), help_text=_("For example https://example.org/"))

    def clean(self, value: Link) -> Link:
        value = super().clean(value)
        if self.is_deferred_validation:
            return value
        page, url = value.get("page"), value.get("url")
        if bool(page) == bool(url):
            message = _("Choose a page or write an address, one of the two.")
            raise StructBlockValidationError(block_errors={"page": ValidationError(message, code="one_of_two")})
        if url and not value.get("label"):
            message = _("Write the text that readers see in place of the address.")
            raise StructBlockValidationError(block_errors={"label": ValidationError(message, code="required")})
        return value

    def get_api_representation(self, value: Link, context: dict[str, Any] | None = None) -> LinkObject | None:
        if not value.url:
            return None
        return {
            "label": value.label,
            "url": value.url,
            "page": value.destination.pk if value.destination is not None else None,
        }

    class Meta:
        icon = "link"
        label = _("Link")
        label_format = "{label}"
        value_class = Link


class LinksBlock(ListBlock):
    """A list of links, without those that lead nowhere."""

    leaves_out_null = True

    def __init__(self, **options: Any):
        super().__init__(LinkBlock(), **options)

    def get_api_representation(self, value: Any, context: dict[str, Any] | None = None) -> list[LinkObject]:
        return [shown for shown in super().get_api_representation(value, context=context) if shown is not None]


class MenuItemObject(LinkObject):
    """An entry of a menu, with those below it."""

    children: list[LinkObject]


class MenuItemBlock(StructBlock):
    """An entry of a menu, with those below it::

    {"label": "About", "url": "https://…", "page": 7, "children": [{"label": "…", "url": "…", "page": null}]}

    An entry that leads nowhere is left out with all that is below it: nobody could open it.
    """

    link = LinkBlock(label=_("Link"))
    children = LinksBlock(required=False, default=[], label=_("Below it"))

    def get_api_representation(self, value: Any, context: dict[str, Any] | None = None) -> MenuItemObject | None:
        shown = super().get_api_representation(value, context=context)
        link: LinkObject | None = shown["link"]
        return {**link, "children": shown["children"]} if link is not None else None

    class Meta:
        icon = "list-ul"
        label = _("Entry")


class MenuBlock(StreamBlock):
    """A menu: a list of entries, without those that lead nowhere."""

    item = MenuItemBlock()

    def get_api_representation(self, value: Any, context: dict[str, Any] | None = None) -> list[MenuItemObject]:
        shown = (item.block.get_api_representation(item.value, context=context) for item in value)
        return [item for item in shown if item is not None]


class ProfileObject(TypedDict):
    """Where else somebody, or a site, is found."""

    label: str
    url: str


class PersonLinksBlock(StreamBlock):
    """Where else a person is found: ``[{"label": "Mastodon", "url": "https://…"}]``."""

    link = StructBlock(
        [
            (
                "label",
                CharBlock(max_length=100, label=_("Text"), help_text=_("For example: Mastodon, or a web site.")),
            ),
            ("url", URLBlock(label=_("Address"))),
        ],
        icon="link",
        label=_("Link"),
        label_format="{label}",
    )

    def get_api_representation(self, value: Any, context: dict[str, Any] | None = None) -> list[ProfileObject]:
        return [{"label": one.value["label"], "url": one.value["url"]} for one in value]
