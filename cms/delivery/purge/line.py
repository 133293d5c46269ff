"""What a CDN is asked to forget, in batches, until it has."""

import logging
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string
from wagtail.contrib.frontend_cache.backends import BaseBackend
from wagtail.contrib.frontend_cache.utils import get_backends

from cms.delivery import sending
from cms.delivery.models import Change, Purge, State
from cms.delivery.purge import delivered
from cms.delivery.purge.backends import PurgeFailed
from cms.delivery.tags import coarser

logger = logging.getLogger(__name__)

AT_A_TIME = 50
"""Purges in one batch. One that has failed is tried again by itself: it may be what the others failed for."""

KEPT = timedelta(days=30)
PATIENT_ATTEMPTS = 3
"""As long as a purge has been tried no more often, the CDN is given a rest: nothing else would arrive, either."""

Item = TypeVar("Item")


def is_configured() -> bool:
    return bool(getattr(settings, "WAGTAILFRONTENDCACHE", None))


def forgets_by_url_only() -> bool:
    """Whether there is a CDN that knows no tags, so that it has to be told URLs."""
    configured = getattr(settings, "WAGTAILFRONTENDCACHE", None) or {}
    return any(not getattr(import_string(one["BACKEND"]), "tags_at_a_time", 0) for one in configured.values())


def queue(changes: Sequence[Change]) -> bool:
    """Write down what is to be forgotten, in the caller's transaction; whether there is anything to send."""
    if not changes or not is_configured():
        return False
    now = timezone.now()
    concerned = [change for change in changes if change.tags or _urls_of(change)]
    Purge.objects.bulk_create(
        [Purge(tags=_with_coarser(change.tags), urls=_urls_of(change), next_attempt_at=now) for change in changes],
        batch_size=500,
    )
    return bool(concerned)


def work_off() -> None:
    """Send what is due, until nothing is or the CDN wants a rest."""
    while not _is_resting():
        fresh = Purge.objects.filter(attempts=0)
        rows = sending.claim(fresh, AT_A_TIME) or sending.claim(Purge.objects.all(), 1, ("attempts", "pk"))
        if not rows or not _attempt(rows):
            return


def has_due() -> bool:
    return is_configured() and not _is_resting() and sending.due(Purge.objects.all()).exists()


def forget_old() -> None:
    """Remove from the log what is over for long."""
    old = timezone.now() - KEPT
    Purge.objects.filter(created_at__lt=old).exclude(state=State.QUEUED).delete()
    delivered.forget_old()


def _attempt(rows: Sequence[Purge]) -> bool:
    started = timezone.now()
    tags = list(dict.fromkeys(tag for row in rows for tag in row.tags))
    own_urls = list(dict.fromkeys(url for row in rows for url in row.urls))
    try:
        backends = get_backends()
        delivered_urls = list(delivered.made_of(tags).values_list("url", flat=True)) if forgets_by_url_only() else []
        for backend in backends.values():
            urls = own_urls if _knows_tags(backend) else [*own_urls, *delivered_urls]
            _ask(backend, tags, [url for url in urls if _serves(backend, url)], rows)
    except PurgeFailed as problem:
        return _failed(rows, str(problem), problem.wait)
    except Exception as problem:
        # A package of a CDN's own that isn't there, a setting that makes no sense: an operator reads it in the report.
        logger.exception("A CDN could not be asked")
        return _failed(rows, f"{type(problem).__name__}: {problem}")
    delivered.forget(delivered_urls, started)
    sending.record_success(rows)
    logger.info("A CDN has forgotten %s tags and %s addresses", len(tags), len(own_urls) + len(delivered_urls))
    return True


def _ask(backend: Any, tags: Sequence[str], urls: Sequence[str], rows: Sequence[Purge]) -> None:
    if _knows_tags(backend):
        for some in _in_parts(tags, backend.tags_at_a_time):
            backend.purge_tags(some)
            sending.extend(rows)
    for some in _in_parts(urls, getattr(backend, "urls_at_a_time", 30)):
        backend.purge_batch(some)
        sending.extend(rows)


def _failed(rows: Sequence[Purge], reason: str, wait: timedelta | None = None) -> bool:
    logger.warning("A CDN has not forgotten what it should: %s", reason)
    sending.record_failure(rows, reason, wait)
    return False


def _is_resting() -> bool:
    return Purge.objects.filter(
        state=State.QUEUED,
        lease=None,
        attempts__gt=0,
        attempts__lte=PATIENT_ATTEMPTS,
        next_attempt_at__gt=timezone.now(),
        next_attempt_at__lt=timezone.now() + sending.LONGEST_WAIT,
    ).exists()


def _knows_tags(backend: BaseBackend) -> bool:
    return bool(getattr(backend, "tags_at_a_time", 0))


def _serves(backend: BaseBackend, url: str) -> bool:
    return backend.invalidates_hostname(urlsplit(url).hostname or "")


def _with_coarser(tags: Sequence[str]) -> list[str]:
    """A response with very many tags carries those of kinds instead (``image`` for ``image-12``)."""
    return sorted({*tags, *(kind for tag in tags if (kind := coarser(tag)))})


def _urls_of(change: Change) -> list[str]:
    return list(dict.fromkeys([*(change.subject.get("urls") or []), *(change.subject.get("affected_urls") or [])]))


def _in_parts(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
