"""A page that is published, by whatever door, gets its card after commit; one that is hidden loses it."""

import logging
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_delete, post_save
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_published, page_unpublished

from blog.models import ContentPage, SocialCard
from blog.seo import tasks
from blog.seo.cards import remove_cards
from media_library.deletion import remove_file

logger = logging.getLogger(__name__)


def register() -> None:
    page_published.connect(send_for_card)
    page_unpublished.connect(remove_card)
    post_save.connect(follow_restriction, sender=PageViewRestriction)
    post_delete.connect(send_for_cards_of_opened_pages, sender=PageViewRestriction)
    post_delete.connect(remove_file_of_card, sender=SocialCard)


def send_for_card(instance: Page, **kwargs: Any) -> None:
    if isinstance(instance, ContentPage):
        transaction.on_commit(partial(tasks.send_card, instance.pk))


def remove_card(instance: Page, **kwargs: Any) -> None:
    remove_cards(Page.objects.filter(pk=instance.pk))


def follow_restriction(instance: PageViewRestriction, raw: bool, **kwargs: Any) -> None:
    if not raw:
        remove_cards(instance.page.get_descendants(inclusive=True))


def send_for_cards_of_opened_pages(instance: PageViewRestriction, **kwargs: Any) -> None:
    """Or of none, where the page is deleted and its restriction with it."""
    opened = Page.objects.filter(Q(path__startswith=instance.page.path), live=True)
    for page_id in opened.values_list("pk", flat=True):
        transaction.on_commit(partial(tasks.send_card, page_id))


def remove_file_of_card(instance: SocialCard, **kwargs: Any) -> None:
    remove_file(instance.file.name or "", what=str(instance._meta.verbose_name))
