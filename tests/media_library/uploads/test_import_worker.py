"""The real workers, while they import from a server that says nothing."""

import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from tests.media import photo_bytes
from tests.media_library.uploads.test_fetching import file, serving
from tests.stack import Stack

# However long the rest takes on a busy machine: meanwhile imports wait.
PATIENT = """
from cms.settings.dev import *

MEDIA_LIBRARY = MEDIA_LIBRARY | {"IMPORT_READ_SECONDS": 300}
"""

UNTIL = """
import time

def until(condition):
    end = time.monotonic() + 240
    while not condition():
        if time.monotonic() > end:
            raise SystemExit("waited in vain")
        time.sleep(0.05)
"""

IMPORT = """
from cms.models import User
from media_library.tasks import send_import
from media_library.uploads import fetching
user = User.objects.create_superuser("importer")
for number in range(3):
    send_import(fetching.begin(user, f"{address}/{{number}}.jpg").pk)
"""

DEVELOP = """
from datetime import timedelta
from django.core.files import File
from django.utils import timezone
from media_library.models import CustomImage, ProcessingJob

with open({path!r}, "rb") as photo:
    image = CustomImage(title="Harbour", file=File(photo, name="harbour.jpg"))
    image.save()
until(lambda: CustomImage.objects.filter(status="ready").exists())
# As if its worker had died over it: only the reaper, a clock, looks after it.
late = timezone.now() - timedelta(hours=1)
ProcessingJob.objects.update(state="running", lease_expires_at=late)
until(lambda: not ProcessingJob.objects.exclude(state="done").exists())
"""

ALL_IMPORTED = """
from media_library.models import UploadSession
until(lambda: UploadSession.objects.filter(state="finished").count() == 3)
"""


def test_server_that_says_nothing_keeps_neither_pictures_nor_clocks_waiting(tmp_path: Path):
    asked = threading.Semaphore(0)
    may_answer = threading.Event()

    def wait_and(answer):
        def late(request: BaseHTTPRequestHandler) -> None:
            asked.release()
            may_answer.wait(280)
            answer(request)

        return late

    photo = tmp_path / "harbour.jpg"
    photo.write_bytes(photo_bytes(300, 200))
    answers = {f"/{number}.jpg": wait_and(file(photo_bytes(80 + number, 60))) for number in range(3)}
    (tmp_path / "patient.py").write_text(PATIENT)
    env = {"PYTHONPATH": str(tmp_path), "IMPORT_ALLOWED_HOSTS": "127.0.0.1", "MEDIA_JOB_REAP_SECONDS": "1"}
    names = ["worker_images", "worker_video", "worker_imports", "beat"]
    with serving(answers) as address, Stack(tmp_path / "data", env, settings="patient", names=names) as stack:
        try:
            stack.manage("shell", "-v", "0", "-c", IMPORT.format(address=address))
            assert all(asked.acquire(timeout=120) for _import in range(3))

            stack.manage("shell", "-v", "0", "-c", UNTIL + DEVELOP.format(path=str(photo)))
        finally:
            may_answer.set()
        stack.manage("shell", "-v", "0", "-c", UNTIL + ALL_IMPORTED)
