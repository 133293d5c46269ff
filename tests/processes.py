"""Ports and process trees: what tests/services.py and tests/stack.py need to leave nothing behind."""

from __future__ import annotations

import contextlib
import ctypes
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import FrameType

import psutil

ROOT = Path(__file__).resolve().parents[1]
# How long a command may take to clean up after a signal before it is killed.
GRACE_SECONDS = 30


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on.

    It lies below the ephemeral ranges (32768 on Linux, 49152 elsewhere): no outgoing connection takes it
    before it is used.
    """
    # Not `random`: pytest-randomly gives every worker the same seed, so they would all try the same ports.
    chance = secrets.SystemRandom()
    while True:
        port = chance.randrange(20_000, 32_768)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def is_gone(process: psutil.Process) -> bool:
    """Say whether a process has ended; a zombie has, although its parent doesn't know it yet."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def wait_until_gone(processes: Iterable[psutil.Process], seconds: float) -> bool:
    """Wait for all processes to end and say whether they did."""
    waiting, deadline = list(processes), time.monotonic() + seconds
    while waiting := [process for process in waiting if not is_gone(process)]:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def kill_all(find: Callable[[], Iterable[psutil.Process]]) -> None:
    """Send SIGKILL to what ``find`` finds until it finds nothing: processes may fork meanwhile."""
    for _round in range(50):
        living = [process for process in find() if not is_gone(process)]
        if not living:
            return
        for process in living:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        wait_until_gone(living, seconds=2)
    raise RuntimeError(f"these processes cannot be killed: {living}")


def marked(variable: str, value: str) -> list[psutil.Process]:
    """Return the processes with this variable in the environment they were started with.

    Descendants inherit it, so it also finds those which changed their process group and lost their parent.
    """
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.environ().get(variable) == value:
                found.append(process)
    return found


@contextlib.contextmanager
def watched(variable: str, value: str) -> Iterator[None]:
    """Kill the `marked` processes at the end, even when this process is killed before it can clean up."""
    command = [sys.executable, "-m", "tests.processes", variable, value]
    # Its standard input ends when this process does, whatever ends it. Ctrl-C is not for it.
    watch = subprocess.Popen(command, stdin=subprocess.PIPE, cwd=ROOT, start_new_session=True)
    try:
        yield
    finally:
        watch.communicate()


def adopt_orphans() -> None:
    """Make processes whose parent has died children of this one, so that none gets away (on Linux)."""
    if sys.platform == "linux":
        pr_set_child_subreaper = 36  # linux/prctl.h
        ctypes.CDLL(None).prctl(pr_set_child_subreaper, 1, 0, 0, 0)


class Interrupted(Exception):
    """A signal came before the command had started."""


class Command:
    """One command run to its end, whatever signals come: they are for the command.

    The handlers only take notes and pass signals on; one that raised could cut a clean-up short.
    """

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.signal: int | None = None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
                signal.signal(number, self._pass_on)
        signal.signal(signal.SIGALRM, self._lose_patience)

    def _pass_on(self, number: int, frame: FrameType | None) -> None:
        self.signal = number
        if self.process is not None:
            if number != signal.SIGINT or not _terminal_told_everyone():
                self.process.send_signal(number)
            signal.alarm(GRACE_SECONDS)

    def _lose_patience(self, number: int, frame: FrameType | None) -> None:
        if self.process is not None:
            self.process.kill()

    def go_on(self) -> None:
        """Raise `Interrupted` when a signal has come."""
        if self.signal is not None:
            raise Interrupted

    def run(self, arguments: list[str], environment: dict[str, str]) -> int:
        """Run the command, kill what it left behind and return its exit code.

        As in a shell the code is 128 + number after a signal, and 127 when there is no such command. Children
        which this process had before are servers of the command and stay.
        """
        self.go_on()
        me = psutil.Process()
        servers = {child.pid for child in me.children()}
        adopt_orphans()
        try:
            self.process = subprocess.Popen(arguments, env=environment)
        except OSError as error:
            sys.stderr.write(f"cannot run {arguments[0]}: {error.strerror}\n")
            return 127
        if self.signal is not None:  # came between the check and the start
            self.process.send_signal(self.signal)

        def leftovers() -> list[psutil.Process]:
            found = []
            for child in me.children():
                if child.pid not in servers:
                    with contextlib.suppress(psutil.NoSuchProcess):
                        found += [child, *child.children(recursive=True)]
            return found

        try:
            code = self._wait(self.process, servers)
        finally:
            signal.alarm(0)
            kill_all(leftovers)
            for zombie in leftovers():
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(zombie.pid, os.WNOHANG)
        return code if code >= 0 else 128 - code

    @staticmethod
    def _wait(process: subprocess.Popen[bytes], servers: set[int]) -> int:
        if sys.platform == "linux":
            # Adopted orphans have to be buried here, or the command's own tests would see them as zombies.
            while (code := process.poll()) is None:
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
                if ended is not None and ended.si_pid in servers:
                    sys.stderr.write("a server ended while the command was running\n")
                    return process.wait()
                if ended is not None and ended.si_pid != process.pid:
                    os.waitpid(ended.si_pid, 0)
            return code
        return process.wait()


def _terminal_told_everyone() -> bool:
    """Say whether Ctrl-C reached the command as well, because both stand in the terminal's foreground."""
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)


if __name__ == "__main__":
    sys.stdin.read()
    kill_all(lambda: marked(sys.argv[1], sys.argv[2]))
