"""The whole of Darkroom as an operator runs it: every line of the Procfile, as real processes.

    with Stack(tmp_path, env={"MEDIA_JOB_LEASE_SECONDS": "3"}) as stack:
        stack.manage("demo")
        requests.get(stack.url + "/api/v2/pages/")
        stack.kill("worker_video")  # as the kernel does when memory is short
        stack.start("worker_video")

Under ``python -m tests.services`` every stack has a PostgreSQL database and a Redis database of its own;
otherwise it has what Darkroom has by default, SQLite and files in the data directory.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import secrets
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import psutil
import psycopg
import redis
from psycopg import sql

from tests.migrated import kept_database, migrated_template
from tests.processes import ROOT, free_port, is_gone, kill_all, marked, wait_until_gone, watched
from tests.shell import Shell

HEALTH = "/health/"
START_SECONDS = 180
# How long a process may finish its work after SIGTERM: gunicorn its requests, Celery its task.
STOP_SECONDS = 20
# The same at the end of a test, when nobody needs the work any more (an idle Celery worker takes 6 s to go).
EXIT_SECONDS = 1
MANAGE_SECONDS = 300
SHELLS = {"sh", "dash", "bash", "busybox"}


_MIGRATED: dict[str, bytes] = {}
"""The database with all tables and nothing else in it, once it was made in this process."""


def _dump(database: Path) -> bytes:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return connection.serialize()


class StackError(RuntimeError):
    """A process or a command of the stack failed; the message ends with what it printed."""


def parse_procfile(text: str) -> dict[str, str]:
    """Return the shell command of each process in a Procfile: ``{"web": "gunicorn ... $PORT", ...}``."""
    commands = {}
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        entry = re.fullmatch(r"([A-Za-z0-9_-]+):\s*(\S.*)", line.strip())
        if entry is None:
            raise ValueError(f"not a line of a Procfile: {line!r}")
        commands[entry[1]] = entry[2]
    return commands


@contextlib.contextmanager
def own_postgres_database(url: str, template: str = "template1") -> Iterator[str]:
    """Make a database on the server of ``url``, yield its URL and drop it, whoever still uses it.

    It is a copy of the database ``template``, which is empty unless another one is asked for.
    """
    name = f"stack_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as connection:
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(copy.format(sql.Identifier(name), sql.Identifier(template)))
    try:
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextlib.contextmanager
def own_redis_database(url: str) -> Iterator[str]:
    """Choose an empty database on the server of ``url``, yield its URL, and empty it afterwards."""
    with redis.Redis.from_url(url) as client:
        count = int(client.config_get("databases")["databases"])
    # Not `random`: pytest-randomly gives every worker the same seed. Database 0 is the tests' own.
    for number in secrets.SystemRandom().sample(range(1, count), count - 1):
        own = urlsplit(url)._replace(path=f"/{number}").geturl()
        with redis.Redis.from_url(own) as client:
            if client.dbsize() == 0:
                try:
                    yield own
                finally:
                    client.flushdb()
                return
    raise StackError("Redis has no empty database left")


class Stack:
    """The processes of the Procfile over one data directory, from ``__enter__`` to ``__exit__``.

    ``env`` is what an operator would set, over the environment of the tests; ``settings`` is the settings
    module; ``names`` are the processes to start (all by default); ``migrate`` makes the tables first;
    ``root`` holds the Procfile and ``manage.py``. Logs are appended to ``<data_dir>/logs/<name>.log``.
    """

    def __init__(
        self,
        data_dir: Path,
        env: Mapping[str, str] | None = None,
        *,
        settings: str = "cms.settings.dev",
        names: Iterable[str] | None = None,
        migrate: bool = True,
        root: Path = ROOT,
    ) -> None:
        self.data_dir = Path(data_dir).resolve()
        self.root = root
        self.commands = parse_procfile((root / "Procfile").read_text())
        # "release" is no process: it ends before the others begin.
        self.names = [name for name in self.commands if name != "release"] if names is None else list(names)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._migrate = migrate
        self._asked = dict(env or {})
        self._token = secrets.token_hex(8)
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._shell: Shell | None = None
        self._closing = contextlib.ExitStack()
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTEST_", "COV_CORE_")) and name not in {"DATABASE_URL", "REDIS_URL"}
        }
        self.env = {
            **inherited,
            # `gunicorn` and `celery` are those of the Python that runs the tests.
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": settings,
            "DATA_DIR": str(self.data_dir),
            "BIND": "127.0.0.1",
            "PORT": str(self.port),
            "BASE_URL": self.url,
            **self._asked,
            "DARKROOM_STACK": self._token,
        }

    def __enter__(self) -> Self:
        (self.data_dir / "logs").mkdir(parents=True, exist_ok=True)
        with contextlib.ExitStack() as closing:
            postgres_url, templates = os.environ.get("DATABASE_URL", ""), list[str]()
            if "DATABASE_URL" not in self._asked and postgres_url.startswith("postgres"):
                if self._migrate and self.root == ROOT:
                    templates.append(migrated_template(postgres_url))
                self.env["DATABASE_URL"] = closing.enter_context(own_postgres_database(postgres_url, *templates))
            redis_url = os.environ.get("REDIS_URL", "")
            if "REDIS_URL" not in self._asked and redis_url.startswith("redis"):
                self.env["REDIS_URL"] = closing.enter_context(own_redis_database(redis_url))
            closing.enter_context(watched("DARKROOM_STACK", self._token))
            closing.callback(self._stop_all)
            if self._migrate and not templates:
                self._make_tables()
            for name in self.names:
                self._spawn(name)
            if "web" in self.names:
                self._wait_for_web()
            self._closing = closing.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.close()

    def start(self, name: str) -> None:
        """Start a process that does not run; ``web`` answers when this returns."""
        self._spawn(name)
        if name == "web":
            self._wait_for_web()

    def kill(self, name: str) -> None:
        """End a process and all its descendants with SIGKILL, wherever they have gone."""
        kill_all(lambda: self.family(name))
        self._processes.pop(name).wait()

    def stop(self, name: str, seconds: float = STOP_SECONDS) -> None:
        """End a process as an operator does: SIGTERM, and what still runs after ``seconds`` is killed."""
        wait_until_gone(self._terminate(name), seconds)
        self.kill(name)

    def is_running(self, name: str) -> bool:
        """Say whether a process that was started has not ended."""
        # Not poll(): until kill() buries it, the process keeps its number and nobody else can get it.
        return name in self._processes and not is_gone(psutil.Process(self._processes[name].pid))

    def family(self, name: str) -> list[psutil.Process]:
        """Return a process and all its descendants, also those that left its group or lost their parent."""
        found = set(marked("DARKROOM_STACK_PROCESS", f"{self._token}.{name}"))
        # A program that rewrites its title may overwrite the mark: ask the tree and the group as well.
        pid = self._processes[name].pid
        with contextlib.suppress(psutil.NoSuchProcess):
            leader = psutil.Process(pid)
            found |= {leader, *leader.children(recursive=True)}
        for other in psutil.process_iter():
            with contextlib.suppress(ProcessLookupError):
                if os.getpgid(other.pid) == pid:
                    found.add(other)
        return [each for each in found if not is_gone(each)]

    def log(self, name: str) -> str:
        """Return what a process has printed so far."""
        return self._log_path(name).read_text(errors="replace")

    def manage(self, *arguments: str) -> str:
        """Run ``manage.py`` in the stack's environment and return what it printed.

        Raises `StackError` with its output when it fails.
        """
        if arguments[0] == "shell" and self.root == ROOT and self._processes:
            # Seeds and looks of tests, several for each module: loading Django takes longer than they do.
            if self._shell is None:
                self._shell = Shell(self.env)
            done = self._shell.run(list(arguments), MANAGE_SECONDS)
        else:
            done = subprocess.run(
                [sys.executable, "manage.py", *arguments],
                cwd=self.root,
                env=self.env,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=MANAGE_SECONDS,
            )
        if done.returncode != 0:
            printed = f"{done.stdout}{done.stderr}"
            raise StackError(f"manage.py {' '.join(arguments)} ended with {done.returncode}:\n{printed[-8000:]}")
        return done.stdout

    def _make_tables(self) -> None:
        """Migrate, or copy the SQLite database that earlier tests, or an earlier stack, have: ten seconds less."""
        database = self.data_dir / "darkroom.sqlite3"
        is_plain = "DATABASE_URL" not in self.env and self.root == ROOT and not database.exists()
        if not is_plain:
            self.manage("migrate", "--verbosity", "0")
            return
        if "database" not in _MIGRATED and (kept := kept_database()) is not None and kept.exists():
            _MIGRATED["database"] = _dump(kept)
        if "database" not in _MIGRATED:
            self.manage("migrate", "--verbosity", "0")
            _MIGRATED["database"] = _dump(database)
            return
        database.write_bytes(_MIGRATED["database"])

    def _log_path(self, name: str) -> Path:
        return self.data_dir / "logs" / f"{name}.log"

    def _spawn(self, name: str) -> None:
        if self.is_running(name):
            raise StackError(f"{name} runs already")
        if name in self._processes:
            self.kill(name)
        with self._log_path(name).open("ab") as log:
            self._processes[name] = subprocess.Popen(
                ["/bin/sh", "-c", self.commands[name]],
                cwd=self.root,
                env={**self.env, "DARKROOM_STACK_PROCESS": f"{self._token}.{name}"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _wait_for_web(self) -> None:
        """Return once web answers with a success or, in production, a redirect to HTTPS."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            answer = self._ask_web()
            if isinstance(answer, int) and answer < 400:
                return
            ended = not self.is_running("web")
            if ended or time.monotonic() > deadline:
                reason = "has ended" if ended else f"does not answer {HEALTH} after {START_SECONDS} s ({answer})"
                raise StackError(f"web {reason}. Its log ends:\n{self.log('web')[-8000:]}")
            time.sleep(0.1)

    def _ask_web(self) -> int | str:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", HEALTH)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            return str(error)
        finally:
            connection.close()

    def _terminate(self, name: str) -> list[psutil.Process]:
        """Send SIGTERM to the program, never to its group (Celery's pool would lose its tasks); return it."""
        program = psutil.Process(self._processes[name].pid)
        # A shell that did not replace itself by its last command passes no signal on.
        programs = program.children() if program.name() in SHELLS else []
        for each in programs or [program]:
            with contextlib.suppress(psutil.NoSuchProcess):
                each.send_signal(signal.SIGTERM)
        return programs or [program]

    def _stop_all(self) -> None:
        if self._shell is not None:
            self._shell.close()
            self._shell = None
        asked = [each for name in self._processes for each in self._terminate(name)]
        wait_until_gone(asked, EXIT_SECONDS)
        for name in list(self._processes):
            self.kill(name)
