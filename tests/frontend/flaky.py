"""A connection that breaks: forwards everything to a server, and cuts the first uploads in the middle."""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self

CUT_AFTER = 2 * 1024**2
"""Bytes that a connection may have sent when it is cut."""
BLOCK = 64 * 1024


class FlakyServer:
    """Listens on ``port`` for the server on ``target_port``; resets ``cuts`` connections that send much."""

    def __init__(self, target_port: int, cuts: int):
        self.target_port, self.left = target_port, cuts
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _address = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self.target_port))
                threading.Thread(target=self._pass_on, args=(client, server, True), daemon=True).start()
                threading.Thread(target=self._pass_on, args=(server, client, False), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, is_upload: bool) -> None:
        sent = 0
        with contextlib.suppress(OSError):
            while block := source.recv(BLOCK):
                target.sendall(block)
                sent += len(block)
                if is_upload and sent > CUT_AFTER and self._cut():
                    break
        for one in (source, target):
            # Shut, so that the other thread wakes up; closed, so that whoever still sends is told.
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _cut(self) -> bool:
        with self._lock:
            self.left -= 1
            return self.left >= 0
