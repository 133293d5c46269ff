"""What the rows of renditions share, whether of an image or of a poster."""

from io import BytesIO
from typing import TypeVar

from django.core.files.base import File
from django.db import models

from media_library.imaging.engine import Encoded
from media_library.imaging.presets import EXTENSIONS

Row = TypeVar("Row", bound=models.Model)


def store_encoded(row: Row, encoded: Encoded) -> Row:
    """Put down on a row what the engine made, and store its file. The row is not saved yet."""
    row.filter_spec, row.preset, row.quality = encoded.spec, encoded.preset, encoded.quality
    row.width, row.height, row.file_size = encoded.width, encoded.height, len(encoded.data)
    # Assigned first, since the name is made from the bytes.
    row.file = File(BytesIO(encoded.data), name=f"encoded.{EXTENSIONS[encoded.format]}")
    row.file.save(row.file.name, row.file.file, save=False)
    return row
