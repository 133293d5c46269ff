import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from wagtail.models import Collection

from cms.models import User
from media_library import jobs
from media_library.api.rest import door
from media_library.audio import develop as sounds
from media_library.imaging import engine
from media_library.jobs.lease import Lease
from media_library.models import Asset, Audio, CustomImage, ProcessingJob, Video
from media_library.statistics import counting, shared_throttle, throttle, vain
from media_library.video import ladder, loudness, parts, poster, webm
from tests.clock import Clock, StandingClock
from tests.made_once import Kept, converted_once, made_of_pixels_once
from tests.media import film_bytes, film_file, photo_file, sound_file
from tests.migrated import django_db_keepdb, django_db_modify_db_settings, django_db_setup  # noqa: F401

# Proofs need real files, and take longer than a suite may: `make proof` names the folder.
collect_ignore = [] if os.environ.get("DARKROOM_MEDIA") else ["proof"]
# PostgreSQL and Redis are no part of what `make test` needs; `make test-production` tests how they are started, too.
if not os.environ.get("REDIS_URL"):
    collect_ignore.append("test_services.py")


# An example may take as long as this machine needs for it.
hypothesis_settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("patient")

# What is imported stays, so that looking through it for garbage again and again is for nothing: an eighth of the time.
gc.set_threshold(100_000, 50, 100)


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _pictures_and_films_are_made_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    run = tmp_path_factory.getbasetemp()
    kept = Kept((run.parent if "PYTEST_XDIST_WORKER" in os.environ else run) / "made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "encode", made_of_pixels_once(engine.encode, kept))
        patch.setattr(engine, "make_placeholder", made_of_pixels_once(engine.make_placeholder, kept))
        for room in (sounds, ladder, loudness, parts, poster, webm):
            patch.setattr(room, "run_ffmpeg", converted_once(room.run_ffmpeg, kept))
        yield


@pytest.fixture(autouse=True)
def _clean_files(request: pytest.FixtureRequest) -> None:
    """Each test begins with an empty media folder and an empty cache, and nothing waits to be counted."""
    cache.clear()
    counting.buffer.clear()
    vain.buffer.clear()
    for folder in (settings.MEDIA_ROOT, settings.DATA_DIR / "originals"):
        shutil.rmtree(folder, ignore_errors=True)
    Path(settings.MEDIA_ROOT).mkdir(parents=True)


@pytest.fixture(autouse=True)
def _ground(request: pytest.FixtureRequest) -> None:
    """What migrations wrote (root collection, site, locale, groups) is there for each test.

    A test with transaction=True empties the database behind it, and shuffled tests come after it.
    """
    if request.node.get_closest_marker("django_db") or "db" in request.fixturenames:
        request.getfixturevalue("_django_db_helper")
        if not Collection.objects.exists():
            connection.creation.deserialize_db_from_string(connection._test_serialized_contents)


@pytest.fixture(autouse=True)
def minute(monkeypatch: pytest.MonkeyPatch) -> StandingClock:
    """By it is counted how often somebody asks in a minute: none of them ends in the midst of a test."""
    clock = StandingClock()
    for room in (door, shared_throttle, throttle):
        monkeypatch.setattr(room, "time", clock)
    return clock


@pytest.fixture(autouse=True)
def _no_sign_of_life_gets_lost(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that takes long tells of itself by a connection of its own, which sees no row of a test's transaction.

    It would take its job for another's.
    """
    mark = request.node.get_closest_marker("django_db")
    if "transactional_db" not in request.fixturenames and not (mark and mark.kwargs.get("transaction")):
        monkeypatch.setattr(Lease, "_beat", lambda self, stop: None)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def root_collection(db: None) -> Collection:
    return Collection.get_first_root_node()


@pytest.fixture
def admin_user(db: None) -> User:
    return User.objects.create_superuser("ada", "ada@example.org", "a long password")


@pytest.fixture
def admin_client(client, admin_user: User):
    client.force_login(admin_user)
    return client


@pytest.fixture
def photo(db: None) -> CustomImage:
    """A photograph that was just uploaded: its jobs are queued."""
    image = CustomImage(title="Harbour", file=photo_file())
    image.save()
    return image


@pytest.fixture(scope="session")
def small_film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """One second of film with sound, as bytes of an MP4."""
    return film_bytes(tmp_path_factory.mktemp("film"))


@pytest.fixture
def film(db: None, tmp_path: Path) -> Video:
    """A film that was just uploaded: its jobs are queued."""
    video = Video(title="Tide", file=film_file(tmp_path))
    video.save()
    return video


@pytest.fixture
def sound(db: None) -> Audio:
    """A sound that was just uploaded: its jobs are queued."""
    audio = Audio(title="Bells", file=sound_file())
    audio.save()
    return audio


@pytest.fixture
def develop() -> Callable[..., None]:
    """Do the queued work of these assets, or all there is, as a worker would."""

    def work(*assets: Asset) -> None:
        queued = ProcessingJob.objects.filter(state=ProcessingJob.State.QUEUED)
        if assets:
            queued = queued.filter(asset__in=[asset.pk for asset in assets])
        for job_id in list(queued.order_by("pk").values_list("pk", flat=True)):
            run(job_id)
        for asset in assets:
            asset.refresh_from_db()

    def run(job_id: int) -> None:
        jobs.run(job_id)
        # Of a long film, its parts; after the last of them, the film again.
        for job in list(jobs.following(job_id)):
            run(job.pk)

    return work


@pytest.fixture
def public_files() -> Callable[[], set[str]]:
    """The names of all files in public storage."""

    def names() -> set[str]:
        root = Path(settings.MEDIA_ROOT)
        return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}

    return names
