"""The encoder settings that imaging_quality.py compares."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from PIL import Image


@dataclass(frozen=True)
class Setting:
    """An encoder with everything fixed but its quality; ``qualities`` are those measured."""

    name: str
    format: str
    qualities: tuple[int, ...]
    options: dict[str, Any] = field(default_factory=dict, hash=False)

    def encode(self, image: Image.Image, quality: int) -> bytes:
        options = {"quality": quality, **self.options}
        if "qtables" in options:
            # Scaled here, and taken as they are: a quality would scale them again.
            options |= {"quality": -1, "qtables": [scaled(table, quality) for table in options["qtables"]]}
        output = BytesIO()
        image.save(output, self.format.upper(), **options)
        return output.getvalue()


JPEG_QUALITIES = (68, 74, 80, 86)
WEBP_QUALITIES = (68, 74, 80, 86)
AVIF_QUALITIES = (54, 61, 68)

_PROGRESSIVE = {"optimize": True, "progressive": True}

STOCK = {
    "jpeg": Setting("stock jpeg", "jpeg", (76,), _PROGRESSIVE),
    "webp": Setting("stock webp", "webp", (80,), {}),
    "avif": Setting("stock avif", "avif", (61,), {"max_threads": 2}),
}
"""What Wagtail 8.0 asks of Willow, and Willow 1.12 of Pillow; all else is Pillow's default."""


def _avif(name: str, speed: int, **options: Any) -> Setting:
    qualities = options.pop("qualities", AVIF_QUALITIES)
    return Setting(name, "avif", qualities, {"speed": speed, "subsampling": "4:2:0", "max_threads": 1, **options})


def _advanced(speed: int, **advanced: str) -> Setting:
    keys = {key.replace("_", "-"): value for key, value in advanced.items()}
    named = ",".join(f"{key}={value}" for key, value in keys.items())
    return _avif(f"avif speed {speed} {named}", speed, advanced=keys)


LUMA = (
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56,
    14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92,
    49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
)  # fmt: skip
"""ITU-T T.81, table K.1, row by row: what libjpeg scales by its quality."""

ROBIDOUX = (
    16, 16, 16, 18, 25, 37, 56, 85, 16, 17, 20, 27, 34, 40, 53, 75, 16, 20, 24, 31, 43, 62, 91, 135,
    18, 27, 31, 40, 53, 74, 106, 156, 25, 34, 43, 53, 69, 94, 131, 189, 37, 40, 62, 74, 94, 124, 169, 238,
    56, 53, 91, 106, 131, 169, 226, 311, 85, 75, 135, 156, 189, 238, 311, 418,
)  # fmt: skip
"""N. Robidoux's table, which mozjpeg takes for both luma and chroma unless told otherwise."""

FLAT = (16,) * 64

QUANTISATION = {
    "T.81 luma for both": [LUMA, LUMA],
    "Robidoux for both": [ROBIDOUX, ROBIDOUX],
    "flat for both": [FLAT, FLAT],
}


def scaled(table: Iterable[int], quality: int) -> list[int]:
    """A quantisation table at a quality from 50 to 100, by libjpeg's rule, as entries from 1 to 255."""
    return [min(255, max(1, (value * (200 - 2 * quality) + 50) // 100)) for value in table]


_STRONG = {"deltaq-strength": "220"}

SUITES: dict[str, list[Setting]] = {
    "core": [
        Setting("jpeg progressive optimize", "jpeg", JPEG_QUALITIES, _PROGRESSIVE),
        Setting("jpeg baseline optimize", "jpeg", JPEG_QUALITIES, {"optimize": True}),
        Setting("jpeg baseline", "jpeg", JPEG_QUALITIES),
        *(Setting(f"webp method {one}", "webp", WEBP_QUALITIES, {"method": one}) for one in (0, 1, 2, 3, 4, 6)),
        *(_avif(f"avif speed {one}", one) for one in (6, 8, 9)),
    ],
    "slow": [_avif(f"avif speed {one}", one) for one in (5, 4, 3)],
    "fast-options": [
        _avif("avif speed 7", 7),
        *(
            setting
            for speed in (8, 9)
            for setting in (
                _avif(f"avif speed {speed} 4:4:4", speed, subsampling="4:4:4"),
                _avif(f"avif speed {speed} two tiles", speed, tile_cols=1),
                _advanced(speed, tune="ssimulacra2"),
                _advanced(speed, deltaq_strength="150"),
                _advanced(speed, deltaq_strength="220"),
                _advanced(speed, sharpness="0"),
                _advanced(speed, sharpness="2"),
                _advanced(speed, disable_trellis_quant="1"),
                _advanced(speed, loopfilter_control="0"),
                _advanced(speed, enable_chroma_deltaq="0"),
                _advanced(speed, sb_size="128"),
            )
        ),
    ],
    "slow-options": [
        *(
            setting
            for speed in (6, 4)
            for setting in (
                _avif(f"avif speed {speed} 4:4:4", speed, subsampling="4:4:4"),
                _advanced(speed, tune="ssimulacra2"),
                _advanced(speed, deltaq_strength="150"),
                _advanced(speed, deltaq_strength="220"),
                _advanced(speed, enable_adaptive_sharpness="0"),
                _advanced(speed, loopfilter_control="0"),
                _advanced(speed, quant_b_adapt="1"),
                _advanced(speed, sb_size="128"),
            )
        ),
    ],
    "full-chroma": [
        *(_avif(f"avif speed {one} 4:4:4", one, subsampling="4:4:4") for one in (9, 8, 6, 5, 4)),
        *(
            _avif(f"avif speed {one} 4:4:4 deltaq-strength=220", one, subsampling="4:4:4", advanced=_STRONG)
            for one in (9, 6, 4)
        ),
    ],
    "large": [
        _avif("avif speed 9", 9),
        *(_avif(f"avif speed {one} 4:4:4", one, subsampling="4:4:4") for one in (9, 8)),
        Setting("webp method 2", "webp", WEBP_QUALITIES, {"method": 2}),
        Setting("jpeg Robidoux for both", "jpeg", JPEG_QUALITIES, {**_PROGRESSIVE, "qtables": [ROBIDOUX, ROBIDOUX]}),
    ],
    "largest": [
        _avif("avif speed 9", 9),
        _avif("avif speed 9 4:4:4", 9, subsampling="4:4:4"),
    ],
    "slowest": [
        *(_avif(f"avif speed {one} 4:4:4", one, subsampling="4:4:4", qualities=(54, 61)) for one in (4, 3)),
    ],
    "jpeg-tables": [
        Setting(f"jpeg {name}", "jpeg", JPEG_QUALITIES, {**_PROGRESSIVE, "qtables": table})
        for name, table in QUANTISATION.items()
    ],
}
