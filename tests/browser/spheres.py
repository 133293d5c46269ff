"""A panorama in four colours, and where in it somebody looks."""

import time
from io import BytesIO

from PIL import Image
from playwright.sync_api import Locator, Page

from tests.special_media import xmp

COLOURS = {"back": (40, 60, 220), "left": (220, 40, 40), "front": (40, 180, 60), "right": (230, 210, 40)}
"""Of the four directions; what is behind is on both edges."""

OF_THE_BROWSER = ("GPU stall", "software WebGL")
"""What Chromium says of software drawing, which is none of ours."""


def square() -> bytes:
    """A JPEG of 1024 by 512 pixels that goes all around."""
    whole = Image.new("RGB", (1024, 512))
    back, *others = COLOURS.values()
    for number, colour in enumerate((back, *others, back)):
        whole.paste(colour, (256 * number - 128, 0, 256 * number + 128, 512))
    output = BytesIO()
    whole.save(output, "JPEG", quality=95, xmp=xmp(GPano__ProjectionType="equirectangular"))
    return output.getvalue()


def seen(canvas: Locator) -> str:
    """In which direction somebody looks, by the colour in the middle."""
    shot = Image.open(BytesIO(canvas.screenshot())).convert("RGB")
    found = shot.getpixel((shot.width // 2, shot.height // 2))
    return min(COLOURS, key=lambda name: sum(abs(a - b) for a, b in zip(COLOURS[name], found, strict=True)))


def looks(canvas: Locator, direction: str) -> None:
    """Wait until somebody looks there."""
    deadline = time.monotonic() + 30
    while (found := seen(canvas)) != direction:
        assert time.monotonic() < deadline, f"looks {found}, not {direction}"
        canvas.page.wait_for_timeout(100)


def changes(canvas: Locator, before: bytes) -> None:
    """Wait until it shows something else than in that screenshot."""
    deadline = time.monotonic() + 30
    while canvas.screenshot() == before:
        assert time.monotonic() < deadline, "still the same"
        canvas.page.wait_for_timeout(100)


def panorama(page: Page, label: str) -> Locator:
    """The view of a picture, once it is in sight."""
    page.locator("[data-sphere][data-src]").first.scroll_into_view_if_needed()
    return page.get_by_role("application", name=f"{label} (360°)")
