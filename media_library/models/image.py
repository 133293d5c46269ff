from collections.abc import Iterable, Sequence
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_cleanup import cleanup
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    Filter,
    ImageQuerySet,
    SourceImageIOError,
    WagtailImageField,
    get_rendition_upload_to,
)

from media_library.conf import conf
from media_library.exceptions import Busy, DamagedFile, UnacceptableFile
from media_library.imaging.engine import Encoded, render
from media_library.imaging.operations import COLLECTION, NO_WATERMARK, OwnWatermark, PictureEdits, Recipe
from media_library.imaging.orders import Subject, order
from media_library.imaging.presets import LADDER, ORIGINAL, fallback_format
from media_library.imaging.vector import render_svg
from media_library.imaging.watermark import Watermark, read_picture
from media_library.models.asset import RIGHTS, Asset, upload_to
from media_library.models.collection import CollectionSettings
from media_library.models.encoded import store_encoded
from media_library.models.files import developed_name, originals_storage, public_storage, sha256
from media_library.models.recipe import RecipeField
from media_library.signals import variants_changed
from media_library.single_flight import single_flight


@cleanup.select
class CustomImage(Asset, AbstractImage):
    """An image of the library, and Wagtail's image model (``WAGTAILIMAGES_IMAGE_MODEL``).

    ``Asset`` comes first in the bases, so its fields stand in place of those of the same name in ``AbstractImage``.
    """

    KIND = Asset.Kind.IMAGE

    # No width_field and height_field: they would store what the file's header says, without EXIF orientation.
    file = WagtailImageField(verbose_name=_("file"), upload_to=upload_to, storage=originals_storage, max_length=255)
    has_alpha = models.BooleanField(_("transparent"), default=False, editable=False)
    is_animated = models.BooleanField(_("animated"), default=False, editable=False)
    # Whether its JPEGs have a gain map (imaging/gain_map.py). Edits of its pixels end that.
    is_hdr = models.BooleanField(_("HDR"), default=False, db_default=False, editable=False)
    # The film of a motion photo, and whether its file has one that was not taken out yet.
    motion = models.ForeignKey(
        "media_library.Video",
        verbose_name=_("film of the motion photo"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="stills",
    )
    holds_film = models.BooleanField(_("holds a film"), default=False, db_default=False, editable=False)
    # How the original is edited before anything is made from it; imaging/operations.py. Width and height are those
    # of the edited picture.
    recipe = RecipeField(_("edits"), default=dict, blank=True, editable=False)

    objects = models.Manager.from_queryset(ImageQuerySet)()

    admin_form_fields = (
        "title",
        "file",
        "alt_text",
        "description",
        "caption",
        "visible_text",
        "credit",
        "licence",
        *RIGHTS,
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )
    search_fields = Asset.search_fields

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")
        permissions = [("choose_image", "Can choose image")]

    def get_recipe(self) -> Recipe:
        """How the original is edited. Raises ``UnacceptableRecipe`` for one that nobody could have saved."""
        return Recipe.from_json(self.recipe)

    def get_watermark(self) -> Watermark | None:
        """The mark on each of its renditions: its own, or that of its collection; None without one.

        Reads the watermark's picture, as edited. Raises ``DamagedFile`` when that can't be done: without its mark,
        nothing may be made of a picture.
        """
        wanted = self.get_recipe().watermark
        if wanted == COLLECTION:
            settings = CollectionSettings.objects.filter(collection=self.collection_id).first()
            wanted = settings.watermark if settings else NO_WATERMARK
        if not isinstance(wanted, OwnWatermark):
            return None
        # No logo is stamped on itself.
        logo = type(self).objects.filter(pk=wanted.image).exclude(pk=self.pk).first()
        if logo is None and (not wanted.text or wanted.image == self.pk):
            return None
        return Watermark(wanted.text, logo and logo.as_watermark(), wanted.position, wanted.opacity)

    def as_watermark(self) -> Any:
        """The edited pixels of this image, as large as a watermark ever is. Raises ``DamagedFile``."""
        if self.is_svg():
            raise DamagedFile(gettext("A drawing in SVG can't be a watermark. Choose a PNG with transparency."))
        try:
            with self.file.open("rb") as file:
                return self.get_recipe().apply(read_picture(file))
        except (FileNotFoundError, UnacceptableFile) as error:
            message = gettext("The picture of the watermark, “%(title)s”, can't be read. Choose another one.")
            raise DamagedFile(message % {"title": self.title}) from error

    def get_edits(self) -> PictureEdits:
        """All that is done to this picture, for the engine. Raises what ``get_watermark`` raises."""
        return PictureEdits(self.get_recipe(), self.get_watermark())

    def edited(self, unedited: list[Encoded]) -> list[Encoded]:
        """The same renditions with this picture's edits: rendered again, if there is anything to edit.

        None at all where the watermark can't be read; the job that comes next tells its editor.
        """
        if self.is_svg():
            return unedited
        try:
            edits = self.get_edits()
        except DamagedFile:
            return []
        if edits.is_empty:
            return unedited
        subject = self.subject
        with self.open_file() as file:
            wanted = [order(one.spec, subject, one.preset) for one in unedited]
            return render(file.file, subject, wanted, edits=edits)

    @property
    def default_alt_text(self) -> str:
        """What Wagtail offers as alt text where an editor places this image."""
        return self.alt

    @property
    def subject(self) -> Subject:
        """This picture as the engine sees it."""
        return Subject(
            self.width or 1,
            self.height or 1,
            self.has_alpha,
            self.is_animated,
            self.focal_point_x,
            self.focal_point_y,
            self.focal_point_width,
            self.focal_point_height,
            self.is_hdr,
        )

    def get_rendition(self, filter: Filter | str) -> "CustomRendition":
        """As Wagtail's, but ``original`` stands for the largest rendition that there is: the original is private."""
        if getattr(filter, "spec", filter) == ORIGINAL and (largest := self.largest_rendition()):
            return largest
        return super().get_rendition(filter)

    def largest_rendition(self) -> "CustomRendition | None":
        """The largest that workers have made for visitors, in the format that everything can show; None before."""
        ladder = self.renditions.filter(preset=LADDER, filter_spec__endswith=self._fallback_ending)
        return ladder.order_by("-width").first()

    @property
    def _fallback_ending(self) -> str:
        return ORIGINAL if self.is_svg() else f"format-{fallback_format(self.has_alpha, self.is_animated)}"

    def create_rendition(self, filter: Filter) -> "CustomRendition":
        return self.create_renditions(filter)[filter]

    def create_renditions(self, *filters: Filter) -> dict[Filter, "CustomRendition"]:
        """Make what is missing with our engine, from a single decode; another process may do so at the same time.

        Raises ``InvalidFilterSpecError``, or ``SourceImageIOError`` when the original is missing or damaged.
        """
        if not filters:
            return {}
        try:
            with single_flight(f"renditions-{self.pk}", conf.RENDER_WAIT_SECONDS):
                # What another process has made meanwhile needs no making.
                found = self.find_existing_renditions(*filters)
                return found | self._create_renditions([one for one in filters if one not in found])
        except Busy:
            # To make it twice is slow, and does no harm.
            return self._create_renditions(filters)

    def _create_renditions(self, filters: Sequence[Filter]) -> dict[Filter, "CustomRendition"]:
        if not filters:
            return {}
        rows = [CustomRendition.from_encoded(self, one) for one in self._render(filters)]
        CustomRendition.objects.bulk_create(rows, ignore_conflicts=True)
        stored = {
            (row.filter_spec, row.focal_point_key): row
            for row in self.renditions.filter(filter_spec__in=[row.filter_spec for row in rows])
        }
        for row in rows:
            kept = stored.get((row.filter_spec, row.focal_point_key))
            if kept is None or kept.file.name != row.file.name:
                # The other process was first, and made other bytes; or the file was replaced meanwhile.
                row.file.delete(save=False)
            if kept is None:
                raise SourceImageIOError("The picture was replaced or deleted while a rendition was made.")
        variants_changed.send(CustomImage, asset_id=self.pk)
        return {one: stored[one.spec, one.get_cache_key(self)] for one in filters}

    def _render(self, filters: Iterable[Filter]) -> list[Encoded]:
        if self.is_svg():
            return [render_svg(self, one) for one in filters]
        subject = self.subject
        with self.open_file() as file:
            try:
                wanted = [order(one.spec, subject) for one in filters]
                return render(file.file, subject, wanted, edits=self.get_edits())
            except UnacceptableFile as error:
                # Wagtail's templates show its sign for a missing picture then.
                raise SourceImageIOError(str(error)) from error


@cleanup.select
class CustomRendition(AbstractRendition):
    """One size and format of an image, made by a worker beforehand or by ``get_rendition`` on demand."""

    image = models.ForeignKey(CustomImage, on_delete=models.CASCADE, related_name="renditions")
    # No width_field and height_field: they would read each file again, from S3 too.
    file = WagtailImageField(upload_to=get_rendition_upload_to, storage=public_storage, max_length=255)
    file_size = models.PositiveIntegerField(_("file size"), null=True, editable=False)
    # The preset that it was made for; blank when somebody asked for it.
    preset = models.CharField(_("preset"), max_length=32, blank=True, default="", editable=False)
    quality = models.PositiveSmallIntegerField(_("quality"), null=True, editable=False)
    is_polished = models.BooleanField(_("polished"), default=False, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="unique_rendition"),
        ]

    @classmethod
    def from_encoded(cls, image: CustomImage, encoded: Encoded) -> Self:
        """Store the file of a rendition, and return its row, not saved yet."""
        return store_encoded(cls(image=image, focal_point_key=encoded.key), encoded)

    def get_upload_to(self, filename: str) -> str:
        """Name by asset, version, filter and a hash of the bytes: the same bytes always get the same name."""
        label = self.filter_spec.replace("|", ".")
        if self.focal_point_key:
            label = f"{self.focal_point_key}.{label}"
        digest = sha256(self.file.file)
        return developed_name(self.image_id, self.image.version, label, digest, filename.rpartition(".")[2])
