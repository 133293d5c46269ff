"""Sixty changes, three receivers, and a worker that is killed in the middle: everybody is told of everything."""

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from tests.cms.delivery.servers import Receiver, Told, receiving
from tests.stack import Stack

CHANGES = 60

ADD = """
from cms.delivery.models import Webhook
for name, url in {receivers!r}:
    Webhook.objects.create(name=name, url=url, events=["page.published"])
"""
ANNOUNCE = f"""
from cms.delivery.changes import announce
for number in range({CHANGES}):
    announce([f"page-{{number}}"], "page.published", {{"type": "blog.PostPage", "id": number}})
"""


def ids(receiver: Receiver) -> list[str]:
    return [asked.headers["webhook-id"] for asked in receiver.asked]


def wait_until(is_true: Callable[[], bool], seconds: float) -> float:
    started = time.monotonic()
    while not is_true() and time.monotonic() - started < seconds:
        time.sleep(0.1)
    assert is_true(), f"not within {seconds} s"
    return time.monotonic() - started


def test_killed_worker_loses_nothing_and_a_hanging_receiver_holds_up_nobody(tmp_path: Path):
    env = {"WEBHOOK_ALLOWED_HOSTS": "127.0.0.1", "WEBHOOK_TEND_SECONDS": "1"}
    processes = ["worker_images", "worker_sending", "beat"]
    never = threading.Event()
    with ExitStack() as opened, receiving() as quick, receiving() as hanging, receiving() as late:
        hanging.answers = [Told(wait=never)]
        late.stop()
        with Stack(tmp_path / "data", env, names=processes, migrate=True) as stack:
            receivers = [("Quick", quick.url), ("Hanging", hanging.url), ("Late", late.url)]
            stack.manage("shell", "-v", "0", "-c", ADD.format(receivers=receivers))
            # Slow enough to be killed in between.
            quick.answers = [lambda asked: (time.sleep(0.4), Told())[1]]
            stack.manage("shell", "-v", "0", "-c", ANNOUNCE)
            wait_until(lambda: len(quick.asked) >= CHANGES // 3, 60)
            stack.kill("worker_sending")
            before = len(quick.asked)
            assert before < CHANGES, "too late to be killed in the middle"
            stack.start("worker_sending")
            back = opened.enter_context(receiving(late.port))
            took = wait_until(lambda: len(set(ids(quick))) == CHANGES, 90)
            assert len(ids(quick)) <= CHANGES + 1, "at most the one that was under way comes twice"
            assert len(hanging.asked) <= 6, "one that hangs is given a rest"
            print(f"Told anew {took:.1f} s after the kill; {len(ids(quick))} requests for {CHANGES} messages")  # noqa: T201
            # The one whose time was put off when nobody was there comes a little later.
            wait_until(lambda: len(set(ids(back))) == CHANGES, 180)
        never.set()
