import os
import signal
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests import services
from tests.processes import ROOT

CONNECT = """
    import os, psycopg, redis
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        directory, = connection.execute("SHOW data_directory").fetchone()
        port, = connection.execute("SHOW port").fetchone()
        upper, = connection.execute("SELECT upper('é')").fetchone()
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        client.ping()
        redis_port = client.config_get("port")["port"]
"""


def command(code: str) -> list[str]:
    child = textwrap.dedent(CONNECT) + textwrap.dedent(code)
    return [sys.executable, "-m", "tests.services", "--", "python", "-c", child]


def listens(port: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(port))) == 0


def fake_postgres(directory: Path, version: str) -> Path:
    directory.mkdir(parents=True)
    for name in ("initdb", "postgres"):
        (directory / name).write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n")
        (directory / name).chmod(0o755)
    return directory


@pytest.fixture
def empty_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setenv("PATH", str(empty))
    return empty


def test_command_reaches_both_servers_and_its_exit_code_is_passed_on():
    done = subprocess.run(command("print(upper); raise SystemExit(7)"), cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("É\n", 7), done.stderr


def test_sigterm_ends_the_command_and_leaves_neither_servers_nor_files():
    code = "print(directory, port, redis_port, flush=True); import time; time.sleep(600)"
    with subprocess.Popen(command(code), cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        directory, *ports = process.stdout.readline().split()
        assert [listens(port) for port in ports] == [True, True]
        process.send_signal(signal.SIGTERM)
    assert process.returncode == 128 + signal.SIGTERM
    assert [listens(port) for port in ports] == [False, False]
    assert not Path(directory).parents[1].exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process adopt orphans")
def test_what_the_command_left_running_is_killed():
    code = """
        import subprocess, sys
        sleeper = "import time; time.sleep(600)"
        print(subprocess.Popen([sys.executable, "-c", sleeper], start_new_session=True).pid)
    """
    done = subprocess.run(command(code), cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with pytest.raises(ProcessLookupError):
        os.kill(int(done.stdout), 0)


def test_each_stack_has_databases_of_its_own_and_they_are_gone_afterwards(tmp_path: Path):
    (tmp_path / "Procfile").write_text("")
    (tmp_path / "manage.py").write_text(
        textwrap.dedent(CONNECT) + "client.set('here', 1); print(os.environ['DATABASE_URL'])"
    )
    code = f"""
        from pathlib import Path
        from tests.stack import Stack
        root = Path({str(tmp_path)!r})
        with Stack(root / "one", root=root, migrate=False) as one:
            with Stack(root / "two", root=root, migrate=False) as two:
                print(one.manage("x") != two.manage("x"))
                for name in ("DATABASE_URL", "REDIS_URL"):
                    print(len({{os.environ[name], one.env[name], two.env[name]}}))
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            names = [name for name, in connection.execute("SELECT datname FROM pg_database")]
            print([name for name in names if name.startswith("stack")])
        with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
            print(client.info("keyspace"))
    """  # noqa: S608 - a program, no query
    done = subprocess.run(command(code), cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert done.stdout.splitlines() == ["True", "3", "3", "[]", "{}"]


def test_newest_versioned_postgres_is_found_outside_path(tmp_path: Path, empty_path: Path):
    fake_postgres(tmp_path / "usr/lib/postgresql/15/bin", "15.3")
    newest = fake_postgres(tmp_path / "usr/lib/postgresql/17/bin", "17.1 (Debian)")
    fake_postgres(tmp_path / "usr/lib/postgresql/9.6/bin", "9.6.24")
    assert services.find_postgres("path", root=tmp_path) == newest


def test_postgres_that_django_refuses_is_passed_over(tmp_path: Path, empty_path: Path):
    fake_postgres(tmp_path / "usr/lib/postgresql/13/bin", "13.9")
    with pytest.raises(services.ServiceError, match="apt-get install postgresql"):
        services.find_postgres("path", root=tmp_path)


def test_missing_redis_is_an_error_that_says_what_to_install(empty_path: Path):
    with pytest.raises(services.ServiceError, match="apt-get install redis-server"):
        services.find_redis("path")


def test_valkey_serves_as_redis(empty_path: Path):
    binary = empty_path / "valkey-server"
    binary.touch(mode=0o755)
    assert services.find_redis() == binary
