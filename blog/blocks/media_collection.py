"""A media collection in a post."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import ChoiceBlock, IntegerBlock, StructBlock, StructValue
from wagtail.blocks.struct_block import StructBlockValidationError

from media_library.admin.media_collections.chooser import (
    MediaCollectionChooserBlock as StockMediaCollectionChooserBlock,
)
from media_library.api.library import library, sharing
from media_library.api.references import Reference
from media_library.api.shapes import Also
from media_library.models import Asset, MediaCollection, MediaCollectionItem

MOST = 500
"""Items that one block shows at most."""


class MediaCollectionChooserBlock(StockMediaCollectionChooserBlock):
    """Chooses a media collection, and takes it from what the response has loaded already."""

    def bulk_to_python(self, values: Iterable[int | None]) -> list[Any]:
        return library().choose(self.model_class, values)


class Placed(NamedTuple):
    """An asset of the collection, and the caption that it has there."""

    asset: Asset
    caption: str


class ShownCollection(StructValue):
    """A media collection in its place."""

    @property
    def shown(self) -> MediaCollection | None:
        """The collection, if visitors may see it."""
        collection = self.get("media_collection")
        return collection if collection is not None and collection.is_public else None

    @property
    def most(self) -> int:
        return self.get("limit") or MOST

    @cached_property
    def placed(self) -> list[Placed]:
        """What the template shows, in order."""
        if self.shown is None:
            return []
        with sharing() as shared:
            found = shared.curated.assets(self.shown, limit=self.most)
        return [Placed(asset, caption or asset.caption) for asset, caption in found]


class MediaCollectionBlock(StructBlock):
    """The media collection object (media_library.api.media_collections) with its items, and how to lay them out.

    ``{"id": 3, "title": "…", …, "count": 12, "items": [{…}, …], "layout": "grid"}``. None when the collection is gone
    or not public. ``items`` are at most as many as the editor asks for, ``count`` is how many there are.
    """

    media_collection = MediaCollectionChooserBlock(label=_("Media collection"))
    limit = IntegerBlock(
        required=False,
        min_value=1,
        max_value=MOST,
        label=_("How many"),
        help_text=_("Only the first ones of the collection. Leave it empty to show all."),
    )
    layout = ChoiceBlock(
        choices=[("grid", _("Grid")), ("row", _("A row to scroll")), ("list", _("One below the other"))],
        default="grid",
        label=_("Layout"),
    )

    def expected(self, raw: Any) -> Iterator[Reference]:
        """What is in the collection, as the library loads it along with all else (media_library.api.references)."""
        if isinstance(raw, dict) and raw.get("media_collection") is not None:
            yield MediaCollectionItem, (raw["media_collection"], 0, raw.get("limit") or MOST)

    def clean(self, value: ShownCollection) -> ShownCollection:
        value = super().clean(value)
        collection = value.get("media_collection")
        if not self.is_deferred_validation and collection is not None and not collection.is_public:
            raise StructBlockValidationError(
                block_errors={
                    "media_collection": ValidationError(
                        _("“%(title)s” is not public, so nobody would see it. Make it public, or choose another one."),
                        code="not_public",
                        params={"title": collection.title},
                    )
                }
            )
        return value

    def get_api_representation(
        self, value: ShownCollection, context: dict[str, Any] | None = None
    ) -> dict[str, Any] | None:
        # Wagtail's API can't be imported before all models are there, and models import their blocks.
        from media_library.api.media_collections import represent_collection

        if value.shown is None:
            return None
        return represent_collection(value.shown, context, value.most) | {"layout": value.get("layout")}

    def api_type(self) -> Any:
        return Annotated[MediaCollection, Also(layout=self.child_blocks["layout"])] | None

    class Meta:
        icon = "grip"
        label = _("Media collection")
        template = "blog/blocks/media_collection.html"
        value_class = ShownCollection
