"""``manage.py`` for whoever asks again and again: Django is loaded once, and each command gets a fork of it.

``python -m tests.shell`` reads the arguments of one command per line, as a JSON list, and answers with one JSON object
per line: the exit ``code`` of the command, and what it wrote to ``stdout`` and ``stderr``.
"""

from __future__ import annotations

import gc
import json
import os
import select
import subprocess
import sys
import tempfile
from collections.abc import Mapping

from tests.processes import ROOT


class Shell:
    """A Django with this environment that waits for commands, until it is closed."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.shell"],
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def run(self, arguments: list[str], seconds: float) -> subprocess.CompletedProcess[str]:
        """Run ``manage.py`` with these arguments. Raises ``subprocess.TimeoutExpired``."""
        asked, answers = self._process.stdin, self._process.stdout
        assert asked is not None and answers is not None
        asked.write(f"{json.dumps(arguments)}\n".encode())
        asked.flush()
        if not select.select([answers], [], [], seconds)[0]:
            raise subprocess.TimeoutExpired(arguments, seconds)
        answer = json.loads(answers.readline() or '{"code": -1, "stdout": "", "stderr": "The shell has ended."}')
        return subprocess.CompletedProcess(arguments, answer["code"], answer["stdout"], answer["stderr"])

    def close(self) -> None:
        """End it, and what it may be about to do."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait()


def serve() -> None:
    import django
    from django.core.management import execute_from_command_line
    from django.db import connections

    django.setup()
    # Each fork opens its own.
    connections.close_all()
    # What is shared with forks stays shared, also when they end and look for garbage.
    gc.collect()
    gc.freeze()
    with os.fdopen(os.dup(1), "w") as answers:
        while line := sys.stdin.readline():
            with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
                child = os.fork()
                if child == 0:
                    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
                    os.dup2(stdout.fileno(), 1)
                    os.dup2(stderr.fileno(), 2)
                    execute_from_command_line(["manage.py", *json.loads(line)])
                    sys.exit()
                code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
                stdout.seek(0)
                stderr.seek(0)
                said = {"stdout": stdout.read().decode(), "stderr": stderr.read().decode()}
                answers.write(f"{json.dumps({'code': code} | said)}\n")
                answers.flush()


if __name__ == "__main__":
    serve()
