"""Uploads while the clock of the machine is set ahead and back: in every process of the stack, by clock.c.

Needs a compiler of C (``cc``).
"""

import struct
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from tests.media import other_photo_bytes
from tests.proof.test_chaos import ask, say, upload
from tests.stack import Stack

EACH = 4
PATIENCE = 180
JUMPS = [timedelta(hours=one) for one in (0, 5, -0.3, 0, -48, 0)]
"""Of the clock, each from the right time."""

PREPARE = """
from wagtail.models import APIToken
from cms.models import User
user = User.objects.create_superuser("ada", "ada@example.org", "a long password")
print(APIToken.create_token(user=user, name="Clock")[1])
"""

UNREADY = """
from media_library.models import Asset
print(Asset.objects.exclude(status="ready").count(), Asset.objects.count())
"""

ATTEMPTS = """
from media_library.models import ProcessingJob
print(max(ProcessingJob.objects.values_list("attempts", flat=True)))
"""


class Clock:
    """What all processes take for the time of day."""

    def __init__(self, folder: Path):
        self.offset, self.library = folder / "offset", folder / "clock.so"
        source = Path(__file__).with_name("clock.c")
        subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", self.library, source, "-ldl"], check=True)
        self.set(timedelta())

    def set(self, wrong_by: timedelta) -> None:
        # In place: they have it in their memory.
        with self.offset.open("r+b" if self.offset.exists() else "wb") as file:
            file.write(struct.pack("=q", int(wrong_by.total_seconds())))


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    return Clock(tmp_path)


@pytest.fixture
def stack(tmp_path: Path, clock: Clock) -> Iterator[Stack]:
    env = {
        "LD_PRELOAD": str(clock.library),
        "CLOCK_OFFSET": str(clock.offset),
        "MEDIA_JOB_LEASE_SECONDS": "5",
        "MEDIA_JOB_REAP_SECONDS": "2",
        "API_REQUESTS_PER_MINUTE": "0",
    }
    with Stack(tmp_path / "data", env, names=["web", "worker_images", "beat"]) as stack:
        yield stack


def test_all_is_developed_though_the_clock_is_set_ahead_and_back(stack: Stack, clock: Clock):
    token = ask(stack, PREPARE)
    for number, jump in enumerate(JUMPS):
        clock.set(jump)
        for one in range(EACH):
            # The worker dies over the first of them.
            name = f"photo {number}-{one}.jpg"
            upload(stack.url, token, name, other_photo_bytes(number * EACH + one, 1600, 1200))
            if one == 0:
                stack.kill("worker_images")
        clock.set(timedelta())
        stack.start("worker_images")
        say(f"clock wrong by {jump.total_seconds() / 3600:+.1f} h: {ask(stack, UNREADY)} (unready, all)")

    total = len(JUMPS) * EACH
    began = time.monotonic()
    while (state := ask(stack, UNREADY)) != f"0 {total}":
        assert time.monotonic() < began + PATIENCE, state
        time.sleep(2)
    say(f"at rest {time.monotonic() - began:.0f} s after the clock was right")
    assert int(ask(stack, ATTEMPTS)) <= 3
    assert requests.get(f"{stack.url}/readyz", timeout=30).status_code == 200
