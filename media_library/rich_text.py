"""Rich text as visitors and front ends get it. Never renders, and looks up what it refers to all at once."""

from typing import Any

from django.utils.html import escape
from wagtail.documents.rich_text import DocumentLinkHandler as StockDocumentLinkHandler
from wagtail.images.formats import FORMATS_BY_NAME, get_image_formats
from wagtail.images.rich_text import ImageEmbedHandler as StockImageEmbedHandler
from wagtail.rich_text.feature_registry import FeatureRegistry
from wagtail.rich_text.pages import PageLinkHandler as StockPageLinkHandler

from media_library.api.batch import Batch
from media_library.api.html import picture_html
from media_library.api.library import library, sharing

# With loading="lazy", browsers that know "auto" use the width that the layout gives the picture.
SIZES = "auto, 100vw"


class ImageEmbedHandler(StockImageEmbedHandler):
    """``<embed embedtype="image" id="12" format="left" alt="Boats"/>`` becomes the library's ``<picture>``.

    The format's class names are put on it: ``<picture class="richtext-image left">``.
    """

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict]) -> list[str]:
        with sharing() as library:
            images = _get_many(library.images, attrs_list)
            return [
                picture_html(
                    image, sizes=SIZES, alt=attrs.get("alt", ""), css_class=_class_name(attrs.get("format", ""))
                ).strip()
                for attrs, image in zip(attrs_list, images, strict=True)
            ]


class PageLinkHandler(StockPageLinkHandler):
    """Wagtail's, with the pages that the response has loaded already, and their translations."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict]) -> list[str]:
        with sharing() as library:
            pages = [library.localized(page) if page else None for page in _get_many(library.pages, attrs_list)]
            urls = [page.get_url(library.request) if page else None for page in pages]
        return [f'<a href="{escape(url)}">' if url else "<a>" for url in urls]


class DocumentLinkHandler(StockDocumentLinkHandler):
    """Wagtail's, with the documents that the response has loaded already, and a host for front ends elsewhere."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict]) -> list[str]:
        return [
            f'<a href="{escape(library().absolute(document.url))}">' if document else "<a>"
            for document in _get_many(library().documents, attrs_list)
        ]


def register_handlers(features: FeatureRegistry) -> None:
    """Take the place of Wagtail's handlers; a hook that must run after Wagtail's own."""
    features.register_embed_type(ImageEmbedHandler)
    features.register_link_type(PageLinkHandler)
    features.register_link_type(DocumentLinkHandler)


def _get_many(batch: Batch, attrs_list: list[dict]) -> list[Any]:
    ids = [int(attrs["id"]) if attrs.get("id", "").isdecimal() else None for attrs in attrs_list]
    batch.expect(one for one in ids if one is not None)
    return [batch.get(one) if one is not None else None for one in ids]


def _class_name(format_name: str) -> str:
    get_image_formats()  # finds those that apps register
    image_format = FORMATS_BY_NAME.get(format_name)
    return image_format.classname if image_format else "richtext-image"
