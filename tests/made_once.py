"""What is made of the same again and again is made once in a run: the bytes are the same, whoever asked first.

Hundreds of tests develop the same harbour. Encoders know nothing but pixels and settings, so one of these tests waits
for its AVIFs, and the others get them. What encoders do is tested with the encoders themselves.
"""

from collections.abc import Callable
from functools import wraps
from hashlib import blake2b
from typing import Any, ParamSpec, TypeVar

from PIL import Image

P, T = ParamSpec("P"), TypeVar("T")


def made_once(make: Callable[P, T]) -> Callable[P, T]:
    """Remember what was made with these arguments, whose ``repr`` must tell all that they are."""
    made: dict[str, T] = {}

    @wraps(make)
    def remembered(*args: P.args, **options: P.kwargs) -> T:
        key = repr((args, sorted(options.items())))
        if key not in made:
            made[key] = make(*args, **options)
        return made[key]

    return remembered


def encoded_once(encode: Callable[..., bytes]) -> Callable[..., bytes]:
    """Remember what ``media_library.imaging.encoder.encode`` made of these pixels with these settings."""
    encoded: dict[bytes, bytes] = {}

    @wraps(encode)
    def remembered(image: Image.Image, format: str, **options: Any) -> bytes:
        pixels = blake2b(image.tobytes(), digest_size=20)
        pixels.update(repr((image.mode, image.size, image.info, format, sorted(options.items()))).encode())
        key = pixels.digest()
        if key not in encoded:
            encoded[key] = encode(image, format, **options)
        return encoded[key]

    return remembered
