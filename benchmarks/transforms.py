"""How long a rendition on demand takes the server: the first time, and every other time.

    DARKROOM_MEDIA=<folder with photos> python -m benchmarks.transforms

Starts the real web processes on an empty data directory, uploads the photograph that is nearest to 12 megapixels, and
asks for it 1280 pixels wide as AVIF. What a request took is what gunicorn says of it, from its last header read to the
last byte written. Prints a table in Markdown, in milliseconds.
"""

import http.client
import os
import re
import statistics
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image

from tests.stack import Stack

MEGAPIXELS = 12
FIRST_HITS = 9
SECOND_HITS = 500
ACCESS_LOG = "--access-logfile=- --access-logformat='took %(D)s µs for %(s)s %(U)s'"
TOOK = re.compile(r"took (\d+) µs for (\d+) /transform/")

UPLOAD = """
from django.core.files import File
from media_library.models import CustomImage
from media_library.transforms import transform_url
with open({path!r}, "rb") as file:
    image = CustomImage(title="Benchmark", file=File(file, name="benchmark.jpg"))
    image.save()
for width in range(1280, 1280 - {count}, -1):
    print(transform_url(image, f"width-{{width}}", format="avif"))
"""


def photograph() -> Path:
    """The photograph that is nearest to 12 megapixels."""

    def distance(path: Path) -> float:
        with Image.open(path) as image:
            return abs(image.width * image.height / 1e6 - MEGAPIXELS)

    return min((Path(os.environ["DARKROOM_MEDIA"]) / "photos").glob("*.jpg"), key=distance)


def ask(stack: Stack, paths: list[str]) -> list[float]:
    """Fetch these paths one after the other; return what each took the server, in milliseconds."""
    before = len(TOOK.findall(stack.log("web")))
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(stack.url).port, timeout=60)
    for path in paths:
        connection.request("GET", path, headers={"Accept": "image/avif,image/webp,*/*"})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path} answers {answer.status}")
    connection.close()
    # One more, whose line says that those before it are written.
    ask_health(stack)
    return [int(took) / 1000 for took, _status in TOOK.findall(stack.log("web"))[before:]]


def ask_health(stack: Stack) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(stack.url).port, timeout=60)
    connection.request("GET", "/health/")
    connection.getresponse().read()
    connection.close()


def row(label: str, times: list[float]) -> str:
    times = sorted(times)
    worst = times[int(len(times) * 0.95)]
    return f"| {label} | {len(times)} | {times[0]:.2f} | {statistics.median(times):.2f} | {worst:.2f} |"


def main() -> None:
    path = photograph()
    with Image.open(path) as image:
        size = f"{image.width} × {image.height}"
    with (
        tempfile.TemporaryDirectory() as folder,
        Stack(Path(folder), {"GUNICORN_CMD_ARGS": ACCESS_LOG, "WEB_WORKERS": "1"}, names=["web"]) as stack,
    ):
        paths = stack.manage("shell", "-v", "0", "-c", UPLOAD.format(path=str(path), count=FIRST_HITS)).split()
        cold = ask(stack, paths[:1])
        first = ask(stack, paths[1:])
        second = ask(stack, paths[:1] * SECOND_HITS)
    print(f"{path.name}, {size} pixels, to 1280 wide as AVIF; server time in ms\n")
    print("| Request | times | fastest | median | 95th percentile |")
    print("|---|---|---|---|---|")
    print(row("very first of a process", cold))
    print(row("first", first))
    print(row("second", second))


if __name__ == "__main__":
    main()
