import uuid

import pytest

from media_library.exceptions import ProcessingError
from media_library.programs import run_program
from tests.clock import Clock
from tests.processes import marked, wait_until_gone

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


def test_program_that_takes_too_long_is_ended_with_what_it_has_started(clock: Clock, monkeypatch: pytest.MonkeyPatch):
    mark, family = uuid.uuid4().hex, []

    def look() -> None:
        if not family and len(marked("MARK", mark)) == 2:
            family.extend(marked("MARK", mark))
            clock.goes_on(BOUNDS["seconds"])

    monkeypatch.setattr("media_library.programs.stopping.check", look)
    with pytest.raises(ProcessingError, match="took too long"):
        run_program(["sh", "-c", "sleep 600 & wait"], environment={"MARK": mark}, **BOUNDS)

    assert len(family) == 2
    assert wait_until_gone(family, seconds=60)


def test_program_that_writes_without_end_is_ended():
    with pytest.raises(ProcessingError) as caught:
        run_program(["yes"], **BOUNDS)

    assert caught.value.log.endswith("yes was killed by SIGXFSZ.") or "File too large" in caught.value.log


def test_program_that_takes_too_much_memory_fails():
    greedy = """if True:
        import resource
        while resource.getrlimit(resource.RLIMIT_DATA)[0] != 100 * 1024**2:
            pass
        bytearray(200 * 1024**2)
    """

    with pytest.raises(ProcessingError) as caught:
        run_program(["python3", "-c", greedy], **BOUNDS | {"most_memory": 100 * 1024**2})

    assert "MemoryError" in caught.value.log
