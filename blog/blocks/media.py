"""Blocks of pictures and film. In the API, each is the library's own object, with the words of this place in it."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ChooserBlock, ListBlock, StructBlock
from wagtail.embeds.blocks import EmbedBlock as StockEmbedBlock
from wagtail.embeds.blocks import EmbedValue
from wagtail.images.blocks import ImageBlock as StockImageBlock
from wagtail.images.blocks import ImageChooserBlock as StockImageChooserBlock

from media_library.admin.chooser import VideoChooserBlock as StockVideoChooserBlock
from media_library.api.library import library
from media_library.models import Asset, CustomImage


def represent(asset: Asset | None, context: dict[str, Any] | None) -> dict[str, Any] | None:
    """The public object of an asset; None when it is gone or closed to the client."""
    # Wagtail's API can't be imported before all models are there, and models import their blocks.
    from media_library.api import serializers

    return serializers.represent(asset, context)


class FromLibrary(ChooserBlock):
    """A chooser that takes its assets from what the response has loaded already, and shows them whole in the API."""

    def bulk_to_python(self, values: Iterable[int | None]) -> list[Any]:
        return library().choose(self.model_class, values)

    def get_api_representation(self, value: Any, context: dict[str, Any] | None = None) -> dict[str, Any] | None:
        return represent(value, context)


class ImageChooserBlock(FromLibrary, StockImageChooserBlock):
    """Chooses an image."""


class VideoChooserBlock(FromLibrary, StockVideoChooserBlock):
    """Chooses a video."""


class DescribedImageBlock(StockImageBlock):
    """Wagtail's image with its alt text for this place, taken from the library."""

    def __init__(self, required: bool = True, **kwargs: Any):
        super().__init__(required=required, **kwargs)
        chooser = ImageChooserBlock(required=required, label=_("Image"))
        chooser.set_name("image")
        self.child_blocks["image"] = chooser

    def get_api_representation(
        self, value: CustomImage | None, context: dict[str, Any] | None = None
    ) -> dict[str, Any] | None:
        return represent(value, context)


class WithCaption(StructBlock):
    """An asset and the caption that it has here; the library's caption where there is none."""

    asset_name: str

    def get_api_representation(self, value: Any, context: dict[str, Any] | None = None) -> dict[str, Any] | None:
        asset = value.get(self.asset_name)
        shown = self.child_blocks[self.asset_name].get_api_representation(asset, context=context)
        return shown and shown | {"caption": value.get("caption") or shown["caption"]}


class ImageBlock(WithCaption):
    """The image object (media_library.api.serializers), with the alt text and the caption of this place.

    None when the image is gone or its collection is closed.
    """

    asset_name = "image"

    image = DescribedImageBlock(label=_("Image"))
    caption = CharBlock(
        required=False,
        max_length=300,
        label=_("Caption"),
        help_text=_("Shown below the image. Leave it empty to use the caption from the library."),
    )

    class Meta:
        icon = "image"
        label = _("Image")
        template = "blog/blocks/image.html"
        label_format = "{caption}"


class GalleryBlock(ListBlock):
    """A list of images as ``ImageBlock`` shows them, without those that are gone or closed."""

    def get_api_representation(self, value: Any, context: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        return [shown for shown in super().get_api_representation(value, context=context) if shown is not None]

    class Meta:
        icon = "grip"
        label = _("Gallery")
        template = "blog/blocks/gallery.html"
        collapsed = True


class VideoBlock(WithCaption):
    """The video object (media_library.api.serializers), with the caption of this place.

    None when the video is gone or its collection is closed.
    """

    asset_name = "video"

    video = VideoChooserBlock(label=_("Video"))
    caption = CharBlock(
        required=False,
        max_length=300,
        label=_("Caption"),
        help_text=_("Shown below the video. Leave it empty to use the caption from the library."),
    )

    class Meta:
        icon = "media"
        label = _("Video")
        template = "blog/blocks/video.html"
        label_format = "{caption}"


class EmbedBlock(StockEmbedBlock):
    """Something from another site.

    ``{"url": "https://…", "html": "<iframe …>", "title": "…", "provider": "YouTube", "author": "…",
    "thumbnail": "https://…", "width": 1280, "height": 720}``. ``html`` is what the provider answered when the page
    was saved; it is empty where nothing is known, and nobody is asked in a request.
    """

    def get_api_representation(
        self, value: EmbedValue | None, context: dict[str, Any] | None = None
    ) -> dict[str, Any] | None:
        if value is None:
            return None
        embed = library().embeds.get(value.url)
        return {
            "url": value.url,
            "html": embed.html if embed else "",
            "title": embed.title if embed else "",
            "provider": embed.provider_name if embed else "",
            "author": embed.author_name if embed else "",
            "thumbnail": embed.thumbnail_url if embed else "",
            "width": embed.width if embed else None,
            "height": embed.height if embed else None,
        }

    class Meta:
        icon = "link-external"
        label = _("Embed")
        template = "blog/blocks/embed.html"
