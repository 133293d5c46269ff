import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from media_library.exceptions import Busy
from media_library.single_flight import single_flight

HOLD = """
import sys, time
from django.conf import settings
settings.configure(MEDIA_LIBRARY={"WORK_DIR": sys.argv[1]})
from media_library.single_flight import single_flight
with single_flight(sys.argv[2], timeout=60):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture(autouse=True)
def work_dir(tmp_path: Path) -> Iterator[Path]:
    with override_settings(MEDIA_LIBRARY={"WORK_DIR": tmp_path}):
        yield tmp_path


def held_elsewhere(folder: Path, key: str) -> subprocess.Popen:
    """Another process, once it holds the lock; it lets go at a line of input."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder), key], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    return process


def test_threads_take_turns() -> None:
    inside, most, done = 0, 0, []

    def work() -> None:
        nonlocal inside, most
        with single_flight("key", timeout=60):
            inside += 1
            most = max(most, inside)
            time.sleep(0.002)
            inside -= 1
            done.append(True)

    threads = [threading.Thread(target=work) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, len(done)) == (1, 12)


def test_who_waits_too_long_is_told_so() -> None:
    with single_flight("key", timeout=0), pytest.raises(Busy), single_flight("key", timeout=0.02):
        pass


def test_other_keys_are_free() -> None:
    with single_flight("one", timeout=0), single_flight("two", timeout=0):
        pass


def test_lock_is_free_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), single_flight("key", timeout=0):
        _ = 1 / 0
    with single_flight("key", timeout=0):
        pass


def test_nothing_is_left_behind(work_dir: Path) -> None:
    with single_flight("key", timeout=0), pytest.raises(Busy), single_flight("key", timeout=0):
        pass
    assert [path for path in work_dir.rglob("*") if path.is_file()] == []


def test_process_waits_for_another(work_dir: Path) -> None:
    with held_elsewhere(work_dir, "key") as process:
        with pytest.raises(Busy), single_flight("key", timeout=0.05):
            pass
        process.stdin.write("\n")
        process.stdin.flush()
        with single_flight("key", timeout=60):
            pass


def test_lock_of_a_killed_process_is_free(work_dir: Path) -> None:
    with held_elsewhere(work_dir, "key") as process:
        process.kill()
        process.wait()
        with single_flight("key", timeout=0):
            pass
