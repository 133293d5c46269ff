"""What is made of the same again and again is made once in a run: the bytes are the same, whoever asked first.

Hundreds of tests develop the same harbour and the same film. Encoders know nothing but pixels and settings, and ffmpeg
nothing but files and arguments, so one of these tests waits for them, and the others get what they have made. What
encoders and ffmpeg do is tested with themselves.
"""

import os
import pickle
from collections.abc import Callable, Sequence
from functools import wraps
from hashlib import blake2b
from pathlib import Path
from threading import get_ident
from typing import Any, ParamSpec, TypeVar

from PIL import Image

from media_library.conf import conf
from media_library.video.ffmpeg import Source

P, T = ParamSpec("P"), TypeVar("T")


def made_once(make: Callable[P, T]) -> Callable[P, T]:
    """Remember what was made with these arguments, whose ``repr`` must tell all that they are."""
    made: dict[str, T] = {}

    @wraps(make)
    def remembered(*args: P.args, **options: P.kwargs) -> T:
        key = repr((args, sorted(options.items())))
        if key not in made:
            made[key] = make(*args, **options)
        return made[key]

    return remembered


class Kept:
    """What was made in this run, in a folder that all its processes share. Keys are names of files."""

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def get(self, key: str) -> Any:
        """What was kept as ``key``, or None."""
        try:
            return pickle.loads((self.folder / key).read_bytes())  # noqa: S301 - written by this run
        except FileNotFoundError:
            return None

    def put(self, key: str, value: Any) -> None:
        # Under another name at first: half a file is found by nobody.
        new = self.folder / f"{key}.{os.getpid()}.{get_ident()}"
        new.write_bytes(pickle.dumps(value))
        new.rename(self.folder / key)


def made_of_pixels_once(make: Callable[..., T], kept: Kept) -> Callable[..., T]:
    """Remember what was made of these pixels with these settings, whose ``repr`` must tell all that they are."""
    made: dict[str, T] = {}

    @wraps(make)
    def remembered(image: Image.Image, *args: Any, **options: Any) -> T:
        pixels = blake2b(image.tobytes(), digest_size=20)
        known = (make.__qualname__, image.mode, image.size, image.info, args, sorted(options.items()))
        pixels.update(repr(known).encode())
        key = pixels.hexdigest()
        if key not in made:
            found = kept.get(key)
            if found is None:
                found = make(image, *args, **options)
                kept.put(key, found)
            made[key] = found
        return made[key]

    return remembered


LARGEST_FILM = 16 * 1024**2
"""Bytes that are read to see whether a film was converted before."""


def converted_once(run: Callable[..., str], kept: Kept) -> Callable[..., str]:
    """Remember which files ``media_library.video.ffmpeg.run_ffmpeg`` wrote, what it reported and what it returned.

    A film is known by its bytes, and so is each other file among the arguments. What failed is tried again.
    """

    @wraps(run)
    def remembered(
        source: Source, output: Sequence[str], *, report: Callable[[float], None] = lambda done: None, **options: Any
    ) -> str:
        folders = sorted({Path(each).parent for each in output if each.startswith("/")})
        inputs = [source.path, *(path for each in output if (path := Path(each)).is_absolute() and path.is_file())]
        if sum(path.stat().st_size for path in inputs) > LARGEST_FILM:
            return run(source, output, report=report, **options)
        told = [*output, *(blake2b(path.read_bytes()).hexdigest() for path in inputs)]
        for number, folder in enumerate(folders):
            told = [each.replace(str(folder), f"folder {number}") for each in told]
        limits = (conf.FFMPEG, conf.FFMPEG_MAX_BYTES, conf.FFMPEG_SECONDS, conf.FFMPEG_STALL_SECONDS)
        known = (told, source.demuxer, source.duration, sorted(options.items()), limits)
        key = blake2b(repr(known).encode(), digest_size=20).hexdigest()
        if found := kept.get(key):
            log, reported, written = found
            for done in reported:
                report(done)
            for number, name, data in written:
                (folders[number] / name).write_bytes(data)
            return log

        reported = []

        def told_of(done: float) -> None:
            reported.append(done)
            report(done)

        before = [_files(folder) for folder in folders]
        log = run(source, output, report=told_of, **options)
        written = [
            (number, path.name, path.read_bytes())
            for number, folder in enumerate(folders)
            for path, state in _files(folder).items()
            if before[number].get(path) != state
        ]
        kept.put(key, (log, reported, written))
        return log

    return remembered


def _files(folder: Path) -> dict[Path, tuple[int, int, int]]:
    states = ((path, path.stat()) for path in folder.iterdir() if path.is_file())
    return {path: (state.st_ino, state.st_mtime_ns, state.st_size) for path, state in states}
