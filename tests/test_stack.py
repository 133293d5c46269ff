import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest

from tests.processes import ROOT, is_gone, marked
from tests.stack import Stack, StackError, parse_procfile

WEB = """
import http.server, os, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
http.server.HTTPServer((os.environ["BIND"], int(sys.argv[1])), Handler).serve_forever()
"""
# As Celery's pool and ffmpeg do: a child in the group, and a grandchild that leaves it and loses its parent.
WORKER = """
import os, signal, subprocess, sys, time
if len(sys.argv) == 1:
    signal.signal(signal.SIGTERM, lambda *_: (print("asked to end", flush=True), sys.exit()))
    subprocess.Popen([sys.executable, __file__, "child"])
elif sys.argv[1] == "child":
    signal.signal(signal.SIGTERM, lambda *_: print("the child was asked", flush=True))
    subprocess.run([sys.executable, "-c", "import subprocess, sys; subprocess.Popen("
                    "[sys.executable, sys.argv[1], 'orphan'], start_new_session=True)", __file__])
else:
    print("orphan", os.getpid(), flush=True)
time.sleep(600)
"""
MANAGE = """
import os, sys
print(sys.argv[1:], os.environ["DATA_DIR"])
sys.exit("no such command" if sys.argv[1] == "nonsense" else 0)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    for name, code in {"web": WEB, "worker": WORKER, "manage": MANAGE}.items():
        (root / f"{name}.py").write_text(code)
    (root / "Procfile").write_text("web: python web.py ${PORT:-1}\nworker: python worker.py\n")
    return root


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


def wait_for_log(stack: Stack, name: str, text: str) -> str:
    deadline = time.monotonic() + 60
    while text not in (log := stack.log(name)):
        assert time.monotonic() < deadline, log
        time.sleep(0.02)
    return log


def test_procfile_gives_a_command_for_each_name():
    text = "# how it runs\n\nweb: gunicorn --bind ${BIND:-127.0.0.1}:$PORT\nworker_images:  celery -A cms\n"
    assert parse_procfile(text) == {
        "web": "gunicorn --bind ${BIND:-127.0.0.1}:$PORT",
        "worker_images": "celery -A cms",
    }


def test_procfile_line_without_a_command_is_an_error():
    with pytest.raises(ValueError, match="worker"):
        parse_procfile("worker:\n")


def test_stack_runs_the_procfile_and_leaves_nothing_behind(project: Path, data_dir: Path):
    with Stack(data_dir, root=project) as stack:
        assert stack.is_running("web")
        wait_for_log(stack, "worker", "orphan")
        family = stack.family("worker") + stack.family("web")
        assert len(family) >= 4
    assert [process for process in family if not is_gone(process)] == []


def test_kill_ends_descendants_that_left_group_and_parent(project: Path, data_dir: Path):
    with Stack(data_dir, root=project, names=["worker"]) as stack:
        orphan = psutil.Process(int(wait_for_log(stack, "worker", "orphan").split()[-1]))
        stack.kill("worker")
        assert is_gone(orphan)
        assert "asked" not in stack.log("worker")


def test_stop_asks_the_program_only_and_kills_the_rest(project: Path, data_dir: Path):
    with Stack(data_dir, root=project, names=["worker"]) as stack:
        wait_for_log(stack, "worker", "orphan")
        family = stack.family("worker")
        stack.stop("worker")
        assert "asked to end" in stack.log("worker")
        assert "the child was asked" not in stack.log("worker")
        assert [process for process in family if not is_gone(process)] == []


def test_process_starts_again_after_a_kill(project: Path, data_dir: Path):
    with Stack(data_dir, root=project, names=["web"]) as stack:
        stack.kill("web")
        assert not stack.is_running("web")
        stack.start("web")
        assert stack.is_running("web")


def test_web_that_ends_is_reported_with_its_log(project: Path, data_dir: Path):
    (project / "web.py").write_text("raise SystemExit('the port is gone')")
    with pytest.raises(StackError, match="the port is gone"), Stack(data_dir, root=project):
        pass


def test_manage_returns_what_the_command_printed(project: Path, data_dir: Path):
    with Stack(data_dir, root=project, names=[]) as stack:
        assert stack.manage("demo", "--flag") == f"['demo', '--flag'] {data_dir}\n"


def test_failing_manage_command_is_reported_with_its_output(project: Path, data_dir: Path):
    with Stack(data_dir, root=project, names=[]) as stack, pytest.raises(StackError, match="no such command"):
        stack.manage("nonsense")


def test_what_the_operator_sets_reaches_the_processes_and_pytest_does_not(project: Path, data_dir: Path):
    (project / "worker.py").write_text("import os; print(os.environ['LEASE'], 'PYTEST_CURRENT_TEST' in os.environ)")
    with Stack(data_dir, {"LEASE": "3"}, root=project, names=["worker"]) as stack:
        assert wait_for_log(stack, "worker", "\n") == "3 False\n"


def test_killed_test_run_leaves_no_process(project: Path, data_dir: Path):
    run = f"""
        from pathlib import Path
        from tests.stack import Stack
        with Stack(Path({str(data_dir)!r}), root=Path({str(project)!r})) as stack:
            print(stack._token, flush=True)
            input()
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(run)],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with process:
        assert process.stdout is not None
        token = process.stdout.readline().decode().strip()
        assert marked("DARKROOM_STACK", token)
        process.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 60
    while left := marked("DARKROOM_STACK", token):
        assert time.monotonic() < deadline, left
        time.sleep(0.05)
