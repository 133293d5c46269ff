"""Films from the upload to what is public."""

import os
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.test import override_settings

from media_library import jobs, tasks
from media_library.conf import conf
from media_library.jobs import record
from media_library.models import PosterRendition, ProcessingJob, Sidecar, SupersededFile, Transcode, Video
from media_library.superseding import named_files
from tests.media import film_bytes
from tests.media_library.video.films import ffmpeg

pytestmark = pytest.mark.django_db

Operation, State = ProcessingJob.Operation, ProcessingJob.State


class RemoteStorage(InMemoryStorage):
    """Like S3: files have no path on this machine."""

    def path(self, name: str) -> str:
        raise NotImplementedError("This backend doesn't support absolute paths.")

    def _relative_path(self, name: str) -> str:
        # Django's makes it by way of the path.
        return os.path.relpath(Path(self.location) / name, self.location)


@pytest.fixture
def large_film(tmp_path: Path) -> Video:
    """A film with two rungs."""
    video = Video(title="Tide", file=ContentFile(film_bytes(tmp_path, width=854, height=480), name="tide.mp4"))
    video.save()
    return video


def _presets(film: Video) -> set[str]:
    return set(film.transcodes.values_list("preset", flat=True))


def _left_over() -> list[Path]:
    return [
        path for path in conf.work_dir.iterdir() if path.name.startswith(("transcode-", "poster-", "webm-", "tmp"))
    ]


def test_developed_film_has_all_that_players_ask_for(large_film, develop, public_files):
    develop(large_film)

    assert (large_film.status, large_film.width, large_film.height) == ("ready", 854, 480)
    assert _presets(large_film) == {"480p", "360p", "audio", "hls", "mp4", "webm"}
    assert large_film.poster_renditions.filter(filter_spec="width-320|format-jpeg").exists()
    assert sorted(large_film.sidecars.values_list("kind", "number")) == [("sprite", 1), ("storyboard", 0)]
    assert public_files() == named_files(large_film.pk)
    assert all(row.file_size == row.file.size for row in large_film.transcodes.all())
    assert not _left_over()


def test_playlists_name_files_beside_them(large_film, develop):
    develop(large_film)

    master = large_film.transcodes.get(preset="hls")
    rungs = large_film.transcodes.exclude(playlist="")
    text = master.file.open().read().decode()
    assert all(Path(rung.playlist.name).name in text for rung in rungs)
    for rung in rungs:
        assert Path(rung.playlist.name).parent == Path(rung.file.name).parent == Path(master.file.name).parent
        assert f'URI="{Path(rung.file.name).name}"' in rung.playlist.open().read().decode()


def test_film_plays_before_all_of_it_is_made(large_film):
    job = large_film.jobs.get(operation=Operation.TRANSCODE_VIDEO)
    steps: list[set[str]] = []
    made = record.made

    def noted(*result: object) -> None:
        made(*result)
        steps.append(_presets(large_film))

    with patch.object(record, "made", noted):
        jobs.run(job.pk)

    assert steps[0] == {"480p", "audio", "hls"}
    assert steps[-1] == {"480p", "360p", "audio", "hls", "mp4"}


def test_progress_is_told_for_each_rung(large_film):
    job = large_film.jobs.get(operation=Operation.TRANSCODE_VIDEO)

    jobs.run(job.pk)

    job.refresh_from_db()
    assert job.progress == 1.0
    assert set(job.parts) == {"480p", "360p"}


def test_next_attempt_makes_only_what_is_missing(large_film, develop):
    develop(large_film)
    kept = dict(large_film.transcodes.filter(preset__in=("480p", "audio")).values_list("preset", "pk"))
    large_film.transcodes.filter(preset__in=("360p", "mp4")).delete()

    (job,) = jobs.enqueue_operation(large_film, Operation.TRANSCODE_VIDEO)
    jobs.run(job.pk)

    assert _presets(large_film) == {"480p", "360p", "audio", "hls", "mp4", "webm"}
    assert dict(large_film.transcodes.filter(preset__in=("480p", "audio")).values_list("preset", "pk")) == kept


@override_settings(VIDEO_PROCESSING={"formats": []})
def test_formats_that_are_not_wanted_are_not_made(tmp_path, develop):
    video = Video(title="Tide", file=ContentFile(film_bytes(tmp_path), name="tide.mp4"))
    video.save()

    develop(video)

    assert _presets(video) == {"180p", "audio", "hls"}
    assert not video.jobs.filter(operation=Operation.MAKE_WEBM).exists()


def test_film_whose_sound_outlasts_its_pictures_is_whole(tmp_path, develop):
    pictures = tmp_path / "pictures.mp4"
    pictures.write_bytes(film_bytes(tmp_path, width=854, height=480, sound=False))
    sound = ("-f", "lavfi", "-i", "sine=duration=9", "-c:v", "copy")
    ffmpeg("-i", pictures, *sound, tmp_path / "both.mp4")
    video = Video(title="Tide", file=ContentFile((tmp_path / "both.mp4").read_bytes(), name="tide.mp4"))
    video.save()

    develop(video)

    assert video.status == "ready", video.status_reason
    assert video.duration == pytest.approx(9, abs=0.1)


def test_film_that_cannot_be_read_fails_with_a_reason(small_film, develop, public_files):
    video = Video(title="Cut", file=ContentFile(small_film[: len(small_film) // 2], name="cut.mp4"))
    video.save()

    develop(video)

    assert video.status == "failed"
    assert "damaged" in video.status_reason
    assert public_files() == set()
    assert not _left_over()


def test_webm_that_fails_leaves_the_film_ready(film, develop):
    with patch("media_library.jobs.films.make_webm", side_effect=MemoryError), pytest.raises(MemoryError):
        develop(film)

    film.refresh_from_db()
    assert film.status == "ready"
    assert film.jobs.get(operation=Operation.MAKE_WEBM).reason


@override_settings(MEDIA_LIBRARY={"FFMPEG": "/bin/false"})
def test_ffmpeg_that_fails_is_tried_again(film, develop):
    develop(film)

    job = film.jobs.get(operation=Operation.TRANSCODE_VIDEO)
    assert (job.state, job.attempts) == (State.QUEUED, 1)
    assert "could not be converted" in job.reason


def test_deleting_a_film_leaves_nothing_behind(film, develop, public_files, django_capture_on_commit_callbacks):
    develop(film)
    original, storage = film.file.name, film.file.storage

    with django_capture_on_commit_callbacks(execute=True):
        film.delete()

    assert public_files() == set()
    assert not storage.exists(original)


def test_replaced_film_has_new_files_only(film, develop, public_files, tmp_path, django_capture_on_commit_callbacks):
    develop(film)
    original = film.file.name

    with django_capture_on_commit_callbacks(execute=True):
        film.file = ContentFile(film_bytes(tmp_path, width=160, height=90), name="new.mp4")
        film.save()
    with django_capture_on_commit_callbacks(execute=True):
        develop(film)

    assert (film.version, film.width, film.status) == (2, 160, "ready")
    assert _presets(film) == {"90p", "audio", "hls", "mp4", "webm"}
    superseded = set(SupersededFile.objects.values_list("name", flat=True))
    assert all(name.startswith(f"{film.pk}/2/") for name in public_files() - superseded)
    assert list(film.versions.exclude(file="").values_list("file", flat=True)) == [original]


@pytest.fixture
def remote(monkeypatch: pytest.MonkeyPatch) -> RemoteStorage:
    """The storage of originals and of what is public."""
    storage = RemoteStorage(base_url="https://cdn.example.org/")
    fields = ((Video, "file"), (Transcode, "file"), (Transcode, "playlist"), (PosterRendition, "file"))
    for model, name in (*fields, (Sidecar, "file")):
        monkeypatch.setattr(model._meta.get_field(name), "storage", storage)
    return storage


def test_film_on_remote_storage_is_developed_and_leaves_no_copy_here(remote, large_film, develop, public_files):
    develop(large_film)

    assert large_film.status == "ready"
    assert _presets(large_film) == {"480p", "360p", "audio", "hls", "mp4", "webm"}
    master = Transcode.objects.get(preset="hls")
    assert master.url.startswith("https://cdn.example.org/")
    assert b"#EXTM3U" in remote.open(master.file.name).read()
    assert public_files() == set()
    assert not _left_over()


def test_webm_waits_for_films_that_somebody_waits_for(film, large_film):
    webm = film.jobs.get(operation=Operation.MAKE_WEBM)

    tasks.run_spare_video_job_task(webm.pk)

    before = webm.available_at
    webm.refresh_from_db()
    assert (webm.state, webm.attempts) == (State.QUEUED, 0)
    assert webm.available_at > before


def test_webm_is_made_when_nobody_waits(film):
    for job in film.jobs.exclude(operation=Operation.MAKE_WEBM):
        jobs.run(job.pk)

    tasks.run_spare_video_job_task(film.jobs.get(operation=Operation.MAKE_WEBM).pk)

    assert "webm" in _presets(film)
