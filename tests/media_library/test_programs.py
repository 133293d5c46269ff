import time
from pathlib import Path

import pytest

from media_library.exceptions import ProcessingError
from media_library.programs import run_program

BOUNDS = {"seconds": 20.0, "most_memory": 1024**3, "most_output": 1024**2}


def test_program_gets_bytes_and_answers_with_bytes():
    assert run_program(["tr", "a-z", "A-Z"], b"harbour\xff", **BOUNDS) == b"HARBOUR\xff"


def test_program_does_not_see_secrets_of_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SECRET_KEY", "of nobody's business")

    seen = run_program(["env"], environment={"OMP_THREAD_LIMIT": "1"}, **BOUNDS)

    assert b"OMP_THREAD_LIMIT=1" in seen
    assert b"nobody" not in seen


def test_what_a_program_complains_of_is_for_the_operator():
    with pytest.raises(ProcessingError, match="sh has failed") as caught:
        run_program(["sh", "-c", "echo no such file >&2; exit 3"], **BOUNDS)

    assert caught.value.log == "no such file\n\nsh ended with 3."


def test_program_that_is_not_there_is_told():
    with pytest.raises(ProcessingError) as caught:
        run_program(["/no/such/program"], **BOUNDS)

    assert "no/such/program" in caught.value.log


def test_program_that_takes_too_long_is_ended_with_what_it_has_started(tmp_path: Path):
    began = time.monotonic()
    with pytest.raises(ProcessingError, match="took too long"):
        run_program(["sh", "-c", f"(sleep 1; touch {tmp_path}/alive) & wait"], **BOUNDS | {"seconds": 0.3})

    assert time.monotonic() - began < 1
    time.sleep(1.2)
    assert not (tmp_path / "alive").exists()


def test_program_that_writes_without_end_is_ended():
    with pytest.raises(ProcessingError) as caught:
        run_program(["yes"], **BOUNDS)

    assert caught.value.log.endswith("yes was killed by SIGXFSZ.") or "File too large" in caught.value.log


def test_program_that_takes_too_much_memory_fails():
    greedy = ["python3", "-c", "import time; time.sleep(0.2); bytearray(200 * 1024**2)"]

    with pytest.raises(ProcessingError) as caught:
        run_program(greedy, **BOUNDS | {"most_memory": 100 * 1024**2})

    assert "MemoryError" in caught.value.log
