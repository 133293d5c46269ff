"""What is in a backup. Whatever is not named here is: a table that somebody adds tomorrow must not be forgotten."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps as installed
from django.apps.registry import Apps
from django.db.models import Model

OF_THE_MOMENT = {
    # Who is logged in or is at something just now; what is to be sent or removed, which a copy must not do again.
    "sessions.session",
    "axes.accessattempt",
    "axes.accessattemptexpiration",
    "axes.accessfailurelog",
    "delivery.change",
    "delivery.purge",
    "delivery.deliveredurl",
    "delivery.deliveredtag",
    "delivery.webhookdelivery",
    "media_library.uploadsession",
    "media_library.idempotencykey",
    "media_library.bulkoperation",
    "media_library.bulkbatch",
    "media_library.fileremoval",
    "media_library.filmpart",
    "media_library.supersededfile",
    "media_library.orphansweep",
    "wagtail_headless_preview.pagepreview",
    "wagtailadmin.editingsession",
    "wagtailadmin.formstate",
    "wagtailcore.uploadedfile",
    # Made anew from the other rows by each restore.
    "wagtailsearch.indexentry",
    "wagtailsearch.sqliteftsindexentry",
    "wagtailcore.referenceindex",
}
"""Tables that are in no backup; a restore empties them."""

DEVELOPED = {
    "blog.socialcard",
    "media_library.assetstorage",
    "media_library.customrendition",
    "media_library.posterrendition",
    "media_library.processingjob",
    "media_library.sidecar",
    "media_library.transcode",
    "wagtailimages.rendition",
}
"""Tables of what workers make from originals: taken along with ``--with-derived``, else made again after a restore."""


def tables(apps: Apps = installed) -> Iterator[type[Model]]:
    """All models with a table, those of many-to-many relations among them."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            yield model


def kept_tables(with_derived: bool, apps: Apps = installed) -> list[type[Model]]:
    """Those that are in a backup, by name."""
    left_out = OF_THE_MOMENT if with_derived else OF_THE_MOMENT | DEVELOPED
    kept = (model for model in tables(apps) if model._meta.label_lower not in left_out)
    return sorted(kept, key=lambda model: model._meta.label_lower)


def columns(model: type[Model]) -> list[Any]:
    """The fields that are columns of this very table; those of a parent are in the parent's."""
    return list(model._meta.local_concrete_fields)
