"""Names of cameras and lenses, as a person would write them."""

import re
from collections.abc import Sequence

_COMPANY = re.compile(
    r"[\s,]*\b(corporation|corp|company|co|ltd|limited|inc|gmbh|ag|computer|optical|electric|electronics|imaging"
    r"|techwin|digital camera|photo film)\b[\s.,]*",
    re.IGNORECASE,
)

_BRANDS = {"eastman kodak": "Kodak", "jk imaging": "Kodak", "lge": "LG"}
"""Companies that sign with another name than their cameras have."""


def maker(written: str) -> str:
    """Shorten the name of a maker to that of the brand: ``NIKON CORPORATION`` is Nikon, ``SONY`` Sony, ``HTC`` HTC."""
    for company, brand in _BRANDS.items():
        if written.casefold().startswith(company):
            return brand
    words = (_COMPANY.sub(" ", written).strip(" ,") or written).split()
    return " ".join(one.capitalize() if one.islower() or (one.isupper() and len(one) > 3) else one for one in words)


def model_without_maker(written: str, make: str) -> str:
    """Leave the maker out of the name of a model: of ``Canon EOS 5D`` by Canon, ``EOS 5D`` is left."""
    if make and written.casefold().startswith(f"{make.casefold()} "):
        return written[len(make) :].strip()
    return written


def lens_by_specification(numbers: Sequence[float]) -> str:
    """Describe a lens by its shortest and longest focal length (mm), and its f-number at each (Exif, tag A432)."""
    if len(numbers) != 4 or not all(0 <= one < 100_000 for one in numbers) or not numbers[0]:
        return ""
    shortest, longest, *apertures = numbers
    reach = f"{shortest:g}" if shortest == longest or not longest else f"{shortest:g}–{longest:g}"
    light = "–".join(dict.fromkeys(f"{one:g}" for one in apertures if one))
    return f"{reach} mm f/{light}" if light else f"{reach} mm"
