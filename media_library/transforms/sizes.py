"""Which size an address asks for, whether or not there is such a picture. No query."""

from collections.abc import Iterable

from media_library.transforms.operations import SEPARATOR, is_size


def size_in_address(name: str) -> str:
    """Of the last part of an address on demand: ``fill-600x400`` of ``fill-600x400_webpquality-70.webp``.

    Empty where it names none, as that of a preset.
    """
    return _first(name.partition(".")[0].split(SEPARATOR))


def size_in_file(name: str) -> str:
    """Of the name of a public file: ``width-320`` of ``12/1/width-320.format-webp-0123456789ab.webp``.

    Empty for what is no rendition of a picture or a poster.
    """
    return _first(name.rpartition("/")[2].split("."))


def _first(parts: Iterable[str]) -> str:
    return next(filter(is_size, parts), "")
