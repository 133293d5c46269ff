"""Long films, made in parts by many workers."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import av
import pytest
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import InMemoryStorage
from django.test import override_settings
from django.utils import timezone

from media_library import jobs
from media_library.conf import conf
from media_library.exceptions import DamagedFile, LeaseLost, ProcessingError
from media_library.jobs.lease import Lease, claim
from media_library.models import FilmPart, ProcessingJob, Sidecar, Transcode, Video
from media_library.superseding import named_files
from tests.media import film_bytes
from tests.media_library.video.films import generated

pytestmark = pytest.mark.django_db

Operation, State = ProcessingJob.Operation, ProcessingJob.State

PARTS = 5
"""Of the film: its sound, and four times two seconds."""


def _split_above(seconds: int) -> dict[str, Any]:
    return settings.MEDIA_LIBRARY | {"VIDEO_SPLIT_SECONDS": seconds}


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Eight seconds with sound, a key picture each second: of one rung, and of two."""
    folder = tmp_path_factory.mktemp("films")
    return {
        size: generated(
            folder / f"{size}.mp4",
            f"testsrc2=size={size}:rate=12:duration=8",
            *("-g", "12", "-pix_fmt", "yuv420p"),
            sound="sine=frequency=440:duration=8",
        )
        for size in ("160x90", "712x400")
    }


def _uploaded(path: Path) -> Video:
    """Uploaded, and its poster made."""
    with path.open("rb") as file:
        video = Video(title="Long", file=File(file, name="long.mp4"))
        video.save()
    video.jobs.filter(operation=Operation.MAKE_POSTER).update(state=State.DONE)
    return video


@pytest.fixture
def video(films: dict[str, Path]) -> Video:
    return _uploaded(films["160x90"])


@pytest.fixture
def large(films: dict[str, Path]) -> Video:
    return _uploaded(films["712x400"])


@pytest.fixture(autouse=True)
def _split() -> Iterator[None]:
    with override_settings(MEDIA_LIBRARY=_split_above(2), VIDEO_PROCESSING={"formats": ["mp4"]}):
        yield


@pytest.fixture
def work() -> Callable[[], None]:
    """Do all the work that there is, as workers would, until none is left."""

    def all_of_it() -> None:
        while queued := jobs.reap(resend_all=True):
            jobs.run(queued[0].pk)

    return all_of_it


def _whole(video: Video) -> ProcessingJob:
    return video.jobs.get(operation=Operation.TRANSCODE_VIDEO)


def _parts(video: Video, state: str = "") -> list[ProcessingJob]:
    found = video.jobs.filter(operation=Operation.TRANSCODE_PART, **({"state": state} if state else {}))
    return list(found.order_by("number"))


def _divide(video: Video) -> list[ProcessingJob]:
    jobs.run(_whole(video).pk)
    return _parts(video)


def _pictures(path: Path) -> list[tuple[int, bool]]:
    """Time and whether it is a key picture, of all of a film."""
    with av.open(str(path)) as container:
        return sorted((one.pts, one.is_keyframe) for one in container.demux(video=0) if one.pts is not None)


def _colours(path: Path) -> list[tuple[int, ...]]:
    """Each picture in a few pixels."""
    with av.open(str(path)) as container:
        return [
            tuple(frame.reformat(8, 8, "gray").to_ndarray().flatten().tolist()) for frame in container.decode(video=0)
        ]


def _as_if_done(parts: list[ProcessingJob]) -> None:
    ProcessingJob.objects.filter(pk__in=[part.pk for part in parts]).update(state=State.DONE)


def test_film_in_parts_is_the_film_made_in_one_go(large, films, work):
    assert len(_divide(large)) == PARTS

    work()

    single = _uploaded(films["712x400"])
    with override_settings(MEDIA_LIBRARY=_split_above(0)):
        jobs.run(_whole(single).pk)
    ours, theirs = ({row.preset: row for row in one.transcodes.all()} for one in (large, single))
    assert set(ours) == set(theirs) == {"400p", "360p", "audio", "hls", "mp4"}
    for preset in ("400p", "360p", "mp4"):
        assert _pictures(ours[preset].file.path) == _pictures(theirs[preset].file.path)
        near = zip(_colours(ours[preset].file.path), _colours(theirs[preset].file.path), strict=True)
        assert max(abs(one - other) for pair in near for one, other in zip(*pair, strict=True)) < 12
        assert ours[preset].duration == theirs[preset].duration
    assert ours["audio"].file.open().read() == theirs["audio"].file.open().read()
    assert _lengths(ours["360p"]) == _lengths(theirs["360p"])
    sheets = [one.sidecars.get(kind="sprite").file.open().read() for one in (large, single)]
    assert sheets[0] == sheets[1]


def _lengths(rung: Transcode) -> list[str]:
    """Of its HLS segments."""
    return [line for line in rung.playlist.open().read().decode().splitlines() if line.startswith("#EXTINF")]


def test_short_film_is_left_whole(film):
    assert _divide(film) == []
    assert _whole(film).state == State.DONE


def test_film_waits_for_its_parts_without_a_worker(video):
    parts = _divide(video)

    whole = _whole(video)
    assert (whole.state, whole.lease) == (State.RUNNING, None)
    assert [one.state for one in parts] == [State.QUEUED] * PARTS
    assert list(jobs.following(whole.pk)) == parts
    assert not jobs.run(whole.pk)


def test_first_rung_is_joined_before_the_others_are_begun(large):
    for part in _divide(large):
        jobs.run(part.pk)

    jobs.run(_whole(large).pk)

    assert set(large.transcodes.values_list("preset", flat=True)) == {"400p", "audio", "hls"}
    assert [one.arguments["part"]["rungs"] for one in _parts(large)] == [["360p"]] * (PARTS - 1)


def test_last_part_to_be_done_leads_on_to_the_whole(video):
    *others, last = _divide(video)
    _as_if_done(others)
    assert list(jobs.following(others[0].pk)) == []

    jobs.run(last.pk)

    assert list(jobs.following(last.pk)) == [_whole(video)]


def test_only_one_of_two_workers_joins(video):
    _as_if_done(_divide(video))
    whole = _whole(video)

    assert claim(whole.pk) is not None
    assert claim(whole.pk) is None


def test_dead_worker_costs_only_its_part(video, work):
    first, second, *_others = _divide(video)
    jobs.run(first.pk)
    claim(second.pk)
    ProcessingJob.objects.filter(pk=second.pk).update(lease_expires_at=timezone.now() - timedelta(seconds=1))

    assert second in jobs.reap()

    jobs.run(second.pk)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.attempts) == (State.DONE, 1)
    assert (second.state, second.attempts) == (State.DONE, 2)


def test_editors_see_one_film_with_its_share(video, admin_client):
    first, second, third, *_others = _divide(video)
    _as_if_done([first, second])
    Lease(claim(third.pk)).report(0.5)

    (item,) = admin_client.get(f"/admin/media/status/?ids={video.pk}").json()["items"]

    assert _whole(video).progress == pytest.approx(2.5 / PARTS)
    assert item["parts"] == {"90p": 0.5}
    assert item["status"] == "processing"
    # The poster is done.
    assert item["progress"] == pytest.approx((1 + 2.5 / PARTS) / 2)


def test_report_of_work_shows_one_film(video, admin_client):
    _divide(video)

    assert "Transcode a part" not in admin_client.get("/admin/media/jobs/").content.decode()


def test_files_of_parts_go_when_they_are_joined(video, work, public_files, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        for part in _divide(video):
            jobs.run(part.pk)
        assert any("/part-" in name for name in public_files())
        work()

    assert public_files() == named_files(video.pk)
    assert not any("/part-" in name for name in public_files())
    assert not FilmPart.objects.exists()
    assert not [path for path in conf.work_dir.iterdir() if path.name.startswith(("part-", "transcode-"))]


def test_work_in_parts_is_cancelled_as_one(video, public_files, django_capture_on_commit_callbacks):
    first, second, *_others = _divide(video)
    jobs.run(first.pk)
    running = claim(second.pk)

    with django_capture_on_commit_callbacks(execute=True):
        jobs.cancel(video)

    video.refresh_from_db()
    assert (_whole(video).state, video.status) == (State.CANCELLED, "failed")
    assert _parts(video) == []
    assert running is not None
    assert not any("/part-" in name for name in public_files())


def test_cancelled_film_starts_again_as_a_whole(video, work):
    _divide(video)
    jobs.cancel(video)

    jobs.retry(video)
    work()

    video.refresh_from_db()
    assert video.status == "ready"


def test_part_that_keeps_failing_fails_the_film(video, monkeypatch):
    def fails(*args: object) -> None:
        raise ProcessingError("No luck.")

    monkeypatch.setattr("media_library.jobs.film_parts.encode_part", fails)
    part = _divide(video)[1]
    ProcessingJob.objects.filter(pk=part.pk).update(attempts=conf.JOB_MAX_ATTEMPTS - 1)

    jobs.run(part.pk)

    video.refresh_from_db()
    assert (_whole(video).state, video.status, video.status_reason) == (State.FAILED, "failed", "No luck.")
    assert _parts(video) == []


def test_film_with_a_part_that_cannot_be_made_by_itself_is_made_in_one_go(video, work, monkeypatch):
    def damaged(*args: object) -> None:
        raise DamagedFile("No pictures here.")

    monkeypatch.setattr("media_library.jobs.film_parts.encode_part", damaged)
    jobs.run(_divide(video)[2].pk)

    work()

    assert _whole(video).state == State.DONE
    assert video.transcodes.filter(preset="90p").exists()


def test_film_whose_parts_do_not_fit_is_made_in_one_go(video, work):
    for part in _divide(video):
        jobs.run(part.pk)
    FilmPart.objects.filter(number=3).delete()

    work()

    assert _whole(video).state == State.DONE


def test_film_that_is_replaced_forgets_its_parts(
    video, tmp_path, work, public_files, django_capture_on_commit_callbacks
):
    first, second, *_others = _divide(video)
    jobs.run(first.pk)
    lease = Lease(claim(second.pk))

    with django_capture_on_commit_callbacks(execute=True):
        video.file = ContentFile(film_bytes(tmp_path), name="new.mp4")
        video.save()

    assert not ProcessingJob.objects.filter(asset=video, version=1).exists()
    assert not any("/part-" in name for name in public_files())
    with pytest.raises(LeaseLost):
        lease.report(0.5)


def test_deleted_film_leaves_nothing_of_its_parts(video, public_files, django_capture_on_commit_callbacks):
    for part in _divide(video)[:2]:
        jobs.run(part.pk)

    with django_capture_on_commit_callbacks(execute=True):
        video.delete()

    assert public_files() == set()


def test_part_gives_way_to_a_film_that_nobody_works_on(video, film):
    first, second, *_others = _divide(video)
    claim(first.pk)

    assert jobs.give_way_to_films(second.pk)


def test_film_in_parts_keeps_one_worker(video, film):
    first, *_others = _divide(video)

    assert not jobs.give_way_to_films(first.pk)


def test_parts_give_way_to_nobody_when_all_films_are_worked_on(video, film):
    first, second, *_others = _divide(video)
    claim(first.pk)
    claim(_whole(film).pk)
    ProcessingJob.objects.filter(asset=film, state=State.QUEUED).delete()

    assert not jobs.give_way_to_films(second.pk)


def test_sweep_after_the_poster_leaves_parts_alone(video, public_files):
    for part in _divide(video)[:2]:
        jobs.run(part.pk)
    before = {name for name in public_files() if "/part-" in name}

    jobs.run(video.jobs.get(operation=Operation.MAKE_POSTER).pk)

    assert before and before <= public_files()


@override_settings(VIDEO_PROCESSING={})
def test_webm_waits_until_the_parts_of_its_film_are_made(films):
    video = _uploaded(films["160x90"])
    for part in _divide(video):
        claim(part.pk)

    assert jobs.give_way(video.jobs.get(operation=Operation.MAKE_WEBM).pk, to=jobs.FILMS)


class Bucket(InMemoryStorage):
    """Has no paths on this machine, and counts what is read from it."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []

    def path(self, name: str) -> str:
        raise NotImplementedError("This backend doesn't support absolute paths.")

    def _relative_path(self, name: str) -> str:
        # Django's makes it by way of the path.
        return os.path.relpath(Path(self.location) / name, self.location)

    def open(self, name: str, mode: str = "rb") -> Any:
        self.read.append(name)
        return super().open(name, mode)


def test_workers_of_a_machine_fetch_the_original_once(films, work, monkeypatch):
    bucket = Bucket()
    for model in (Video, Transcode, Sidecar, FilmPart):
        monkeypatch.setattr(model._meta.get_field("file"), "storage", bucket)
    monkeypatch.setattr(Transcode._meta.get_field("playlist"), "storage", bucket)
    video = _uploaded(films["160x90"])
    before = bucket.read.count(video.file.name)

    work()

    video.refresh_from_db()
    assert video.status == "ready"
    assert bucket.read.count(video.file.name) == before + 1
    assert not [path for path in conf.work_dir.iterdir() if path.name.startswith(("kept-", "copy-", "part-"))]
