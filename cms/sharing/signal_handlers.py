from functools import partial
from typing import Any

from django.db import transaction
from wagtail.signals import page_published

from blog.models import PostPage
from cms.sharing import line
from cms.sharing.tasks import send_posting_task


def register() -> None:
    page_published.connect(post_it, sender=PostPage)


def post_it(instance: PostPage, **kwargs: Any) -> None:
    send_after_commit(*line.queue(instance))


def send_after_commit(*posting_ids: int) -> None:
    """A broker that is away holds nothing up: beat finds what waits."""
    for posting_id in posting_ids:
        transaction.on_commit(partial(send_posting_task.delay, posting_id), robust=True)
