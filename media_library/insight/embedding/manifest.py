"""What lies in the folder of a model: ``image.onnx``, ``text.onnx`` with ``tokenizer.json``, and ``model.json``.

Without ``text.onnx`` it knows no words: pictures can be alike, and have no tags. All of ``model.json`` may be left
out, and the file itself; these are the defaults, those of CLIP::

    {
        "image": "image.onnx", "text": "text.onnx", "tokenizer": "tokenizer.json",
        "size": 224,                             # pixels; needed where the model takes any
        "mean": [0.48145466, 0.4578275, 0.40821073], "std": [0.26862954, 0.26130258, 0.27577711],
        "crop": true,                            # the middle of the picture; false squeezes it, as SigLIP wants it
        "length": 77,                            # tokens; needed where the model takes any
        "activation": "softmax",                 # or "sigmoid", for SigLIP
        "scale": 100.0, "bias": 0.0,             # of the similarity, before that
        "threshold": 0.2                         # confidence from which a word is suggested
    }

Numbers of CLIP: https://github.com/openai/CLIP/blob/main/clip/clip.py; scale and bias of SigLIP are in its checkpoint.
"""

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from media_library.exceptions import ModelError

FILENAME = "model.json"
LARGEST_MANIFEST = 64 * 1024
WHOLE, NUMBER = (int,), (int, float)


@dataclass(frozen=True)
class Manifest:
    image: str = "image.onnx"
    text: str = "text.onnx"
    tokenizer: str = "tokenizer.json"
    size: int = 224
    mean: tuple[float, ...] = (0.48145466, 0.4578275, 0.40821073)
    std: tuple[float, ...] = (0.26862954, 0.26130258, 0.27577711)
    crop: bool = True
    length: int = 77
    activation: str = "softmax"
    scale: float = 100.0
    bias: float = 0.0
    threshold: float = 0.2


def read_manifest(folder: Path) -> Manifest:
    """``model.json`` of a folder. Raises ``ModelError``, whose sentence says what is wrong with it."""
    path = folder / FILENAME
    try:
        if not path.exists():
            return Manifest()
        if path.stat().st_size > LARGEST_MANIFEST:
            raise ValueError("it is too large")
        values = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{path} can't be read as JSON: {error}.") from error
    if not isinstance(values, dict):
        raise ModelError(f"{path} is no JSON object.")
    known = {field.name for field in fields(Manifest)}
    if unknown := sorted(set(values) - known):
        raise ModelError(f"{path} has unknown names: {', '.join(unknown)}. Known ones: {', '.join(sorted(known))}.")
    for name, value in values.items():
        if not _is_fit(name, value):
            raise ModelError(f"{path}: {name} is {str(value)[:100]!r}. Expected is {EXPECTED[name]}.")
    known_values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
    }
    return Manifest(**known_values)


EXPECTED = {
    **dict.fromkeys(("image", "text", "tokenizer"), "the name of a file in the same folder"),
    "size": "a whole number of pixels, 16 to 1024",
    "length": "a whole number of tokens, 1 to 1024",
    "mean": "a list of three numbers, 0 to 1",
    "std": "a list of three numbers above 0",
    "crop": "true or false",
    "activation": "softmax or sigmoid",
    "scale": "a number above 0",
    "bias": "a number",
    "threshold": "a number from 0 to 1",
}


def _is_fit(name: str, value: Any) -> bool:
    match name:
        case "image" | "text" | "tokenizer":
            return isinstance(value, str) and Path(value).name == value and value not in ("", ".", "..")
        case "size" | "length":
            return type(value) in WHOLE and (16 if name == "size" else 1) <= value <= 1024
        case "mean" | "std":
            least = 0.0 if name == "mean" else 1e-6
            return (
                isinstance(value, list)
                and len(value) == 3
                and all(type(one) in NUMBER and least <= one <= 1000 for one in value)
            )
        case "crop":
            return isinstance(value, bool)
        case "activation":
            return value in ("softmax", "sigmoid")
        case "threshold":
            return type(value) in NUMBER and 0 <= value <= 1
        case _:
            return type(value) in NUMBER and abs(value) < 1e6 and (name == "bias" or value > 0)
