import shutil
import threading
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from cms.operations import parts, readiness
from cms.operations.readiness import Readiness
from media_library.models import ProcessingJob

TOKEN = {"Authorization": "Bearer of the watch"}


@pytest.fixture
def watched(settings):
    settings.MONITORING_TOKEN = "of the watch"
    settings.MONITORING_NETWORKS = ["10.1.0.0/16"]


def patient(checks) -> Readiness:
    """Waits for an answer however busy this machine is."""
    return Readiness(checks, patience=60)


@pytest.fixture
def silent():
    """A check that hangs until the test is over, how often it was begun, and a wait until it was."""
    end, has_begun, begun = threading.Event(), threading.Event(), []

    def check() -> str:
        begun.append(1)
        has_begun.set()
        end.wait(60)
        return ""

    yield check, begun, lambda: has_begun.wait(60)
    end.set()


@pytest.mark.django_db
def test_health_answers_ok_and_is_never_cached(client):
    response = client.get("/health/")

    assert response.json() == {"status": "ok"}
    assert response["Cache-Control"] == "no-store"


def test_healthz_answers_without_a_database_and_to_any_host(client):
    # No django_db mark: a query would fail the test.
    response = client.get("/healthz", headers={"host": "10.0.0.7"})

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_probes_are_not_sent_to_https(client, settings):
    settings.SECURE_SSL_REDIRECT = True

    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code in (200, 503)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_readyz_tells_the_watch_of_each_part(client, watched, monkeypatch):
    monkeypatch.setattr("cms.operations.views.readiness", patient(parts.CHECKS))

    response = client.get("/readyz", headers=TOKEN)

    assert response.status_code == 200, response.content
    told = response.json()
    assert told["status"] == "ok"
    assert {name: part["state"] for name, part in told["parts"].items()} == dict.fromkeys(parts.CHECKS, "ok")
    assert all(part["milliseconds"] >= 0 for part in told["parts"].values())


@pytest.mark.parametrize(
    ("headers", "address", "is_told"),
    [
        (TOKEN, "192.0.2.1", True),
        ({}, "10.1.2.3", True),
        ({}, "10.2.0.1", False),
        ({"Authorization": "Bearer guessed"}, "192.0.2.1", False),
        ({"Authorization": "Basic of the watch"}, "192.0.2.1", False),
        # Without trusted proxies anybody could write this.
        ({"X-Forwarded-For": "10.1.2.3"}, "192.0.2.1", False),
        ({}, "", False),
    ],
)
def test_only_the_watch_is_told_of_parts(headers, address, is_told, watched, monkeypatch):
    monkeypatch.setattr("cms.operations.views.readiness", patient({"disk": lambda: "fine"}))

    told = Client().get("/readyz", headers=headers, REMOTE_ADDR=address).json()

    assert ("parts" in told) is is_told
    assert told["status"] == "ok"


def test_readyz_is_503_when_the_database_hangs_and_answers_in_time(client, watched, monkeypatch, silent):
    check, _begun, _has_begun = silent
    monkeypatch.setattr("cms.operations.views.readiness", Readiness({"database": check}, patience=0.1))

    response = client.get("/readyz", headers=TOKEN)

    assert (response.status_code, response.json()["status"]) == (503, "failing")
    assert response.json()["parts"]["database"]["state"] == "silent"
    assert "DATABASE_URL" in response.json()["parts"]["database"]["advice"]


def test_part_that_hangs_is_asked_once_however_often_one_looks(silent):
    check, begun, has_begun = silent
    asking = Readiness({"cache": check}, patience=0.02)

    findings = [asking.ask()["cache"] for _ in range(5)]

    assert has_begun()
    assert (len(begun), {one.state for one in findings}) == (1, {"silent"})


def test_what_one_can_do_without_is_degraded_and_200(client, settings, monkeypatch):
    def refuse() -> str:
        raise ConnectionError("redis://user:secret@cache:6379 refused")

    monkeypatch.setattr("cms.operations.views.readiness", patient({"cache": refuse, "database": lambda: ""}))

    assert (client.get("/readyz").status_code, client.get("/readyz").json()["status"]) == (200, "degraded")
    settings.READY_REQUIRES = ["database", "cache"]
    assert (client.get("/readyz").status_code, client.get("/readyz").json()["status"]) == (503, "failing")


def test_words_of_a_driver_are_told_to_nobody(client, watched, monkeypatch):
    def refuse() -> str:
        raise ConnectionError("redis://user:secret@cache:6379 refused")

    monkeypatch.setattr("cms.operations.views.readiness", patient({"cache": refuse}))

    answer = client.get("/readyz", headers=TOKEN)
    assert b"secret" not in answer.content
    assert answer.json()["parts"]["cache"]["detail"] == "ConnectionError"


def test_storage_is_asked_again_only_after_a_while(monkeypatch):
    times = []
    asking = patient({"storage": lambda: times.append(1) or "", "disk": lambda: ""})
    asking.ask()
    asking.ask()
    assert len(times) == 1

    monkeypatch.setitem(readiness.KEPT_SECONDS, "storage", 0.0)
    asking.ask()
    assert len(times) == 2


def test_cache_that_forgets_is_unwell(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    caches.close_all()

    with pytest.raises(parts.Unwell, match="could not be read"):
        parts.check_cache()


def test_full_disk_is_told_with_what_to_do(settings):
    settings.MEDIA_LIBRARY = {**settings.MEDIA_LIBRARY, "UPLOAD_SPARE_BYTES": 2**62}

    with pytest.raises(parts.Unwell, match="free in") as raised:
        parts.check_disk()
    assert "trash" in raised.value.advice


def test_storage_that_cannot_be_written_is_unwell(settings):
    shutil.rmtree(settings.MEDIA_ROOT)
    settings.MEDIA_ROOT.write_text("a file where the folder should be")
    try:
        finding = patient({"storage": parts.check_storage}).ask()["storage"]
    finally:
        settings.MEDIA_ROOT.unlink()

    assert finding.state == "unwell"
    assert "storage" in finding.advice


@pytest.mark.django_db
def test_queue_is_as_old_as_the_work_that_waits_longest(photo, settings):
    hour_ago = timezone.now() - timedelta(hours=1)
    ProcessingJob.objects.update(available_at=hour_ago, created_at=hour_ago)

    assert 3599 < parts.queue_age() < 3700
    with pytest.raises(parts.Unwell, match="has waited for 36") as raised:
        parts.check_queue()
    assert "worker_images" in raised.value.advice


@pytest.mark.django_db
def test_queue_does_not_count_what_nobody_waits_for_nor_what_is_to_wait(photo):
    hour_ago = timezone.now() - timedelta(hours=1)
    ProcessingJob.objects.update(
        available_at=hour_ago, created_at=hour_ago, operation=ProcessingJob.Operation.POLISH_IMAGE
    )
    assert parts.queue_age() == 0.0

    later = timezone.now() + timedelta(minutes=5)
    ProcessingJob.objects.update(available_at=later, operation=ProcessingJob.Operation.DEVELOP_IMAGE)
    assert parts.queue_age() == 0.0


@pytest.fixture
def film_in_parts(photo) -> list[ProcessingJob]:
    """Two parts that have waited for an hour."""
    whole, hour_ago = photo.jobs.get(), timezone.now() - timedelta(hours=1)
    ProcessingJob.objects.update(state=ProcessingJob.State.RUNNING)
    for number in (1, 2):
        part = {"operation": ProcessingJob.Operation.TRANSCODE_PART, "number": number, "parent": whole}
        ProcessingJob.objects.create(asset_id=photo.pk, version=1, available_at=hour_ago, **part)
    ProcessingJob.objects.filter(parent=whole).update(created_at=hour_ago)
    return list(whole.parts_of_it.order_by("number"))


@pytest.mark.django_db
def test_queue_is_as_old_as_the_parts_of_a_film_that_nobody_begins(film_in_parts):
    assert 3599 < parts.queue_age() < 3700


@pytest.mark.django_db
def test_queue_does_not_count_parts_while_others_of_the_film_are_made(film_in_parts):
    first, _second = film_in_parts
    ProcessingJob.objects.filter(pk=first.pk).update(state=ProcessingJob.State.RUNNING)
    assert parts.queue_age() == 0.0

    now = timezone.now()
    ProcessingJob.objects.filter(pk=first.pk).update(state=ProcessingJob.State.DONE, finished_at=now)
    assert parts.queue_age() < 60


@pytest.mark.django_db
def test_dead_worker_that_nobody_noticed_tells_of_beat(photo):
    ProcessingJob.objects.update(
        state=ProcessingJob.State.RUNNING, lease_expires_at=timezone.now() - timedelta(minutes=10)
    )

    with pytest.raises(parts.Unwell, match="dead worker") as raised:
        parts.check_queue()
    assert "beat" in raised.value.advice
