"""From which host media are fetched: the first of the CDN's that is well, or else the storage's own.

Beat has each host asked for one small file (``probe``); what comes of it stands in Django's cache, and nobody who
wants a page waits for it.
"""

import hashlib
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import urllib3
from django.core.cache import cache

from media_library.conf import conf
from media_library.signals import media_host_changed

logger = logging.getLogger(__name__)

KEY = "media_library:hosts"
REMEMBERED_SECONDS = 1.0
"""For which a process knows the host without asking the cache."""

FAILURES, SUCCESSES = 2, 3
"""How many in a row it takes until a host is given up, and until it is trusted again."""

PROBE_SECONDS = 5

_pool = urllib3.PoolManager(retries=False)
_remembered = ("", float("-inf"))


@dataclass
class Health:
    """Of one host: whether it is used, and how many answers in a row say otherwise."""

    is_up: bool
    contrary: int = 0

    def after(self, is_well: bool) -> "Health":
        if is_well == self.is_up:
            return Health(self.is_up)
        enough = FAILURES if self.is_up else SUCCESSES
        return Health(not self.is_up) if self.contrary + 1 >= enough else Health(self.is_up, self.contrary + 1)


@dataclass
class State:
    """What is known: the health of each host by its address, the one in use (empty is the storage's own), and the one
    of which everybody was told."""

    hosts: dict[str, Health] = field(default_factory=dict)
    current: str = ""
    told: str = ""


def configured() -> list[str]:
    """The CDN's hosts, the best first: ``https://cdn.example.org``."""
    return [str(one).rstrip("/") for one in conf.MEDIA_HOSTS]


def state() -> State:
    """What the last probe has left; nothing, as long as there was none."""
    found = cache.get(KEY)
    return found if isinstance(found, State) else State()


def current() -> str:
    """The host in use; empty for the storage's own, and where the cache can't be asked: that is never wrong."""
    global _remembered
    if not conf.MEDIA_HOSTS:
        return ""
    host, until = _remembered
    now = time.monotonic()
    if now >= until:
        try:
            host = state().current
        except Exception:
            logger.warning("Which CDN host is well can't be read; media come from their own host", exc_info=True)
            host = ""
        # One that an operator has taken out is none.
        host = host if host in configured() else ""
        _remembered = (host, now + REMEMBERED_SECONDS)
    return host


def placed(url: str) -> str:
    """The address of a file in public storage, on the host in use. One that is signed stays as it is."""
    host = current()
    if not host or "?" in url:
        return url
    if url.startswith("/") and not url.startswith("//"):
        return host + url
    return host + url[url.index("/", url.index("//") + 2) :]


def probe(url: str, digest: str) -> State:
    """Ask each host for the file that storage has at ``url``, and choose the first one that is well.

    ``digest`` is how the SHA-256 of its bytes begins, in hexadecimal: another answer is none, whatever its status.
    When another host is chosen, ``media_host_changed`` is sent, again and again until that succeeds.
    """
    hosts = configured()
    before = state()
    path = urlsplit(url).path
    with ThreadPoolExecutor(max(1, len(hosts))) as threads:
        answers = dict(zip(hosts, threads.map(lambda host: _is_well(host + path, digest), hosts), strict=True))
    # One that was never asked is what its first answer says.
    health = {
        host: before.hosts[host].after(is_well) if host in before.hosts else Health(is_well)
        for host, is_well in answers.items()
    }
    after = State(health, next((host for host in hosts if health[host].is_up), ""), before.told)
    cache.set(KEY, after, timeout=None)
    if after.told != after.current:
        logger.warning(
            "Media come from %s now, no longer from %s", after.current or "storage", after.told or "storage"
        )
        # Until each process knows: what is made after it was told must not hold the former host.
        time.sleep(REMEMBERED_SECONDS)
        media_host_changed.send(sender=None, host=after.current)
        after.told = after.current
        cache.set(KEY, after, timeout=None)
    return after


def _is_well(url: str, digest: str) -> bool:
    deadline = time.monotonic() + PROBE_SECONDS
    seen = hashlib.sha256()
    try:
        timeout = urllib3.Timeout(connect=PROBE_SECONDS / 2, read=PROBE_SECONDS)
        headers = {"User-Agent": "Darkroom", "Accept-Encoding": "identity"}
        response = _pool.request("GET", url, timeout=timeout, headers=headers, redirect=False, preload_content=False)
        try:
            while time.monotonic() < deadline and (block := response.read1(64 * 1024)):
                seen.update(block)
        finally:
            response.close()
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        logger.info("A CDN host did not answer: %s (%s)", url, type(error).__name__)
        return False
    return response.status == 200 and seen.hexdigest().startswith(digest)
