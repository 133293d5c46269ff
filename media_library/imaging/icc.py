"""Colour spaces that a file names instead of carrying a profile, written as ICC profiles, so that there is one path.

Code points are those of ITU-T H.273 (``nclx`` in AVIF and HEIC, ``cICP`` in PNG).
"""

import struct
from collections.abc import Callable
from functools import lru_cache

Row = tuple[float, float, float]
Matrix = tuple[Row, Row, Row]
Chromaticity = tuple[float, float, float, float, float, float, float, float]
"""x and y of white, red, green and blue (CIE 1931)."""

D65 = (0.3127, 0.3290)
PRIMARIES: dict[int, Chromaticity] = {
    1: (*D65, 0.640, 0.330, 0.300, 0.600, 0.150, 0.060),  # BT.709, sRGB
    9: (*D65, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046),  # BT.2020, BT.2100
    12: (*D65, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),  # SMPTE EG 432-1, Display P3
}
"""H.273, table 2: what cameras and phones write. Others are near BT.709, and taken for it."""

SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
"""g, a, b, c, d of IEC 61966-2-1, as the parametric curve of type 3 takes them (ICC.1:2022, 10.18)."""

_D50: Row = (0.9642, 1.0, 0.8249)
"""White of the profile connection space (ICC.1:2022, 7.2.16)."""
_BRADFORD: Matrix = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))
"""Chromatic adaptation (ICC.1:2022, annex E)."""
_SDR_WHITE, _HDR_PEAK = 203.0, 1000.0
"""cd/m²: reference white of HDR (ITU-R BT.2408), and the peak for which nearly all of it is graded."""
_TABLE = 1024


@lru_cache
def named_profile(primaries: int, transfer: int) -> bytes | None:
    """The profile for a pair of H.273 code points; None for sRGB, and for what isn't known.

    HDR (PQ, HLG) is toned down to the range of a screen with the curve of ITU-R BT.2390, 5.4.1, on each channel.
    """
    gammas = {4: 2.2, 5: 2.8, 8: 1.0}
    chromaticity = PRIMARIES.get(primaries, PRIMARIES[1])
    if transfer == 16:
        return matrix_profile(chromaticity, _curve(lambda value: _toned_down(_pq_to_light(value))))
    if transfer == 18:
        return matrix_profile(chromaticity, _curve(lambda value: _toned_down(_hlg_to_light(value))))
    if transfer in gammas:
        return matrix_profile(chromaticity, _parametric(0, gammas[transfer]))
    # BT.709 and its kin (1, 6, 14, 15) are shown with the curve of sRGB by browsers.
    return None if chromaticity == PRIMARIES[1] else matrix_profile(chromaticity, _parametric(3, *SRGB_CURVE))


@lru_cache
def gamma_profile(chromaticity: Chromaticity | None, gamma: float) -> bytes | None:
    """The profile for ``cHRM`` and ``gAMA`` of a PNG (3rd edition, 11.3.2); None when they say sRGB, or nonsense.

    ``gamma`` is that of encoding, 0.45455 for 1/2.2.
    """
    srgb = PRIMARIES[1]
    if not 0.01 < gamma < 10:
        return None
    usual = abs(gamma - 1 / 2.2) < 0.01
    chromaticity = chromaticity or srgb
    if usual and all(abs(one - other) < 0.005 for one, other in zip(chromaticity, srgb, strict=True)):
        return None
    curve = _parametric(3, *SRGB_CURVE) if usual else _parametric(0, 1 / gamma)
    try:
        return matrix_profile(chromaticity, curve)
    except (ArithmeticError, struct.error):
        return None


def matrix_profile(chromaticity: Chromaticity, curve: bytes) -> bytes:
    """Write a display profile of ICC version 4 from primaries and one curve for all channels (ICC.1:2022, 8.3.3).

    Raises ``ZeroDivisionError`` or ``struct.error`` for primaries that span no colours.
    """
    colorants = _colorants(chromaticity)
    tags = {b"wtpt": _xyz(_D50), b"rTRC": curve, b"gTRC": curve, b"bTRC": curve}
    for name, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), zip(*colorants, strict=True), strict=True):
        tags[name] = _xyz(column)
    offset = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags.items():
        table += name + struct.pack(">II", offset + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    header = struct.pack(
        ">I4s4s4s4s4s12s4s28s12s48s",
        offset + len(body),
        b"",
        b"\x04\x30\0\0",
        b"mntr",
        b"RGB ",
        b"XYZ ",
        bytes(12),
        b"acsp",
        bytes(28),
        struct.pack(">3i", *(round(one * 65536) for one in _D50)),
        b"",
    )
    return header + table + body


def _xyz(value: Row) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(one * 65536) for one in value))


def _parametric(kind: int, *parameters: float) -> bytes:
    numbers = (round(one * 65536) for one in parameters)
    return b"para\0\0\0\0" + struct.pack(f">HH{len(parameters)}i", kind, 0, *numbers)


def _curve(function: Callable[[float], float]) -> bytes:
    values = (round(65535 * min(1.0, max(0.0, function(step / (_TABLE - 1))))) for step in range(_TABLE))
    return b"curv\0\0\0\0" + struct.pack(f">I{_TABLE}H", _TABLE, *values)


def _colorants(chromaticity: Chromaticity) -> Matrix:
    """RGB to XYZ under D50, from primaries and white (SMPTE RP 177, then the adaptation of ICC)."""
    white, red, green, blue = (_xy_to_xyz(*chromaticity[at : at + 2]) for at in (0, 2, 4, 6))
    primaries: Matrix = tuple(zip(red, green, blue, strict=True))  # type: ignore[assignment]
    amounts = _times(_inverse(primaries), white)
    unadapted: Matrix = tuple(
        tuple(cell * amount for cell, amount in zip(row, amounts, strict=True)) for row in primaries
    )  # type: ignore[assignment]
    cones_from, cones_to = _times(_BRADFORD, white), _times(_BRADFORD, _D50)
    ratios = [to / origin for to, origin in zip(cones_to, cones_from, strict=True)]
    scaled: Matrix = tuple(tuple(cell * ratio for cell in row) for row, ratio in zip(_BRADFORD, ratios, strict=True))  # type: ignore[assignment]
    adaptation = _product(_inverse(_BRADFORD), scaled)
    return _product(adaptation, unadapted)


def _xy_to_xyz(x: float, y: float) -> Row:
    return x / y, 1.0, (1 - x - y) / y


def _times(matrix: Matrix, vector: Row) -> Row:
    return tuple(sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)  # type: ignore[return-value]


def _product(one: Matrix, other: Matrix) -> Matrix:
    columns = [_times(one, column) for column in zip(*other, strict=True)]
    return tuple(zip(*columns, strict=True))  # type: ignore[return-value]


def _inverse(m: Matrix) -> Matrix:
    """By cofactors. Raises ``ZeroDivisionError``."""
    (a, b, c), (d, e, f), (g, h, i) = m
    determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    cofactors = (
        (e * i - f * h, c * h - b * i, b * f - c * e),
        (f * g - d * i, a * i - c * g, c * d - a * f),
        (d * h - e * g, b * g - a * h, a * e - b * d),
    )
    return tuple(tuple(one / determinant for one in row) for row in cofactors)  # type: ignore[return-value]


# HDR: from encoded values to light in cd/m², and down to what a screen shows.

_M1, _M2, _C1, _C2, _C3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
"""SMPTE ST 2084."""


def _pq_to_light(value: float) -> float:
    power = value ** (1 / _M2)
    return 10_000 * (max(power - _C1, 0) / (_C2 - _C3 * power)) ** (1 / _M1)


def _light_to_pq(light: float) -> float:
    power = (max(light, 0) / 10_000) ** _M1
    return ((_C1 + _C2 * power) / (1 + _C3 * power)) ** _M2


def _hlg_to_light(value: float) -> float:
    """ITU-R BT.2100, table 5: the inverse of its OETF, and its OOTF for a screen of 1000 cd/m²."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = value * value / 3 if value <= 0.5 else (2.718281828459045 ** ((value - c) / a) + b) / 12
    return _HDR_PEAK * scene**1.2


def _toned_down(light: float) -> float:
    """ITU-R BT.2390, 5.4.1, from the peak to reference white. Returns linear light, 0 to 1."""
    top = _light_to_pq(_HDR_PEAK)
    value = min(1.0, _light_to_pq(light) / top)
    target = _light_to_pq(_SDR_WHITE) / top
    knee = 1.5 * target - 0.5
    if value > knee:
        t = (value - knee) / (1 - knee)
        value = (2 * t**3 - 3 * t**2 + 1) * knee + (t**3 - 2 * t**2 + t) * (1 - knee) + (-2 * t**3 + 3 * t**2) * target
    return _pq_to_light(value * top) / _SDR_WHITE
