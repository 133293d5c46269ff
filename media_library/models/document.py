from django.db import models
from django.utils.translation import gettext_lazy as _
from django_cleanup import cleanup
from wagtail.documents.models import AbstractDocument, DocumentQuerySet

from media_library.models.asset import RIGHTS, Asset, upload_to
from media_library.models.files import originals_storage


@cleanup.select
class CustomDocument(Asset, AbstractDocument):
    """A document of the library, and Wagtail's document model (``WAGTAILDOCS_DOCUMENT_MODEL``).

    Its file is private like every original; Wagtail's serve view hands it out, after the collection's restrictions.
    """

    KIND = Asset.Kind.DOCUMENT

    file = models.FileField(_("file"), upload_to=upload_to, storage=originals_storage, max_length=255)

    objects = models.Manager.from_queryset(DocumentQuerySet)()

    admin_form_fields = ("title", "file", "description", "credit", "licence", *RIGHTS, "collection", "tags")
    search_fields = Asset.search_fields

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions = [("choose_document", "Can choose document")]
