"""A process that judges files, so that a decoder which crashes takes only this process along.

Each file comes on standard input as a line of JSON with its name and length, and its bytes behind it; a line of JSON
goes back. `Judge` is the other side.
"""

import json
import os
import resource
import subprocess
import sys
import threading
from collections import deque
from io import BytesIO

LIMIT = 4 * 1024**3
"""Bytes of address space that the process may have."""


class Judge:
    """Asks the process, and starts another when it has died."""

    def __init__(self, seconds: float = 30):
        self.seconds = seconds
        self.process: subprocess.Popen | None = None

    def ask(self, name: str, data: bytes) -> dict:
        """Return one of ``{"accepted": [width, height]}``, ``{"refused": sentence}``, ``{"raised": error}``, and
        ``{"died": exit code}``; the code is that of SIGKILL when it took too long.
        """
        if self.process is None:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.proof.judge"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "DJANGO_SETTINGS_MODULE": "cms.settings.test"},
            )
        process = self.process
        timer = threading.Timer(self.seconds, process.kill)
        timer.start()
        try:
            process.stdin.write(json.dumps({"name": name, "length": len(data)}).encode() + b"\n" + data)
            process.stdin.flush()
            answer = process.stdout.readline()
        except BrokenPipeError:
            answer = b""
        finally:
            timer.cancel()
        if not answer:
            self.process = None
            return {"died": process.wait()}
        return json.loads(answer)

    def close(self) -> None:
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait()


def main() -> None:
    import django

    django.setup()
    from media_library.exceptions import UnacceptableFile
    from media_library.imaging.source import decode, decode_frames, frame_count, open_image
    from media_library.intake import inspect

    resource.setrlimit(resource.RLIMIT_AS, (LIMIT, LIMIT))
    while header := sys.stdin.buffer.readline():
        asked = json.loads(header)
        file = BytesIO(sys.stdin.buffer.read(asked["length"]))
        try:
            found = inspect("image", file, asked["name"])
            if not found.replacement:
                # What workers do behind it, at full scale.
                with open_image(file) as image:
                    if frame_count(image) > 1:
                        deque(decode_frames(image), maxlen=0)
                with open_image(file) as image:
                    size = decode(image).size
                assert size == (found.width, found.height), f"{size} is not what was stated"
            answer = {"accepted": [found.width, found.height]}
        except UnacceptableFile as error:
            answer = {"refused": str(error)}
        except Exception as error:  # noqa: BLE001 - whatever it is, it must be told
            answer = {"raised": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
