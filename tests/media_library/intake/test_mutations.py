"""Whatever is done to a file: it is a picture, or it is refused with a sentence. `make proof` does more of it."""

import re
from io import BytesIO

from hypothesis import HealthCheck, given, settings

from media_library.exceptions import UnacceptableFile
from media_library.intake import inspect
from media_library.intake.svg import sanitise
from tests.media import animation_bytes, photo_bytes
from tests.mutations import mutated

DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 60">'
    b"<style>.a{fill:url(#g)}</style><script>evil()</script>"
    b'<linearGradient id="g"><stop offset="0" stop-color="red"/></linearGradient><use href="#a"/><text>a</text>'
    b'<rect id="a" onclick="evil()" width="9" height="9" style="fill:url(http://evil/)"/></svg>'
)
EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "AVIF": "avif", "GIF": "gif", "HEIF": "heic", "BMP": "bmp"}
PHOTOS = [
    (f"a.{extension}", photo_bytes(48, 32, orientation=6, format=format)) for format, extension in EXTENSIONS.items()
]
ANIMATIONS = [(f"a.{form.lower()}", animation_bytes(form)) for form in ("GIF", "WEBP", "AVIF", "PNG")]
SEEDS = [*PHOTOS, ("a.tif", photo_bytes(48, 32, format="TIFF")), *ANIMATIONS]

# The same ones each time: what is found here must be somebody's doing. The proof looks for new ones.
few = settings(max_examples=100, deadline=10_000, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@few
@given(mutated(SEEDS))
def test_mutated_picture_is_accepted_or_refused_with_a_sentence(file):
    name, data = file
    try:
        found = inspect("image", BytesIO(data), name)
    except UnacceptableFile as error:
        assert re.fullmatch(r"[A-Z].{20,}\.", str(error), re.DOTALL)
    else:
        assert found.width
        assert found.height
        assert found.renditions


@few
@given(mutated([("a.svg", DRAWING)]))
def test_mutated_drawing_is_harmless_or_refused_with_a_sentence(file):
    try:
        drawing = sanitise(file[1])
    except UnacceptableFile as error:
        assert re.fullmatch(r"[A-Z].{20,}\.", str(error), re.DOTALL)
    else:
        assert sanitise(drawing.data) == drawing
        assert not re.search(rb"<script|\son\w+=|http://evil|@import", drawing.data.replace(b"xmlns=", b""))
