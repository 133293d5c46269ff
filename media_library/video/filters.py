"""How the pictures of a film become what any screen shows: ffmpeg filters."""

from fractions import Fraction

from media_library.video.probe import Film

# Code points of ITU-T H.273.
UNSPECIFIED, BT709, BT470M, BT2020, P3_D65 = 2, 1, 4, 9, 12
PQ, HLG = 16, 18
_MATRICES = {1: "bt709", 5: "bt470bg", 6: "smpte170m", 9: "bt2020", 10: "bt2020"}

HD_LINES = 720
"""Films of at least this many lines that don't name their matrix mean BT.709, smaller ones BT.601, as players do."""

WHITE = 203
"""cd/m² of white in HDR: ITU-R BT.2408-7, 2.2. It becomes 1.0."""


def is_hdr(film: Film) -> bool:
    """Whether the film is brighter than a usual screen: PQ (HDR10, HDR10+), or HLG (phones; Dolby Vision 8.4)."""
    return film.colour.transfer in (PQ, HLG)


def constant(film: Film, rate: Fraction) -> list[str]:
    """Whole pictures in even steps from second 0 on. First, so that nothing is done with pictures that are dropped."""
    return [
        *(["bwdif=mode=send_frame"] if film.is_interlaced else []),
        f"fps=fps={rate.numerator}/{rate.denominator}:start_time=0",
    ]


def fitted(film: Film, width: int, height: int) -> list[str]:
    """Scale to this size and to the colours of BT.709 in 8 bits with limited range. Pixels are square afterwards."""
    if is_hdr(film):
        return [f"scale={width}:{height}:flags=bicubic", *_tone_mapped(film), "setsar=1"]
    if film.colour.primaries in (BT2020, P3_D65):
        return [f"scale={width}:{height}:flags=bicubic", *_narrowed(film), "setsar=1"]
    matrix = _MATRICES.get(film.colour.matrix) or ("bt709" if film.height >= HD_LINES else "smpte170m")
    return [
        f"scale={width}:{height}:flags=bicubic:in_color_matrix={matrix}:out_color_matrix=bt709:out_range=limited",
        "format=yuv420p",
        "setsar=1",
        "setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=limited",
    ]


def smaller(width: int, height: int) -> str:
    """Scale further what has been fitted."""
    return f"scale={width}:{height}:flags=bicubic,setsar=1"


def _tone_mapped(film: Film) -> list[str]:
    """Highlights are rolled off above a third of white (mobius), and everything else keeps its contrast."""
    transfer = "arib-std-b67" if film.colour.transfer == HLG else "smpte2084"
    return [
        # Said once more, since Dolby Vision says it in the container only.
        f"setparams=color_primaries=bt2020:color_trc={transfer}:colorspace=bt2020nc",
        f"zscale=transfer=linear:npl={WHITE}",
        "format=gbrpf32le",
        "zscale=primaries=bt709",
        "tonemap=tonemap=mobius:desat=0",
        "zscale=transfer=bt709:matrix=bt709:range=limited",
        "format=yuv420p",
    ]


def _narrowed(film: Film) -> list[str]:
    """The colours of phones and of cinema brought into those of BT.709."""
    wide = film.colour.primaries == BT2020
    primaries, matrix = ("bt2020", "bt2020nc") if wide else ("smpte432", "bt709")
    return [
        f"setparams=color_primaries={primaries}:color_trc=bt709:colorspace={matrix}",
        "zscale=primaries=bt709:transfer=bt709:matrix=bt709:range=limited",
        "format=yuv420p",
    ]
