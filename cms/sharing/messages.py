"""What is posted of a post: its text for that network, and the picture that is shared."""

import logging

from blog.models import PostPage
from blog.seo.facts import language_of
from blog.seo.media import own_picture
from blog.seo.metadata import shared_picture
from blog.seo.surroundings import Surroundings
from blog.sharing.texts import texts_for
from cms.sharing.connectors import Message, Picture
from media_library.api.html import alt_of
from media_library.api.library import library, sharing
from media_library.exceptions import MediaLibraryError

logger = logging.getLogger(__name__)

SHAPE = "fill-1200x630|format-jpeg"
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
    image = chosen if chosen is not None and shared.may_show(chosen) else own_picture(post)
    if image is None or image.is_svg():
        return None
    try:
        with image.get_rendition(SHAPE).file.open("rb") as file:
            content = file.read(LARGEST_PICTURE + 1)
    except (OSError, ValueError, MediaLibraryError):
        logger.warning("The picture of post %s can't be read: it is posted without", post.pk, exc_info=True)
        return None
    if len(content) > LARGEST_PICTURE:
        return None
    shown = shared_picture(post, around)
    return Picture(content, shown["src"] if shown else "", alt_of(image))
