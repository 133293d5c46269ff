"""Celery's side of the cards: ids in, one function called."""

import logging
from itertools import islice

from celery import shared_task

from blog.seo import cards
from media_library.conf import conf

logger = logging.getLogger(__name__)

CARDS_AT_A_TIME = 50


@shared_task(soft_time_limit=conf.IMAGE_SOFT_TIME_LIMIT, time_limit=conf.IMAGE_TIME_LIMIT)
def make_social_card_task(page_id: int) -> None:
    """Make the picture that is shown where a page is shared."""
    cards.make_card(page_id)


@shared_task(soft_time_limit=conf.IMAGE_SOFT_TIME_LIMIT, time_limit=conf.IMAGE_TIME_LIMIT)
def make_missing_cards_task() -> None:
    """From beat: make cards that are missing or show what is no longer so, some at a time; remove lost files."""
    cards.make_cards(islice(cards.pages_with_cards_to_make(), CARDS_AT_A_TIME))
    cards.sweep_files()


def send_card(page_id: int) -> None:
    """Tell the workers of a page that may want a card. A broker that is away holds up no publishing."""
    try:
        make_social_card_task.delay(page_id)
    except Exception:
        logger.exception("The broker is away; the card of page %s waits", page_id)
