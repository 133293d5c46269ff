"""Renditions that are there: one query, since most requests need nothing else."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import QuerySet
from wagtail.images.models import Filter

from media_library.imaging.presets import FORMATS_BY_EXTENSION, MIME_TYPES, fallback_format
from media_library.models import CustomRendition
from media_library.models.files import developed_folder
from media_library.transforms.operations import Transform


class Original(NamedTuple):
    """The columns of an image that decide about its renditions, and about who may see them."""

    pk: int
    collection_id: int
    version: int
    has_alpha: bool
    is_animated: bool
    recipe: dict[str, Any]
    focal_point_x: int | None
    focal_point_y: int | None
    focal_point_width: int | None
    focal_point_height: int | None


class Finished(NamedTuple):
    """A rendition in public storage, and the name of its file."""

    original: Original
    name: str

    @property
    def mime_type(self) -> str:
        """What the file really is: another format stands in where it has fewer bytes."""
        return MIME_TYPES[FORMATS_BY_EXTENSION[self.name.rpartition(".")[2]]]


_COLUMNS = ("filter_spec", "focal_point_key", "file", *(f"image__{column}" for column in Original._fields))


def find(image_id: int, transform: Transform, formats: Mapping[str, str]) -> Finished | None:
    """The rendition of the image as it is now, with its version and its focal point; None when it is not there.

    ``formats`` says which format is wanted, by the fallback format of the picture.
    """
    specs = {form: transform.spec(form) for form in formats.values()}
    for spec, focal_point_key, name, *columns in _rows().filter(image=image_id, filter_spec__in=specs.values()):
        original = Original(*columns)
        wanted = specs[formats[fallback_format(original.has_alpha, original.is_animated)]]
        if (
            spec == wanted
            and focal_point_key == Filter(spec).get_cache_key(original)
            # Else it was made by somebody who began before the picture was replaced.
            and name.startswith(f"{developed_folder(original.pk, original.version)}/")
        ):
            return Finished(original, name)
    return None


@lru_cache
def _rows() -> QuerySet:
    # Kept, since naming so many columns takes longer than the database does.
    return CustomRendition.objects.values_list(*_COLUMNS)
