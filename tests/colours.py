"""Colour by the published formulas, apart from the library's own path; and small ICC profiles to put into files."""

import struct
from collections.abc import Callable, Sequence

from PIL import Image

Colour = tuple[float, float, float]
Matrix = Sequence[Colour]

# RGB to XYZ under D65: Adobe RGB (1998) specification, 4.3.5.3; CSS Color 4, 18 (Display P3, sRGB).
ADOBE_RGB = ((0.57667, 0.18556, 0.18823), (0.29734, 0.62736, 0.07529), (0.02703, 0.07069, 0.99134))
DISPLAY_P3 = ((0.4865709, 0.2656677, 0.1982173), (0.2289746, 0.6917385, 0.0792869), (0.0, 0.0451134, 1.0439444))
SRGB = ((0.4123908, 0.3575843, 0.1804808), (0.2126390, 0.7151687, 0.0721923), (0.0193308, 0.1191948, 0.9505322))
XYZ_TO_SRGB = (
    (3.2409699, -1.5373832, -0.4986108),
    (-0.9692436, 1.8759675, 0.0415551),
    (0.0556301, -0.2039770, 1.0569715),
)
# ProPhoto RGB (ISO 22028-2) has the white D50: to XYZ under D50, and that to D65 (Bradford).
PROPHOTO = ((0.7977605, 0.1351858, 0.0313493), (0.2880711, 0.7118432, 0.0000857), (0.0, 0.0, 0.8251046))
D50_TO_D65 = (
    (0.9554734, -0.0230985, 0.0632593),
    (-0.0283697, 1.0099955, 0.0210414),
    (0.0123140, -0.0205077, 1.3303659),
)
WHITE_D65 = (0.9504559, 1.0, 1.0890578)
WHITE_D50 = (0.9642, 1.0, 0.8249)


def multiply(matrix: Matrix, colour: Colour) -> Colour:
    return tuple(sum(a * b for a, b in zip(row, colour, strict=True)) for row in matrix)


def srgb_encoded(linear: float) -> float:
    """IEC 61966-2-1, of light from 0 to 1; what a screen can't show is cut."""
    linear = min(1.0, max(0.0, linear))
    return 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055


def srgb_linear(encoded: float) -> float:
    return encoded / 12.92 if encoded <= 0.04045 else ((encoded + 0.055) / 1.055) ** 2.4


def in_srgb(colour: Sequence[int], matrix: Matrix, linear: Callable[[float], float]) -> tuple[int, ...]:
    """What an RGB colour of another space is in sRGB, 0 to 255."""
    xyz = multiply(matrix, tuple(linear(one / 255) for one in colour))
    return tuple(round(255 * srgb_encoded(one)) for one in multiply(XYZ_TO_SRGB, xyz))


def lab(colour: Sequence[int]) -> Colour:
    """CIE L*a*b* (CIE 15) of an sRGB colour."""
    xyz = multiply(SRGB, tuple(srgb_linear(one / 255) for one in colour))
    x, y, z = (_cube_root(one / white) for one, white in zip(xyz, WHITE_D65, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def lab_to_srgb(colour: Colour) -> tuple[int, ...]:
    """What a colour given in L*a*b* under D50 is in sRGB, 0 to 255."""
    y = (colour[0] + 16) / 116
    shares = (_cube(y + colour[1] / 500), _cube(y), _cube(y - colour[2] / 200))
    xyz = multiply(D50_TO_D65, tuple(share * white for share, white in zip(shares, WHITE_D50, strict=True)))
    return tuple(round(255 * srgb_encoded(one)) for one in multiply(XYZ_TO_SRGB, xyz))


def _cube_root(value: float) -> float:
    return value ** (1 / 3) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116


def _cube(value: float) -> float:
    return value**3 if value**3 > 216 / 24389 else (116 * value - 16) * 27 / 24389


def difference(one: Sequence[int], other: Sequence[int]) -> float:
    """ΔE*ab (CIE 1976) of two sRGB colours. About 2.3 is just seen."""
    return sum((a - b) ** 2 for a, b in zip(lab(one), lab(other), strict=True)) ** 0.5


def mean_difference(one: Image.Image, other: Image.Image) -> float:
    """Mean ΔE*ab of two pictures of one size, looked at from a distance that blurs four pixels to one."""
    assert one.size == other.size
    pairs = [image.convert("RGB").reduce(4) for image in (one, other)]
    colours = zip(*(zip(*[iter(image.tobytes())] * 3, strict=True) for image in pairs), strict=True)
    all_of_them = [difference(a, b) for a, b in colours]
    return sum(all_of_them) / len(all_of_them)


def icc_profile(space: bytes, tags: dict[bytes, bytes], kind: bytes = b"mntr", pcs: bytes = b"XYZ ") -> bytes:
    """A profile of ICC version 2.4 with these tags (ICC.1:2001-04, 6.1 and 6.2)."""
    offset = 132 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags.items():
        table += name + struct.pack(">II", offset + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    white = struct.pack(">3i", *(round(one * 65536) for one in WHITE_D50))
    header = struct.pack(">I4xI4s4s4s12x4s28x12s48x", offset + len(body), 0x02400000, kind, space, pcs, b"acsp", white)
    return header + table + body


def grey_profile(gamma: float) -> bytes:
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(one * 65536) for one in WHITE_D50))
    curve = b"curv\0\0\0\0" + struct.pack(">IH2x", 1, round(gamma * 256))
    return icc_profile(b"GRAY", {b"wtpt": white, b"kTRC": curve})


def cmyk_profile(corners: Callable[[tuple[int, ...]], Colour]) -> bytes:
    """A printer whose inks are linear between the L*a*b* of its 16 corners (lut8Type, ICC.1:2001-04, 6.5.8)."""
    nodes = [(c, m, y, k) for c in (0, 1) for m in (0, 1) for y in (0, 1) for k in (0, 1)]
    grid = b"".join(bytes((round(L * 2.55), round(a) + 128, round(b) + 128)) for L, a, b in map(corners, nodes))
    identity = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
    straight = bytes(range(256))
    lut = b"mft1\0\0\0\0" + bytes((4, 3, 2, 0)) + identity + straight * 4 + grid + straight * 3
    return icc_profile(b"CMYK", {b"A2B0": lut, b"A2B1": lut}, b"prtr", b"Lab ")
