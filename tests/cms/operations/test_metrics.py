import os
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from blog.models import SharingAccount
from cms.api import api_v2
from cms.delivery.models import Change, Webhook, WebhookDelivery
from cms.delivery.signals import response_answered
from cms.operations import figures, metrics
from cms.operations.metric_files import forget_the_dead
from cms.operations.readiness import KEPT_SECONDS
from cms.sharing.models import Posting
from media_library import jobs
from media_library.models import Asset, ProcessingJob

TOKEN = {"Authorization": "Bearer of the watch"}


@pytest.fixture(autouse=True)
def watched(settings, monkeypatch):
    settings.MONITORING_TOKEN = "of the watch"
    # What the test before has read is no answer here.
    monkeypatch.setitem(KEPT_SECONDS, "figures", 0.0)


def _samples(text: str) -> dict[tuple, float]:
    """``{("darkroom_requests_total", ("endpoint", "admin"), …): 3.0}``, as Prometheus reads it."""
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
def scrape(client):
    def ask() -> dict[tuple, float]:
        answer = client.get("/metrics", headers=TOKEN)
        assert answer.status_code == 200
        return _samples(answer.content.decode())

    return ask


def _of(families) -> dict[tuple, float]:
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value for family in families for sample in family.samples
    }


def test_metrics_are_for_the_watch_only(client):
    answer = client.get("/metrics")

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert b"MONITORING_TOKEN" in answer.content
    assert b"darkroom_" not in answer.content


@pytest.mark.django_db
def test_requests_are_counted_by_endpoint_method_and_status_with_their_seconds(client, scrape):
    counted = ("darkroom_requests_total", ("endpoint", "api/v2/images"), ("method", "GET"), ("status", "404"))
    timed = ("darkroom_request_seconds_count", ("endpoint", "api/v2/images"), ("method", "GET"))
    before = scrape()

    client.get("/api/v2/images/99999/")
    client.get("/api/v2/images/99999/")

    after = scrape()
    assert after[counted] - before.get(counted, 0) == 2
    assert after[timed] - before.get(timed, 0) == 2


@pytest.mark.parametrize(
    ("path", "group"),
    [
        ("/api/v2/pages/12/", "api/v2/pages"),
        ("/api/v2/pages", "api/v2/pages"),
        ("/api/v2/whatever-somebody-types/", "api/v2"),
        ("/api/media/7/", "api/media"),
        ("/api/v3/pages/", "api/v3"),
        ("/api/v9/", "other"),
        ("/admin/pages/3/", "admin"),
        ("/a-page/below/", "site"),
        ("/", "site"),
    ],
)
def test_whatever_visitors_ask_for_groups_are_few(path, group):
    assert metrics.endpoint(path) == group


def test_each_endpoint_of_v2_is_a_group():
    assert set(api_v2._endpoints) <= metrics.V2


@pytest.mark.django_db
def test_unknown_methods_are_one_value(client, scrape):
    client.generic("BREW", "/robots.txt")

    methods = {dict(key[1:]).get("method") for key in scrape()} - {None}
    assert "other" in methods
    assert "BREW" not in methods


def test_answers_of_the_response_cache_are_counted(client, scrape):
    hits = ("darkroom_response_cache_total", ("outcome", "hit"))
    before = scrape().get(hits, 0)

    response_answered.send(sender=None, outcome="hit")

    assert scrape()[hits] == before + 1


@pytest.mark.django_db
def test_seconds_of_jobs_are_counted_by_how_they_ended(photo, scrape):
    done = ("darkroom_job_seconds_count", ("operation", "develop_image"), ("outcome", "done"))
    before = scrape().get(done, 0)

    jobs.run(photo.jobs.get().pk)

    assert scrape()[done] == before + 1


@pytest.mark.django_db
def test_jobs_are_counted_in_the_database_by_what_they_do_and_how_they_are(photo, film):
    hour_ago = timezone.now() - timedelta(hours=1)
    photo.jobs.update(available_at=hour_ago, created_at=hour_ago)

    found = _of(figures.jobs())

    assert found["darkroom_jobs", ("operation", "develop_image"), ("state", "queued")] == 1
    assert found["darkroom_jobs", ("operation", "transcode_video"), ("state", "queued")] == 1
    # Zeros, too: a graph of failures must not begin with the first one.
    assert found["darkroom_jobs", ("operation", "develop_audio"), ("state", "failed")] == 0
    assert found["darkroom_queue_length",] == ProcessingJob.objects.count()
    assert 3599 < found["darkroom_queue_age_seconds",] < 3700


@pytest.mark.django_db
def test_saved_bytes_are_those_that_visitors_do_not_load(photo, develop):
    develop(photo)
    jobs_done = _of(figures.library())
    assert jobs_done["darkroom_saved_bytes", ("by", "renditions")] == 0  # not measured yet

    from media_library.statistics.storage import measure_storage

    measure_storage()
    Asset.objects.filter(pk=photo.pk).update(bytes_saved=77)

    found = _of(figures.library())
    photo.storage.refresh_from_db()
    assert found["darkroom_saved_bytes", ("by", "renditions")] == photo.file_size - photo.storage.shown
    assert found["darkroom_saved_bytes", ("by", "polishing")] == 77
    assert found["darkroom_stored_bytes", ("what", "originals")] == photo.file_size
    assert found["darkroom_assets", ("kind", "image"), ("status", "ready")] == 1


@pytest.mark.django_db
def test_backlog_is_what_is_still_to_be_sent_and_since_when():
    webhook = Webhook.objects.create(name="Front end", url="https://example.org/hook")
    waiting = WebhookDelivery.objects.create(webhook=webhook, event="page.published")
    WebhookDelivery.objects.filter(pk=waiting.pk).update(created_at=timezone.now() - timedelta(minutes=2))
    WebhookDelivery.objects.create(webhook=webhook, event="page.published", state="failed")
    Change.objects.create(tags=["page-1"])

    found = _of(figures.backlog())

    assert found["darkroom_backlog", ("what", "webhooks")] == 1
    assert 119 < found["darkroom_backlog_age_seconds", ("what", "webhooks")] < 200
    assert found["darkroom_sendings_failed", ("what", "webhooks")] == 1
    assert found["darkroom_backlog", ("what", "changes")] == 1
    assert found["darkroom_backlog", ("what", "purges")] == 0


@pytest.mark.django_db
def test_postings_are_counted_by_what_has_become_of_them():
    account = SharingAccount.objects.create(name="Darkroom", connector="mastodon", address="https://example.social")
    for state in ("done", "done", "failed", "queued"):
        Posting.objects.create(account=account, title="Harbour", state=state)
    # Posted a year ago, and again ten minutes ago.
    Posting.objects.update(
        created_at=timezone.now() - timedelta(days=365), queued_at=timezone.now() - timedelta(minutes=10)
    )

    found = _of(figures.backlog())

    what = ("what", "postings")
    names = ("darkroom_sendings_done", "darkroom_sendings_failed", "darkroom_backlog")
    assert [found[name, what] for name in names] == [2, 1, 1]
    assert 599 < found["darkroom_backlog_age_seconds", what] < 700


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_the_database_knows_is_in_the_answer(scrape):
    assert scrape()["darkroom_database_up",] == 1
    assert ("darkroom_jobs", ("operation", "develop_image"), ("state", "queued")) in scrape()


def test_metrics_come_without_a_database_too(scrape, monkeypatch):
    def away() -> str:
        raise ConnectionError

    monkeypatch.setattr(figures, "jobs", away)

    found = scrape()
    assert found["darkroom_database_up",] == 0
    assert not any(name.startswith("darkroom_jobs") for name, *_labels in found)


def test_files_of_dead_processes_are_removed_and_of_living_ones_kept(tmp_path):
    dead = next(pid for pid in range(2**22, 2**22 + 100) if not os.path.exists(f"/proc/{pid}"))  # noqa: PTH110
    for name in (f"counter_{dead}.db", f"histogram_{dead}.db", f"counter_{os.getpid()}.db"):
        (tmp_path / name).touch()

    forget_the_dead(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == [f"counter_{os.getpid()}.db"]


def test_names_are_as_prometheus_wants_them(client):
    text = client.get("/metrics", headers=TOKEN).content.decode()

    names = re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE)
    assert len(names) == len(set(names))
    assert all(name.startswith("darkroom_") for name, _kind in names)


@pytest.mark.django_db
def test_errors_of_storages_are_counted_by_what_was_to_be_done(photo, scrape, monkeypatch):
    def full(self, name, content):
        raise OSError(28, "No space left on device")

    work = ("darkroom_storage_errors_total", ("doing", "work"))
    before = scrape().get(work, 0)
    monkeypatch.setattr("django.core.files.storage.FileSystemStorage._save", full)

    jobs.run(photo.jobs.get().pk)

    assert scrape()[work] == before + 1
    assert photo.jobs.get().state == ProcessingJob.State.QUEUED
