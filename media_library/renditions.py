"""Which renditions an image should have, which it has, and how the one becomes the other."""

from collections.abc import Iterable

from media_library.imaging.encoder import measured_settings
from media_library.imaging.orders import Order, orders
from media_library.imaging.presets import FORMATS_BY_EXTENSION
from media_library.manifests import in_force
from media_library.models import CustomImage, CustomRendition
from media_library.models.files import developed_folder
from media_library.superseding import supersede

Key = tuple[str, str]


def wanted_orders(image: CustomImage) -> list[Order]:
    """Everything that presets ask for of this image; nothing of a drawing, which has no sizes."""
    return [] if image.is_svg() else orders(image.subject, in_force().presets)


def missing_orders(image: CustomImage) -> list[Order]:
    """What presets ask for and the image doesn't have, or has from another version, preset or quality."""
    present = {_key(row): row for row in image.renditions.all()}
    return [
        one
        for one in wanted_orders(image)
        if (row := present.get((one.spec, one.key))) is None or not _is_current(row, image, one.preset)
    ]


def has_dropped(image: CustomImage) -> bool:
    """Whether the image has renditions that no preset asks for any more, nor has of late."""
    return any(_dropped(image, image.renditions.all()))


def record_renditions(image: CustomImage, fresh: list[CustomRendition]) -> None:
    """Save rows whose files are stored in place of those they answer to; drop what no preset asks for any more.

    Renditions that somebody asked for stay while their version does. Files that nothing names now are kept for a
    while, since caches may name them.
    """
    present = {_key(row): row for row in image.renditions.all()}
    names_before = {row.file.name for row in present.values()}
    added = []
    for row in fresh:
        old = present.get(_key(row))
        if old is None:
            added.append(row)
        else:
            row.pk = old.pk
            row.save()
            old.purge_from_cache()
        present[_key(row)] = row
    CustomRendition.objects.bulk_create(added)
    drop_renditions(_dropped(image, present.values()))
    kept = {row.file.name for row in image.renditions.all()}
    supersede(image, names_before - kept, kept)


def replace_renditions(image: CustomImage, fresh: list[CustomRendition]) -> None:
    """Save the first rows of a new file; those of the file before it go."""
    old = list(image.renditions.all())
    drop_renditions(old)
    CustomRendition.objects.bulk_create(fresh)
    supersede(image, {row.file.name for row in old}, {row.file.name for row in fresh})


def drop_renditions(rows: Iterable[CustomRendition]) -> None:
    """Delete rows and leave their files alone."""
    rows = list(rows)
    for row in rows:
        row.purge_from_cache()
    # Without signals: Wagtail's would delete the files, which caches may still name.
    chosen = CustomRendition.objects.filter(pk__in=[row.pk for row in rows])
    chosen._raw_delete(chosen.db)


def _key(row: CustomRendition) -> Key:
    return row.filter_spec, row.focal_point_key


def _is_current(row: CustomRendition, image: CustomImage, preset: str) -> bool:
    if row.preset != preset or not _is_of_this_version(row, image):
        return False
    form = FORMATS_BY_EXTENSION[row.file.name.rpartition(".")[2]]
    # Polishing may have found nothing to gain, and left the file as it was developed.
    passes = {False, row.is_polished}
    return row.quality in {measured_settings(form, row.width * row.height, slow).quality for slow in passes}


def _is_of_this_version(row: CustomRendition, image: CustomImage) -> bool:
    return row.file.name.startswith(developed_folder(image.pk, image.version) + "/")


def _dropped(image: CustomImage, rows: Iterable[CustomRendition]) -> list[CustomRendition]:
    if image.is_svg():
        return []
    # Front ends that go by an earlier manifest may show these.
    kept = [one for presets in in_force().kept for one in orders(image.subject, presets)]
    wanted = {(one.spec, one.key) for one in (*wanted_orders(image), *kept)}
    return [row for row in rows if _key(row) not in wanted and (row.preset or not _is_of_this_version(row, image))]
