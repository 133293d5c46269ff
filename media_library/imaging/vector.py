"""Drawings have no pixels: their renditions are drawings too."""

from io import BytesIO
from typing import TYPE_CHECKING

from wagtail.images.models import Filter
from wagtail.images.utils import to_svg_safe_spec

from media_library.imaging.engine import Encoded

if TYPE_CHECKING:
    from wagtail.images.models import AbstractImage


def render_svg(image: "AbstractImage", wanted: Filter) -> Encoded:
    """Crop and scale an SVG as Wagtail does; what only pixels can do, formats included, is left out of the filter."""
    safe = Filter(spec=to_svg_safe_spec(wanted.spec) or "original")
    output = BytesIO()
    safe.run(image, output)
    width, height = safe.get_transform(image).size
    return Encoded(
        wanted.spec, max(1, round(width)), max(1, round(height)), "svg", output.getvalue(), wanted.get_cache_key(image)
    )
