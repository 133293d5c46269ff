"""Addresses of renditions on demand::

    /transform/<signature>/<expires>/<picture>/<name>
    /transform/7wPZ…/never/12-3f9a2c01/fill-600x400.avif

``expires`` is in Unix seconds, or ``never``. ``picture`` is an image's id, and may name the revision that is meant.
``name`` is what is wanted (``operations.py``). The signature is that of all that follows it.
"""

import hashlib
import json
import re
import time
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from media_library.exceptions import InvalidTransform
from media_library.models import CustomImage
from media_library.transforms.finished import Original
from media_library.transforms.operations import AUTO, Transform
from media_library.transforms.signing import sign

NEVER = "never"

URL_NAME = "transform"
"""Name of the route, whose arguments are the four parts."""

_EXPIRES = re.compile(r"never|\d{1,12}", re.ASCII)
_PICTURE = re.compile(r"(?P<id>\d{1,18})(-(?P<revision>[0-9a-f]{8}))?", re.ASCII)


@dataclass(frozen=True)
class Wanted:
    """An address in parts. ``expires`` is in Unix seconds or None, ``revision`` is empty where none is named."""

    image_id: int
    revision: str
    expires: int | None
    transform: Transform


def transform_url(
    image: CustomImage,
    spec: str,
    *,
    format: str = AUTO,
    expires_in: timedelta | float | None = None,
    base_url: str = "",
) -> str:
    """The signed address of a rendition of ``image``, which is made when somebody first asks for it.

    ``spec`` is a filter spec without a format, as ``"width-800"`` or ``"fill-600x400|webpquality-70"``, or the name
    of a preset. ``format`` is ``avif``, ``webp``, ``jpeg``, ``png``, or ``auto``, with which each client gets the best
    that it accepts.
    ``expires_in`` is a ``timedelta`` or seconds; without it, the address is good for ever. ``base_url`` stands before
    the path: ``https://cms.example.org``.

    Raises ``InvalidTransform`` for what is not allowed.
    """
    seconds = expires_in.total_seconds() if isinstance(expires_in, timedelta) else expires_in
    expires = NEVER if seconds is None else str(int(time.time() + seconds))
    picture = f"{image.pk}-{revision(image)}"
    name = Transform.from_spec(spec, format).name
    return base_url + reverse(URL_NAME, args=[sign(message(expires, picture, name)), expires, picture, name])


def message(expires: str, picture: str, name: str) -> str:
    """What is signed: the rest of the path."""
    return f"{expires}/{picture}/{name}"


def read_address(expires: str, picture: str, name: str) -> Wanted:
    """Take an address apart. Raises ``InvalidTransform``."""
    who = _PICTURE.fullmatch(picture)
    if not who or not _EXPIRES.fullmatch(expires):
        raise InvalidTransform(
            _("The address must be of the form expires/id/transform, where expires is “never” or Unix seconds.")
        )
    return Wanted(
        image_id=int(who["id"]),
        revision=who["revision"] or "",
        expires=None if expires == NEVER else int(expires),
        transform=Transform.from_name(name),
    )


def revision(image: CustomImage | Original) -> str:
    """Eight hexadecimal digits that change with the file, its edits and its focal point, and so with any rendition."""
    state = [image.version, image.recipe]
    state += [image.focal_point_x, image.focal_point_y, image.focal_point_width, image.focal_point_height]
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()[:8]
