"""The real photographs that benchmarks run on."""

import os
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageCms, ImageOps


def photos() -> list[Path]:
    """Every photograph in ``photos/`` of the folder that DARKROOM_MEDIA names, by name."""
    folder = os.environ.get("DARKROOM_MEDIA")
    if not folder:
        raise SystemExit("Set DARKROOM_MEDIA to a folder that has photos/ in it.")
    return sorted(path for path in (Path(folder) / "photos").iterdir() if path.is_file())


def distinct_photos() -> list[Path]:
    """The photographs without those that are another one turned, which would count a picture twice."""
    return [path for path in photos() if "rotated" not in path.name]


def pixels(path: Path) -> Image.Image:
    """A photograph as it is seen, in sRGB, as RGB without metadata."""
    with Image.open(path) as opened:
        profile = opened.info.get("icc_profile")
        image = ImageOps.exif_transpose(opened).convert("RGB")
    if profile:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        image = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB") or image
    return Image.frombytes("RGB", image.size, image.tobytes())


def at_width(image: Image.Image, width: int) -> Image.Image:
    """The image at ``width`` pixels, its height rounded down as Wagtail's ``width-`` operation does."""
    height = max(1, image.height * width // image.width)
    return image.resize((width, height), Image.Resampling.LANCZOS)
