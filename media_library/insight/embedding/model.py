"""The two halves of the model, each loaded when it is first asked: web processes need the one for words only."""

import hashlib
import logging
import threading
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from django.core.cache import cache

from media_library.conf import conf
from media_library.exceptions import ModelError
from media_library.imaging.looking import Pixels, squared
from media_library.insight.embedding.manifest import FILENAME, Manifest, read_manifest

logger = logging.getLogger(__name__)

Vector = npt.NDArray[np.float32]
"""Of length one, or ``len(words)`` rows of such."""

PACKAGES = ("onnxruntime", "tokenizers")
INSTALL = "Install them: pip install -r requirements-models.txt"
DIMENSIONS = range(2, 4097)
PROBLEM_SECONDS = 7 * 24 * 60 * 60


class EmbeddingModel:
    """The model of one folder. Its methods raise ``ModelError`` for a half that is corrupt or of another shape."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.manifest: Manifest = read_manifest(folder)
        require_files(folder, self.manifest)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all its files: what it made means nothing to another."""
        total = hashlib.sha256()
        for path in self._files():
            with path.open("rb") as file:
                total.update(hashlib.file_digest(file, "sha256").digest())
        return total.hexdigest()

    @property
    def has_text(self) -> bool:
        """Whether it knows words, too."""
        return (self.folder / self.manifest.text).exists()

    def of_picture(self, pixels: Pixels) -> Vector:
        """Where a picture lies."""
        manifest, session = self.manifest, self._image
        [given] = _inputs(session, 1)
        size = given.shape[2] if len(given.shape) == 4 and isinstance(given.shape[2], int) else manifest.size
        square = squared(pixels, size, crop=manifest.crop).astype(np.float32) / 255
        scaled = (square - np.array(manifest.mean, np.float32)) / np.array(manifest.std, np.float32)
        return self._run(session, {given.name: np.ascontiguousarray(scaled.transpose(2, 0, 1))[None]})

    def of_text(self, text: str) -> Vector:
        """Where words lie."""
        session = self._text
        ids, *mask = _inputs(session, 2)
        encoded = self._tokenizer.encode(text)
        inputs = {ids.name: np.array([encoded.ids], np.int64 if "64" in ids.type else np.int32)}
        for one in mask:
            inputs[one.name] = np.array([encoded.attention_mask], np.int64 if "64" in one.type else np.int32)
        return self._run(session, inputs)

    def require_whole(self) -> None:
        """Load all of it and try it once. Raises ``ModelError``."""
        picture = self.of_picture(np.zeros((64, 64, 3), np.uint8))
        if self.has_text and self.of_text("a").shape != picture.shape:
            raise ModelError(f"The two halves of the model in {self.folder} don't lie in the same space.")

    @cached_property
    def _image(self) -> Any:
        return self._session(self.manifest.image)

    @cached_property
    def _text(self) -> Any:
        return self._session(self.manifest.text)

    @cached_property
    def _tokenizer(self) -> Any:
        path = self.folder / self.manifest.tokenizer
        shape = _inputs(self._text, 2)[0].shape
        fixed = shape[1] if len(shape) == 2 and isinstance(shape[1], int) else None
        length = fixed or self.manifest.length
        try:
            from tokenizers import Tokenizer

            tokenizer = Tokenizer.from_file(str(path))
            tokenizer.enable_truncation(length)
            if fixed:
                padding = tokenizer.padding or {}
                tokenizer.enable_padding(
                    length=length, pad_id=padding.get("pad_id", 0), pad_token=padding.get("pad_token", "[PAD]")
                )
        except Exception as error:
            # It raises bare exceptions, and panics of Rust.
            raise ModelError(f"{path} is no tokenizer that can be used: {str(error)[:200]}.") from error
        return tokenizer

    def _session(self, name: str) -> Any:
        path = self.folder / name
        try:
            from onnxruntime import InferenceSession, SessionOptions

            options = SessionOptions()
            options.log_severity_level = 4
            options.intra_op_num_threads = conf.INSIGHT_MODEL_THREADS
            return InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:
            # Its exceptions have no base of their own.
            raise ModelError(f"{path} is no model that can be loaded: {str(error)[:200]}.") from error

    def _run(self, session: Any, inputs: dict[str, Any]) -> Vector:
        try:
            wanted = _output(session)
            [raw] = session.run([wanted], inputs)
        except ModelError:
            raise
        except Exception as error:
            raise ModelError(f"The model in {self.folder} can't be run: {str(error)[:200]}.") from error
        vector = np.asarray(raw, np.float32).reshape(-1) if np.shape(raw)[:1] == (1,) else np.zeros(0, np.float32)
        length = float(np.linalg.norm(vector))
        if vector.size not in DIMENSIONS or not np.isfinite(length) or length == 0:
            raise ModelError(
                f"The model in {self.folder} gave an output of shape {list(np.shape(raw))}, which is no embedding. "
                f"Expected is one row of {DIMENSIONS[0]} to {DIMENSIONS[-1]} numbers."
            )
        return vector / length

    def _files(self) -> list[Path]:
        manifest = self.manifest
        names = (FILENAME, manifest.image, manifest.text, manifest.tokenizer)
        return [path for path in (self.folder / name for name in names) if path.exists()]


def is_on() -> bool:
    """Whether an operator has named a model."""
    return bool(conf.INSIGHT_MODEL_DIR)


def require_files(folder: Path, manifest: Manifest) -> None:
    """Raise ``ModelError`` unless everything is there that the model needs, in sizes that memory holds."""
    if missing := [name for name in PACKAGES if find_spec(name) is None]:
        raise ModelError(f"INSIGHT_MODEL_DIR is set, and {' and '.join(missing)} not installed. {INSTALL}.")
    if not (folder / manifest.image).is_file():
        raise ModelError(f"There is no {manifest.image} in {folder}. What belongs there: docs/operators/insight.md.")
    if (folder / manifest.text).exists() and not (folder / manifest.tokenizer).is_file():
        raise ModelError(f"{folder} has a {manifest.text} and no {manifest.tokenizer} to make tokens of words.")
    for name in (manifest.image, manifest.text):
        path = folder / name
        if path.exists() and path.stat().st_size > conf.INSIGHT_MODEL_BYTES:
            raise ModelError(f"{path} is larger than INSIGHT_MODEL_BYTES lets a model be, {conf.INSIGHT_MODEL_BYTES}.")


_lock = threading.Lock()
_loaded: dict[tuple[Any, ...], EmbeddingModel | ModelError] = {}


def usable_model() -> EmbeddingModel | None:
    """The model, read once in each process and again when its folder changes; None where there is none.

    Raises ``ModelError`` where there is one that can't be used; that is logged once.
    """
    if not is_on():
        return None
    folder = Path(conf.INSIGHT_MODEL_DIR)
    with _lock:
        state = _state(folder)
        if state not in _loaded:
            _loaded.clear()
            try:
                _loaded[state] = EmbeddingModel(folder)
            except ModelError as error:
                _loaded[state] = _told(state, error)
        found = _loaded[state]
    if isinstance(found, ModelError):
        raise found
    return found


def condemn(error: ModelError) -> None:
    """Remember that the model can't be used after all, until its files change; say so once."""
    with _lock:
        for state, found in _loaded.items():
            if not isinstance(found, ModelError):
                _loaded[state] = _told(state, error)


def problem() -> str:
    """Why the model can't be used, whichever process has found that out; "" where nothing is known against it."""
    return str(cache.get(_key(_state(Path(conf.INSIGHT_MODEL_DIR))), "")) if is_on() else ""


def _told(state: tuple[Any, ...], error: ModelError) -> ModelError:
    logger.error("%s", error)
    # Workers try the half that web processes never load.
    cache.set(_key(state), str(error), PROBLEM_SECONDS)
    return error


def _key(state: tuple[Any, ...]) -> str:
    return f"insight-problem-{hashlib.sha256(repr(state).encode()).hexdigest()}"


def _state(folder: Path) -> tuple[Any, ...]:
    """What changes when the model does, without reading it."""
    try:
        stats = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in sorted(folder.iterdir())]
    except OSError:
        stats = []
    return (str(folder), *stats)


def _inputs(session: Any, most: int) -> list[Any]:
    given = session.get_inputs()
    if not 1 <= len(given) <= most:
        names = ", ".join(one.name for one in given)
        raise ModelError(f"A half of the model has the inputs {names}. Export image and text by themselves.")
    return list(given)


def _output(session: Any) -> str:
    """The embedding among the outputs: the one that is named so, else the first one of two dimensions."""
    outputs = session.get_outputs()
    named = [one.name for one in outputs if one.name.endswith(("_embeds", "embedding", "embeddings", "pooler_output"))]
    flat = [one.name for one in outputs if len(one.shape or ()) == 2]
    if not (named or flat):
        raise ModelError("A half of the model has no output of two dimensions, which an embedding would be.")
    return (named or flat)[0]
