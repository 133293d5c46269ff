"""Social cards: made by a worker for each live page that everybody may see and that has no picture for sharing."""

import hashlib
import json
import logging
import secrets
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import IO

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.models import Page, get_page_models

from blog.models import ContentPage, SocialCard
from blog.seo.media import standing_for
from blog.seo.surroundings import Surroundings
from media_library.api.library import library, sharing
from media_library.deletion import remove_file
from media_library.exceptions import MediaLibraryError
from media_library.imaging import card as drawing
from media_library.imaging.presets import fallback_format
from media_library.models import Audio, CustomImage, Video
from media_library.models.files import public_storage
from media_library.storage import remove_unreferenced
from media_library.transforms import revision

logger = logging.getLogger(__name__)

DESIGN = 1
"""Counts up when cards are drawn in another way, so that all are made anew."""

FOLDER = "cards"
AT_A_TIME = 200
"""Pages that one look at all of them loads at once."""
UNNAMED_FOR = timedelta(hours=24)
"""Younger files may be about to get their row."""


def make_card(page_id: int) -> SocialCard | None:
    """Make the card of a page, if it wants one and has none that shows what it says now; remove one that it wants not.

    Returns the card that the page has afterwards. Whatever goes wrong, no file is left without its row. Raises
    ``DamagedFile`` for a picture that can't be read.
    """
    page = _load(page_id)
    with sharing():
        digest = digest_of(page) if page is not None else ""
        card = SocialCard.objects.filter(page=page_id).first()
        if page is None or not digest:
            if card is not None:
                card.delete()
            return None
        if card is not None and card.digest == digest:
            return card
        content = _draw(page)
    name = public_storage().save(f"{FOLDER}/{page_id}-{secrets.token_hex(8)}.jpg", ContentFile(content))
    try:
        return _record(page_id, digest, name)
    except BaseException:
        public_storage().delete(name)
        raise


def make_cards(pages: Iterable[int]) -> int:
    """Make the cards of several pages; one that can't be made is logged. Returns how many have one."""
    made = 0
    for page_id in pages:
        try:
            made += make_card(page_id) is not None
        except (MediaLibraryError, OSError):
            logger.exception("The card of page %s can't be made", page_id)
    return made


def pages_with_cards_to_make() -> Iterator[int]:
    """Ids of the pages whose card is missing, old, or not wanted any more, by what they say now."""
    for model in get_page_models():
        if not issubclass(model, ContentPage):
            continue
        last = 0
        pages = model.objects.exact_type(model).live().order_by("pk")
        while batch := list(pages.filter(pk__gt=last)[:AT_A_TIME]):
            last = batch[-1].pk
            cards = SocialCard.objects.in_bulk([page.pk for page in batch])
            with sharing() as library:
                library.expect(batch)
                for page in batch:
                    if digest_of(page) != (cards[page.pk].digest if page.pk in cards else ""):
                        yield page.pk


def remove_cards(pages: QuerySet[Page]) -> None:
    """Pages that not everybody may see any more have no public picture that tells of them."""
    for card in SocialCard.objects.filter(page__in=pages.order_by()):
        card.delete()


def sweep_files() -> list[str]:
    """Remove files of cards that no row names, since a worker died over them; returns their names."""
    named = SocialCard.objects.values_list("file", flat=True)
    return remove_unreferenced(public_storage(), FOLDER, named, before=timezone.now() - UNNAMED_FOR)


def digest_of(page: ContentPage) -> str:
    """What the card of a page would be made of, as a SHA-256 in hexadecimal; "" if it shall have none."""
    if not page.live or page.social_image_id is not None or page.get_view_restrictions().exists():
        return ""
    image = _drawn_picture(page)
    if image is None and not drawing.drawable(_title(page)):
        return ""
    made_of = [
        DESIGN,
        _title(page),
        _site_name(page),
        [image.pk, revision(image)] if isinstance(image, CustomImage) else image,
    ]
    return hashlib.sha256(json.dumps(made_of).encode()).hexdigest()


def _title(page: ContentPage) -> str:
    return page.social_title or page.title


def _site_name(page: ContentPage) -> str:
    return Surroundings().site(page).name


def _drawn_picture(page: ContentPage) -> CustomImage | str | None:
    """The page's picture, unless it is a drawing, without pixels; or the name of the file of a poster or cover."""
    match standing_for(page):
        case CustomImage() as image if not image.is_svg():
            return image
        case Video() | Audio() as recording:
            return library().poster_file(recording, drawing.WIDTH, drawing.HEIGHT) or None
    return None


def _load(page_id: int) -> ContentPage | None:
    page = Page.objects.filter(pk=page_id).specific().first()
    return page if isinstance(page, ContentPage) else None


def _draw(page: ContentPage) -> bytes:
    image = _drawn_picture(page)
    with ExitStack() as stack:
        file: IO[bytes] | None = None
        if isinstance(image, str):
            file = stack.enter_context(public_storage().open(image))
        elif image is not None:
            # Cut around the focal point, with the edits and the watermark that visitors get; mostly it is there.
            shape = f"fill-{drawing.WIDTH}x{drawing.HEIGHT}|format-{fallback_format(image.has_alpha)}"
            file = stack.enter_context(image.get_rendition(shape).file.open("rb"))
        return drawing.compose(file, _title(page), _site_name(page))


def _record(page_id: int, digest: str, name: str) -> SocialCard | None:
    """Put the file in the place of the former one, unless the page says something else by now.

    Whoever has changed it has also sent for a card of its own.
    """
    with transaction.atomic():
        former = SocialCard.objects.select_for_update().filter(page=page_id).first()
        page = _load(page_id)
        with sharing():
            is_current = page is not None and digest_of(page) == digest
        if not is_current:
            public_storage().delete(name)
            return former
        values = {"file": name, "width": drawing.WIDTH, "height": drawing.HEIGHT, "digest": digest}
        card, _is_new = SocialCard.objects.update_or_create(page_id=page_id, defaults=values)
        if former is not None:
            remove_file(former.file.name or "", what=str(SocialCard._meta.verbose_name))
        return card
