"""Blocks of pictures, film and sound. In the API, each is the library's own object, with the words of this place."""

from collections.abc import Iterable
from copy import copy
from typing import Any, TypedDict, Union

from django.core.exceptions import ValidationError
from django.forms import Media
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.telepath import register
from wagtail.blocks import BooleanBlock, CharBlock, ListBlock, StructBlock, StructValue
from wagtail.blocks.list_block import ListBlockAdapter
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.embeds.blocks import EmbedBlock as StockEmbedBlock
from wagtail.embeds.blocks import EmbedValue
from wagtail.images.blocks import ImageBlockAdapter

from media_library.admin.choosing.blocks import MediaChooserBlock
from media_library.admin.choosing.kinds import MODELS
from media_library.api.library import library
from media_library.models import Asset


def represent(asset: Asset | None, context: dict[str, Any] | None) -> dict[str, Any] | None:
    """The public object of an asset; None when it is gone or closed to the client."""
    # Wagtail's API can't be imported before all models are there, and models import their blocks.
    from media_library.api import serializers

    return serializers.represent(asset, context)


class FromLibrary(MediaChooserBlock):
    """A chooser that takes its assets from what the response has loaded already, and shows them whole in the API."""

    def bulk_to_python(self, values: Iterable[int | None]) -> list[Any]:
        return library().choose(self.model_class, values)

    def get_api_representation(self, value: Any, context: dict[str, Any] | None = None) -> dict[str, Any] | None:
        return represent(value, context)

    def api_type(self) -> Any:
        """What the API gives, for types of front ends (media_library/api/shapes.py)."""
        return Union[*(MODELS[kind] for kind in self.kinds), None]


class ImageChooserBlock(FromLibrary):
    """Chooses an image."""

    kinds = (Asset.Kind.IMAGE,)


class VideoChooserBlock(FromLibrary):
    """Chooses a video."""

    kinds = (Asset.Kind.VIDEO,)


class AudioChooserBlock(FromLibrary):
    """Chooses a sound."""

    kinds = (Asset.Kind.AUDIO,)


class WithCaption(StructBlock):
    """An asset and the caption that it has here; the library's caption where there is none."""

    asset_name: str

    def get_api_representation(self, value: Any, context: dict[str, Any] | None = None) -> dict[str, Any] | None:
        asset = value.get(self.asset_name)
        shown = self.child_blocks[self.asset_name].get_api_representation(asset, context=context)
        return shown and shown | {"caption": value.get("caption") or shown["caption"]}

    def api_type(self) -> Any:
        return self.child_blocks[self.asset_name]


class PlacedImage(StructValue):
    """An image in its place: a copy of its own, which knows the alt text that it has here."""

    def __init__(self, block: StructBlock, *args: Any):
        super().__init__(block, *args)
        image = self.get("image")
        if image is not None:
            image = self["image"] = copy(image)
            image.decorative = bool(self.get("decorative"))
            image.contextual_alt_text = "" if image.decorative else self.get("alt_text") or ""


class ImageBlock(WithCaption):
    """The image object (media_library.api.serializers), with the alt text and the caption of this place.

    None when the image is gone or its collection is closed. Asks for alt text as Wagtail's own ImageBlock does, but in
    one flat form with the caption.
    """

    asset_name = "image"

    image = ImageChooserBlock(label=_("Image"))
    decorative = BooleanBlock(
        required=False,
        label=_("Image is decorative"),
        help_text=_("It only pleases the eye: screen readers leave it out."),
    )
    alt_text = CharBlock(
        required=False,
        max_length=500,
        label=_("Alt text"),
        help_text=_("What can be seen here, for someone who can't see it."),
    )
    caption = CharBlock(
        required=False,
        max_length=300,
        label=_("Caption"),
        help_text=_("Shown below the image. Leave it empty to use the caption from the library."),
    )

    def clean(self, value: PlacedImage) -> PlacedImage:
        value = super().clean(value)
        described = value.get("decorative") or value.get("alt_text")
        if not self.is_deferred_validation and value.get("image") and not described:
            raise StructBlockValidationError(
                block_errors={
                    "alt_text": ValidationError(
                        _("Please add some alt text for your image or mark it as decorative"), code="missing_alt_text"
                    )
                }
            )
        return value

    class Meta:
        icon = "image"
        label = _("Image")
        template = "blog/blocks/image.html"
        label_format = "{caption}"
        value_class = PlacedImage


# Wagtail's script for its own ImageBlock: suggests the library's alt text, and takes none of what is decorative.
register(ImageBlockAdapter(), ImageBlock)


class GalleryBlock(ListBlock):
    """A list of images as ``ImageBlock`` shows them, without those that are gone or closed."""

    leaves_out_null = True

    def get_api_representation(self, value: Any, context: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        return [shown for shown in super().get_api_representation(value, context=context) if shown is not None]

    class Meta:
        icon = "grip"
        label = _("Gallery")
        template = "blog/blocks/gallery.html"


class GalleryBlockAdapter(ListBlockAdapter):
    """Wagtail's list, with a button that chooses several images at once."""

    js_constructor = "blog.blocks.GalleryBlock"

    def js_args(self, block: GalleryBlock) -> list[Any]:
        *others, meta = super().js_args(block)
        return [*others, meta | {"chooseSeveral": _("Choose several images")}]

    @cached_property
    def media(self) -> Media:
        return super().media + Media(js=["blog/js/gallery-block.js"])


register(GalleryBlockAdapter(), GalleryBlock)


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


class AudioBlock(WithCaption):
    """The audio object (media_library.api.serializers), with the caption of this place.

    None when the sound is gone or its collection is closed.
    """

    asset_name = "audio"

    audio = AudioChooserBlock(label=_("Audio"))
    caption = CharBlock(
        required=False,
        max_length=300,
        label=_("Caption"),
        help_text=_("Shown below the player. Leave it empty to use the caption from the library."),
    )

    class Meta:
        icon = "media-sound"
        label = _("Audio")
        template = "blog/blocks/audio.html"
        label_format = "{caption}"


class Embed(TypedDict):
    """Something from another site. Pixels."""

    url: str
    html: str
    title: str
    provider: str
    author: str
    thumbnail: str
    width: int | None
    height: int | None


class EmbedBlock(StockEmbedBlock):
    """Something from another site.

    ``{"url": "https://…", "html": "<iframe …>", "title": "…", "provider": "YouTube", "author": "…",
    "thumbnail": "https://…", "width": 1280, "height": 720}``. ``html`` is what the provider answered when the page
    was saved; it is empty where nothing is known, and nobody is asked in a request.
    """

    def get_api_representation(self, value: EmbedValue | None, context: dict[str, Any] | None = None) -> Embed | None:
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
