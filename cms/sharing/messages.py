"""What is posted of a post: its text for that network, and the picture that is shared."""

import logging
from typing import IO

from blog.models import PostPage
from blog.seo.facts import language_of
from blog.seo.media import standing_for
from blog.seo.metadata import shared_picture
from blog.seo.surroundings import Surroundings
from blog.sharing.texts import texts_for
from cms.sharing.connectors import Message, Picture
from media_library.api.html import alt_of
from media_library.api.library import library, sharing
from media_library.exceptions import MediaLibraryError
from media_library.imaging.card import HEIGHT, WIDTH
from media_library.models import Audio, CustomImage, Video
from media_library.models.files import public_storage

logger = logging.getLogger(__name__)

SHAPE = f"fill-{WIDTH}x{HEIGHT}|format-jpeg"
"""The cut of shared pictures, which is there already; every network takes JPEG."""

LARGEST_PICTURE = 8 * 1024**2
"""Bytes; Mastodon takes 16 MB."""


def message_of(post: PostPage, network: str) -> Message | None:
    """None for a post without an address."""
    with sharing():
        around = Surroundings([post])
        url = around.address(post)
        if not url:
            return None
        text = texts_for(post, url)[network]
        return Message(text, post.title, url, language_of(post) or "", _picture(post, around))


def _picture(post: PostPage, around: Surroundings) -> Picture | None:
    """None where there is none that can be read: the text says enough."""
    shared = library()
    shared.fill(post, only="social_image")
    chosen = post.social_image
    asset = chosen if chosen is not None and shared.may_show(chosen) else standing_for(post)
    if asset is None or (isinstance(asset, CustomImage) and asset.is_svg()):
        return None
    try:
        with _open(asset) as file:
            content = file.read(LARGEST_PICTURE + 1)
    except (OSError, ValueError, MediaLibraryError):
        logger.warning("The picture of post %s can't be read: it is posted without", post.pk, exc_info=True)
        return None
    if len(content) > LARGEST_PICTURE:
        return None
    shown = shared_picture(post, around)
    return Picture(content, shown["src"] if shown else "", alt_of(asset))


def _open(asset: CustomImage | Video | Audio) -> IO[bytes]:
    """A JPEG of a picture, poster or cover. Raises ``OSError`` where there is none."""
    if isinstance(asset, CustomImage):
        return asset.get_rendition(SHAPE).file.open("rb")
    if name := library().poster_file(asset, WIDTH, HEIGHT):
        return public_storage().open(name)
    raise FileNotFoundError("not ready yet")
