import re
from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from wagtail.models import CollectionMember, ReferenceIndex
from wagtail.search import index
from wagtail.search.queryset import SearchableQuerySetMixin

from media_library.exceptions import UnacceptableFile
from media_library.models.files import discard, original_name

FOUND_OUT = {
    "status",
    "status_reason",
    "version",
    "file_size",
    "file_hash",
    "public_id",
    "mime_type",
    "width",
    "height",
    "duration",
    "has_alpha",
    "is_animated",
    "is_hdr",
    "recipe",
    "motion",
    "holds_film",
    "thumbhash",
    "dominant_color",
    "projection",
    "recognition",
    "metadata",
    "taken_at",
    "bytes_saved",
    "view_count",
    "trashed_at",
    "trashed_by",
}
"""Columns that belong to intake, to workers and to counters; saving an asset writes them only with a new file."""


RECOGNITION = 1
"""What files are looked at for by now: 1 is panoramas, motion photos and gain maps. Raise it for what comes next."""

RIGHTS = ("source", "expires_on", "legal_basis", "model_release")
"""Fields of forms, besides credit and licence, that say by which right an asset is shown."""

PARTS_OF_NAMES = re.compile(r"[^\W_]+")

IN_TRASH, SHOWN = models.Q(trashed_at__isnull=False), models.Q(trashed_at__isnull=True)


class AssetQuerySet(SearchableQuerySetMixin, models.QuerySet):
    """Assets of any kind, searchable."""


class Asset(CollectionMember, index.Indexed, models.Model):
    """What every asset has, whatever its kind: an asset is to media what a page is to content.

    Write through the concrete kind only (``CustomImage``, ``Video``, ``Audio``, ``CustomDocument``): saving through
    ``Asset`` files a second entry in the search index. ``Asset.objects.filter(...).update(...)`` is fine.
    """

    class Kind(models.TextChoices):
        IMAGE = "image", _("Image")
        VIDEO = "video", _("Video")
        AUDIO = "audio", _("Audio")
        DOCUMENT = "document", _("Document")

    class Status(models.TextChoices):
        UPLOADED = "uploaded", _("Waiting")
        PROCESSING = "processing", _("Processing")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    class LegalBasis(models.TextChoices):
        """Article 6(1) of the GDPR, as far as it bears on media, and what journalism has of its own (Article 85)."""

        CONSENT = "consent", _("Consent")
        CONTRACT = "contract", _("Contract")
        LEGAL_OBLIGATION = "legal_obligation", _("Legal obligation")
        PUBLIC_TASK = "public_task", _("Public interest")
        LEGITIMATE_INTERESTS = "legitimate_interests", _("Legitimate interests")
        JOURNALISM = "journalism", _("Journalism (Article 85)")
        NO_PEOPLE = "no_people", _("Shows no people")

    class ModelRelease(models.TextChoices):
        NOT_NEEDED = "not_needed", _("Not needed")
        SIGNED = "signed", _("Signed")
        LIMITED = "limited", _("Limited release")
        MISSING = "missing", _("Missing")

    KIND: ClassVar[str]
    """Set by each concrete kind."""

    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, editable=False)
    title = models.CharField(_("title"), max_length=255)
    description = models.CharField(_("description"), max_length=255, blank=True, default="")
    alt_text = models.CharField(
        _("alt text"),
        max_length=500,
        blank=True,
        default="",
        help_text=_("What can be seen, for someone who can't see it. A page may say something more fitting."),
    )
    caption = models.TextField(_("caption"), blank=True, default="")
    visible_text = models.TextField(
        _("words in the picture"),
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "What can be read in it, as on a sign or a screenshot. Editors find it by these words; visitors don't."
        ),
    )
    credit = models.CharField(_("credit"), max_length=255, blank=True, default="")
    licence = models.CharField(_("licence"), max_length=255, blank=True, default="")
    tags = TaggableManager(help_text=None, blank=True, verbose_name=_("tags"))

    # Rights (rights.py): where it comes from, until when it may be shown, and why people in it may be shown at all.
    source = models.CharField(
        _("source"), max_length=255, blank=True, default="", help_text=_("Agency, archive or person it comes from.")
    )
    expires_on = models.DateField(
        _("may be used until"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("The last day on which it may be shown. After it, pages with it can't be published."),
    )
    legal_basis = models.CharField(
        _("legal basis"),
        max_length=24,
        choices=LegalBasis.choices,
        blank=True,
        default="",
        help_text=_("GDPR, Article 6"),
    )
    model_release = models.CharField(
        _("model release"), max_length=16, choices=ModelRelease.choices, blank=True, default=""
    )

    # In the trash since then, and put there by whom: out of every listing, until it is restored or deleted for good.
    trashed_at = models.DateTimeField(_("in the trash since"), null=True, editable=False)
    trashed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("put in the trash by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    trashed_by.wagtail_reference_index_ignore = True

    status = models.CharField(
        _("status"), max_length=16, choices=Status.choices, default=Status.UPLOADED, editable=False
    )
    status_reason = models.TextField(_("reason"), blank=True, default="", editable=False)
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)

    filename = models.CharField(_("file name"), max_length=255, blank=True, default="", editable=False)
    file_size = models.PositiveBigIntegerField(_("file size"), null=True, editable=False)
    # SHA-256 in 64 hexadecimal digits. The name is Wagtail's, whose search for duplicates reads it.
    file_hash = models.CharField(_("SHA-256"), max_length=64, blank=True, default="", editable=False)
    # What Cloudinary calls the original; blank in other storages, where the name of the file says it all.
    public_id = models.CharField(_("public id"), max_length=255, blank=True, default="", editable=False)
    mime_type = models.CharField(_("MIME type"), max_length=100, blank=True, default="", editable=False)
    # As seen: with the orientation of EXIF or of the film's display matrix applied. Pixels; seconds.
    width = models.PositiveIntegerField(_("width"), null=True, editable=False)
    height = models.PositiveIntegerField(_("height"), null=True, editable=False)
    duration = models.FloatField(_("duration"), null=True, editable=False)
    # Where it goes all around whoever looks at it, how (imaging/projection.py); null for what is flat.
    projection = models.JSONField(_("projection"), null=True, editable=False)
    # What its file was looked at for; less than RECOGNITION is looked at again in time (housekeeping/older_files.py).
    recognition = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    # What the file says of itself (intake/metadata.py), and the one of it by which a library is sorted.
    metadata = models.JSONField(_("metadata"), default=dict, blank=True, editable=False)
    taken_at = models.DateTimeField(_("taken at"), null=True, db_index=True, editable=False)
    # What stands in for the picture or poster until it has come: ThumbHash in base64, and "#rrggbb".
    thumbhash = models.CharField(_("ThumbHash"), max_length=40, blank=True, default="", editable=False)
    dominant_color = models.CharField(_("dominant colour"), max_length=7, blank=True, default="", editable=False)
    bytes_saved = models.PositiveBigIntegerField(
        _("bytes saved"), default=0, editable=False, help_text=_("By polishing the renditions of this version")
    )

    view_count = models.PositiveBigIntegerField(_("view count"), default=0, editable=False)
    uploaded_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by user"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    uploaded_by_user.wagtail_reference_index_ignore = True
    created_at = models.DateTimeField(_("created at"), auto_now_add=True, db_index=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = AssetQuerySet.as_manager()

    search_fields = [
        *CollectionMember.search_fields,
        index.SearchField("title", boost=10),
        index.AutocompleteField("title"),
        index.FilterField("title"),
        index.SearchField("description"),
        index.AutocompleteField("description"),
        index.SearchField("alt_text"),
        index.AutocompleteField("alt_text"),
        index.SearchField("caption"),
        index.AutocompleteField("caption"),
        index.SearchField("visible_text"),
        index.AutocompleteField("visible_text"),
        index.AutocompleteField("suggested_text"),
        index.SearchField("credit"),
        index.AutocompleteField("credit"),
        index.SearchField("source"),
        index.AutocompleteField("source"),
        index.SearchField("filename"),
        index.AutocompleteField("filename"),
        index.AutocompleteField("filename_parts"),
        # The admin's listings and choosers search by autocompletion only.
        index.SearchField("metadata_text"),
        index.AutocompleteField("metadata_text"),
        index.RelatedFields("tags", [index.SearchField("name", boost=10), index.AutocompleteField("name")]),
        index.FilterField("id"),
        index.FilterField("kind"),
        index.FilterField("status"),
        index.FilterField("file_size"),
        index.FilterField("uploaded_by_user"),
        index.FilterField("created_at"),
        index.FilterField("taken_at"),
        index.FilterField("trashed_at"),
    ]

    class Meta:
        verbose_name = _("asset")
        verbose_name_plural = _("assets")
        indexes = [
            models.Index(fields=["kind", "status"], name="asset_kind_status"),
            models.Index(fields=["kind", "recognition"], name="asset_kind_recognition"),
            models.Index(fields=["status"], name="asset_status"),
            models.Index(fields=["file_hash"], name="asset_file_hash"),
            # Nearly all rows are out of the trash: an index of these would be taken for one that narrows down.
            models.Index(fields=["trashed_at"], condition=IN_TRASH, name="asset_in_trash"),
            # The library's orders; and its counts by folder and permission, which read nothing but the index.
            models.Index(fields=["-created_at", "-id"], condition=SHOWN, name="asset_shown_created"),
            # Programs that keep a copy in step ask for what has changed.
            models.Index(fields=["-updated_at", "-id"], condition=SHOWN, name="asset_shown_updated"),
            models.Index(Lower("title"), "id", condition=SHOWN, name="asset_shown_title"),
            models.Index(fields=["-file_size", "-id"], condition=SHOWN, name="asset_shown_size"),
            models.Index(fields=["-taken_at", "-id"], condition=SHOWN, name="asset_shown_taken"),
            models.Index(
                fields=["collection", "kind", "uploaded_by_user"], condition=SHOWN, name="asset_shown_places"
            ),
        ]

    def __str__(self) -> str:
        # What names it (an old draft, a form, a log) says so.
        return _("%(title)s (in the trash)") % {"title": self.title} if self.trashed_at else self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and leave no file behind when the row can't be written.

        Without a new file, what workers put down (``FOUND_OUT``) is left alone: an editor who saves the form must not
        bring back the status of half a minute ago.
        """
        upload = self.file if self.has_new_file else None
        if upload is None and not self._state.adding and not args and kwargs.get("update_fields") is None:
            left_alone = FOUND_OUT | self.get_deferred_fields()
            fields = [field for field in self._meta.concrete_fields if not field.primary_key]
            kwargs["update_fields"] = [field.name for field in fields if field.name not in left_alone]
        try:
            # post_save is part of it: without its first rendition and its jobs, an asset is half a row.
            with transaction.atomic(using=kwargs.get("using")):
                super().save(*args, **kwargs)
                if upload:
                    self._note_public_id()
        except BaseException as error:
            if upload and upload._committed:
                discard(upload.storage, upload.name, error)
            if upload and self.pk and not isinstance(error, UnacceptableFile):
                note_unsaved(error, self)
            raise
        self._replaced_file = False

    def _note_public_id(self) -> None:
        """Its name has the id of the row, so that the row has to be there first."""
        name_there = getattr(self.file.storage, "public_id", None)
        public_id = name_there(self.file.name) if name_there else ""
        if public_id != self.public_id:
            self.public_id = public_id
            Asset.objects.filter(pk=self.pk).update(public_id=public_id)

    @classmethod
    def get_indexed_objects(cls) -> models.QuerySet:
        """What is in the trash is not found."""
        return super().get_indexed_objects().filter(trashed_at__isnull=True).prefetch_related("suggestions")

    @cached_property
    def specific(self) -> "Asset":
        """This asset as its concrete kind."""
        if type(self) is not Asset:
            return self
        names = {kind.KIND: kind._meta.model_name for kind in Asset.__subclasses__()}
        return getattr(self, names[self.kind])

    @property
    def alt(self) -> str:
        """The alt text, or the best there is in its place."""
        return self.alt_text or self.description or self.title

    @property
    def filename_parts(self) -> str:
        """The words of the file name: PostgreSQL takes "DSC_0042.jpg" for the name of a host, which is one word."""
        return " ".join(PARTS_OF_NAMES.findall(self.filename))

    @property
    def suggested_text(self) -> str:
        """Words that a machine has read in it, of which nobody has decided yet whether they are there."""
        return " ".join(one.text for one in self.suggestions.all() if one.is_open_text)

    @property
    def metadata_text(self) -> str:
        """What the file says of itself, as words to search for; never its position.

        Of numbers there are the day and "ISO 200": nobody looks for an exposure of 0.004 seconds.
        """
        found = {key: value for key, value in self.metadata.items() if key not in ("gps", "taken_at")}
        words = [one for value in found.values() for one in (value if isinstance(value, list) else [value])]
        words += [one.get("title") for one in found.get("chapters", ())]
        if "iso" in found:
            words.append(f"ISO {found['iso']}")
        # As the clock showed it there: 2024-05-17. PostgreSQL takes "-05" for a number below zero.
        day = str(self.metadata.get("taken_at", ""))[:10]
        words += [day, day.replace("-", " ")]
        return " ".join(one for one in words if isinstance(one, str) and one)

    # New files. Wagtail's forms and views assign to ``file``, or store it first and then ask for its metadata.

    _replaced_file = False

    file_change: Any = None
    """A ``replacement.FileChange``: who gives it a new file, and why. For the next ``save()``."""

    @property
    def has_new_file(self) -> bool:
        """Whether saving stores a file that the row doesn't describe yet."""
        file = getattr(self, "file", None)
        return bool(file) and (not file._committed or self._replaced_file)

    def _set_image_file_metadata(self) -> None:
        """Called by Wagtail's image forms when there is a new file; what it says is read on save (intake)."""
        self._replaced_file = True

    _set_document_file_metadata = _set_image_file_metadata

    @staticmethod
    def lock(*asset_ids: int) -> None:
        """Keep others from writing these assets until the transaction ends; they may still be referred to.

        Whoever writes jobs, renditions or the row of a kind as well locks the asset first, and several by id: two that
        took them in different orders would wait for each other, and PostgreSQL end one of both (a deadlock).
        """
        # SQLite has one writer at a time.
        if connection.features.has_select_for_update:
            rows = Asset._base_manager.select_for_update(no_key=True).filter(pk__in=asset_ids).order_by("pk")
            list(rows.values_list("pk"))

    def get_usage(self) -> Iterable:
        return ReferenceIndex.get_grouped_references_to(self)


def note_unsaved(error: BaseException, *assets: Asset) -> None:
    """Note on an error whose files may lie in a storage although their rows don't stand in the database."""
    noted = getattr(error, "unsaved_assets", ())
    error.unsaved_assets = {*noted, *((asset.kind, asset.pk) for asset in assets)}  # type: ignore[attr-defined]


def upload_to(asset: Asset, filename: str) -> str:
    """Name for the original of an asset; ``intake`` has read its bytes by then."""
    return original_name(asset.KIND, asset.pk, asset.version, asset.file_hash, asset.filename or filename)
