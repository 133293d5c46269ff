"""A small model that is a real one: trained here on pictures drawn here, and exported to ONNX, in a second or two.

Pictures show one shape, in one colour, with one texture, anywhere, in any size, on noise. The image half is a
convolution with filters taken from such pictures, what it finds anywhere averaged over the picture, and a linear map
fitted by ridge regression (after Coates and Ng, "Learning Feature Representations with K-means", 2012). The text half
averages one vector for each word.
"""

import json
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime import InferenceSession, SessionOptions
from PIL import Image, ImageDraw
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

COLOURS = {"red": (205, 40, 40), "green": (40, 150, 60), "blue": (45, 70, 200), "yellow": (235, 205, 50)}
SHAPES = ("circle", "square", "triangle", "cross")
TEXTURES = ("plain", "striped", "dotted")
WORDS = (*COLOURS, *SHAPES, *TEXTURES)

SIDE = 64
"""Pixels that the model looks at."""

DIMENSIONS, FILTERS, PATCH = 32, 160, 9
OPSET = [helper.make_opsetid("", 18)]


@dataclass(frozen=True)
class Drawing:
    picture: Image.Image
    words: frozenset[str]

    def file(self) -> bytes:
        file = BytesIO()
        self.picture.save(file, "PNG")
        return file.getvalue()


def draw(seed: int, side: int = 160) -> Drawing:
    """A picture and what it shows; another one for each seed."""
    random = np.random.default_rng(seed)
    colour, shape, texture = random.choice(list(COLOURS)), random.choice(SHAPES), random.choice(TEXTURES)
    size = random.uniform(0.5, 0.8) * side
    left, top = random.uniform(0, side - size, 2)
    mask = Image.new("L", (side, side))
    _shape(ImageDraw.Draw(mask), str(shape), left, top, size)
    mask = mask.rotate(random.uniform(-10, 10), center=(left + size / 2, top + size / 2))
    rgb = np.clip(np.array(COLOURS[str(colour)]) + random.normal(0, 12, 3), 0, 255)
    paint = Image.new("RGB", (side, side), tuple(int(one) for one in rgb))
    _texture(ImageDraw.Draw(paint), str(texture), side, tuple(int(one * 0.35) for one in rgb))
    ground = np.full((side, side, 3), random.uniform(150, 235)) + random.normal(0, 9, (side, side, 3))
    picture = Image.fromarray(np.clip(ground, 0, 255).astype(np.uint8))
    picture.paste(paint, mask=mask)
    return Drawing(picture, frozenset(map(str, (colour, shape, texture))))


def _shape(pen: ImageDraw.ImageDraw, shape: str, left: float, top: float, size: float) -> None:
    box = (left, top, left + size, top + size)
    match shape:
        case "circle":
            pen.ellipse(box, fill=255)
        case "square":
            pen.rectangle(box, fill=255)
        case "triangle":
            pen.polygon([(left, top + size), (left + size / 2, top), (left + size, top + size)], fill=255)
        case _:
            third = size / 3
            pen.rectangle((left + third, top, left + 2 * third, top + size), fill=255)
            pen.rectangle((left, top + third, left + size, top + 2 * third), fill=255)


def _texture(pen: ImageDraw.ImageDraw, texture: str, side: int, dark: tuple[int, ...]) -> None:
    step = side // 10
    for one in range(0, side, step) if texture != "plain" else ():
        if texture == "striped":
            pen.rectangle((one, 0, one + step // 2, side), fill=dark)
        else:
            for other in range(0, side, step):
                pen.ellipse((one, other, one + step // 2, other + step // 2), fill=dark)


@cache
def build(training: int = 300) -> dict[str, bytes]:
    """The files of the folder of a model that has learnt from so many pictures."""
    drawings = [draw(seed) for seed in range(training)]
    pixels = np.stack([_as_input(one.picture) for one in drawings])
    kernels, thresholds = _filters(pixels)
    features = np.stack([_run(_image_half(kernels, thresholds), one) for one in pixels])
    middle, spread = features.mean(axis=0), features.std(axis=0) + 1e-6
    scaled = (features - middle) / spread
    vectors = _word_vectors()
    wanted = np.stack([sum(vectors[word] for word in one.words) / np.sqrt(3) for one in drawings])
    ridge = scaled.T @ scaled + 0.03 * training * np.eye(scaled.shape[1])
    linear = np.linalg.solve(ridge, scaled.T @ (wanted - wanted.mean(axis=0)))
    weights = linear / spread[:, None]
    return {
        "image.onnx": _image_half(kernels, thresholds, (weights, wanted.mean(axis=0) - middle @ weights)),
        "text.onnx": _text_half(vectors),
        "tokenizer.json": _tokenizer().to_str().encode(),
        "model.json": json.dumps(
            {
                "mean": [0.5] * 3,
                "std": [0.5] * 3,
                "crop": True,
                "activation": "sigmoid",
                "scale": 20.0,
                "bias": -6.5,
                "threshold": 0.5,
            }
        ).encode(),
    }


def write(folder: Path, training: int = 300, **changed: bytes | None) -> Path:
    """Put the model into a folder. ``image=b"…"`` is another file in place of ``image.onnx``, None is none."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in build(training).items():
        content = changed.get(name.partition(".")[0], content)
        if content is not None:
            (folder / name).write_bytes(content)
    return folder


def _as_input(picture: Image.Image) -> np.ndarray:
    small = picture.resize((SIDE, SIDE), Image.Resampling.BICUBIC, reducing_gap=3.0)
    return ((np.asarray(small, np.float32) / 255 - 0.5) / 0.5).transpose(2, 0, 1)


def _filters(pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whitened patches out of the pictures, and the level above which each of them counts."""
    random = np.random.default_rng(7)
    places = [(random.integers(len(pixels)), *random.integers(0, SIDE - PATCH, 2)) for _ in range(6000)]
    patches = np.stack([pixels[n, :, y : y + PATCH, x : x + PATCH].ravel() for n, y, x in places])
    centred = patches - patches.mean(axis=0)
    values, axes = np.linalg.eigh(np.cov(centred.T))
    whiten = axes @ np.diag(1 / np.sqrt(values + 0.1)) @ axes.T
    white = centred @ whiten
    chosen = white[random.permutation(len(white))[:FILTERS]]
    chosen /= np.linalg.norm(chosen, axis=1, keepdims=True)
    kernels = chosen @ whiten
    levels = np.quantile(centred @ kernels.T, 0.8, axis=0) + patches.mean(axis=0) @ kernels.T
    return kernels.reshape(FILTERS, 3, PATCH, PATCH).astype(np.float32), levels.astype(np.float32)


def _word_vectors() -> dict[str, np.ndarray]:
    turned, _upper = np.linalg.qr(np.random.default_rng(3).normal(size=(DIMENSIONS, len(WORDS))))
    return dict(zip(WORDS, turned.T, strict=True))


def _image_half(
    kernels: np.ndarray, thresholds: np.ndarray, linear: tuple[np.ndarray, np.ndarray] | None = None
) -> bytes:
    """Convolve, keep what is above its level, average it and its square root over the picture, map it."""
    nodes = [
        helper.make_node("Conv", ["pixel_values", "kernels", "levels"], ["found"], strides=[2, 2]),
        helper.make_node("Relu", ["found"], ["kept"]),
        helper.make_node("GlobalAveragePool", ["kept"], ["average"]),
        helper.make_node("GlobalMaxPool", ["kept"], ["most"]),
        helper.make_node("Mul", ["kept", "kept"], ["squared"]),
        helper.make_node("GlobalAveragePool", ["squared"], ["power"]),
        helper.make_node("Sqrt", ["power"], ["root"]),
        helper.make_node("Concat", ["average", "most", "root"], ["both"], axis=1),
        helper.make_node("Flatten", ["both"], ["features" if linear else "image_embeds"]),
    ]
    weights = {"kernels": kernels, "levels": -thresholds}
    size = 3 * FILTERS
    if linear:
        nodes.append(helper.make_node("Gemm", ["features", "weights", "offset"], ["image_embeds"]))
        weights |= {"weights": linear[0], "offset": linear[1]}
        size = DIMENSIONS
    given = [helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, [1, 3, SIDE, SIDE])]
    return _model(nodes, given, "image_embeds", size, weights)


def _text_half(vectors: dict[str, np.ndarray]) -> bytes:
    """Add up one vector for each word; unknown ones have hardly any."""
    table = np.full((len(WORDS) + 1, DIMENSIONS), 0.01)
    for number, word in enumerate(WORDS, 1):
        table[number] = vectors[word]
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["each"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["column"]),
        helper.make_node("Mul", ["each", "column"], ["meant"]),
        helper.make_node("ReduceSum", ["meant", "first"], ["text_embeds"], keepdims=0),
    ]
    given = [
        helper.make_tensor_value_info(name, TensorProto.INT64, [1, "length"])
        for name in ("input_ids", "attention_mask")
    ]
    weights = {"table": table, "last": np.array([-1], np.int64), "first": np.array([1], np.int64)}
    return _model(nodes, given, "text_embeds", DIMENSIONS, weights)


def _model(nodes: list, given: list, output: str, size: int, weights: dict[str, np.ndarray]) -> bytes:
    tensors = [
        numpy_helper.from_array(one if one.dtype == np.int64 else one.astype(np.float32), name)
        for name, one in weights.items()
    ]
    found = [helper.make_tensor_value_info(output, TensorProto.FLOAT, [1, size])]
    model = helper.make_model(helper.make_graph(nodes, "small", given, found, tensors), opset_imports=OPSET)
    model.ir_version = 8
    onnx.checker.check_model(model)
    return model.SerializeToString()


def _tokenizer() -> Tokenizer:
    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0} | {word: n for n, word in enumerate(WORDS, 1)}, "[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return tokenizer


@cache
def _session(model: bytes) -> InferenceSession:
    options = SessionOptions()
    options.intra_op_num_threads = 1
    return InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _run(model: bytes, pixels: np.ndarray) -> np.ndarray:
    [found] = _session(model).run(None, {"pixel_values": pixels[None]})
    return found[0]
