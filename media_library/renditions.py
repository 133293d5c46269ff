"""From encoded bytes to rows: renditions of images, and of the posters of films."""

from io import BytesIO
from typing import TypeVar

from django.core.files.base import File

from media_library.imaging.engine import Encoded
from media_library.imaging.presets import EXTENSIONS
from media_library.models import CustomImage, CustomRendition, PosterRendition, Video

Row = TypeVar("Row", CustomRendition, PosterRendition)


def store_renditions(image: CustomImage, encoded: list[Encoded]) -> list[CustomRendition]:
    """Write the files of these renditions, and return their rows, not saved yet. Names follow from the bytes."""
    return [
        _with_file(
            CustomRendition(
                image=image, filter_spec=one.spec, width=one.width, height=one.height, file_size=len(one.data)
            ),
            one,
        )
        for one in encoded
    ]


def store_poster_renditions(video: Video, encoded: list[Encoded]) -> list[PosterRendition]:
    """Write the files of a poster's renditions, and return their rows, not saved yet."""
    return [
        _with_file(
            PosterRendition(
                video=video,
                version=video.version,
                filter_spec=one.spec,
                width=one.width,
                height=one.height,
                file_size=len(one.data),
            ),
            one,
        )
        for one in encoded
    ]


def _with_file(row: Row, encoded: Encoded) -> Row:
    row.file = File(BytesIO(encoded.data), name=f"encoded.{EXTENSIONS[encoded.format]}")
    row.file.save(row.file.name, row.file.file, save=False)
    return row
