from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import override_settings
from PIL import Image, ImageStat

from media_library import jobs
from media_library.models import CustomImage, ProcessingJob, Video
from media_library.video.poster import draw_poster, find_moment
from media_library.video.probe import probe
from tests.media import photo_file
from tests.media_library.video.films import generated, turned

# Brighter by 20 of 255 each second, with a pattern that can be seen.
STEPS = (
    "color=black:size=160x90:rate=10:duration={seconds},geq=lum='20+20*floor(T)+40*mod(floor(X/8),2)':cb=128:cr=128"
)


def _luma(path: Path) -> float:
    with Image.open(path) as image:
        return ImageStat.Stat(image.convert("L")).mean[0]


def _steps(folder: Path, seconds: int = 8):
    return probe(generated(folder / "steps.mp4", STEPS.format(seconds=seconds)), "video/mp4")


def test_poster_is_a_picture_as_seen(path, tmp_path):
    film = probe(turned(path, tmp_path / "turned.mp4"), "video/mp4")

    assert Image.open(draw_poster(film, tmp_path)).size == (180, 320)


def test_poster_is_near_the_wanted_time(tmp_path):
    with override_settings(VIDEO_PROCESSING={"thumbnail_time": 3.5}):
        assert find_moment(_steps(tmp_path), tmp_path) == pytest.approx(3.5, abs=0.5)


def test_wanted_time_beyond_the_end_is_brought_into_the_film(tmp_path):
    with override_settings(VIDEO_PROCESSING={"thumbnail_time": 500}):
        assert find_moment(_steps(tmp_path, 2), tmp_path) < 2


def test_poster_is_not_black(tmp_path):
    # Black for three quarters, also where it is wanted.
    source = generated(
        tmp_path / "dark.mp4", "testsrc2=size=160x90:rate=10:duration=16,drawbox=color=black:t=fill:enable='lt(t,12)'"
    )

    assert _luma(draw_poster(probe(source, "video/mp4"), tmp_path)) > 60


def test_poster_is_not_blurred(tmp_path):
    # Sharp in one of the three seconds around the wanted moment only.
    source = generated(
        tmp_path / "blurred.mp4",
        "testsrc2=size=320x180:rate=10:duration=10,boxblur=luma_radius=12:enable='not(between(t,5.5,6.4))'",
    )

    assert 5.4 <= find_moment(probe(source, "video/mp4"), tmp_path) <= 6.5


@pytest.mark.parametrize(("time", "step"), [(0.0, 0), (2.0, 2), (4.95, 4), (6.0, 6), (7.99, 7), (99.0, 7)])
def test_poster_at_a_chosen_time_is_what_can_be_seen_then(tmp_path, time, step):
    poster = draw_poster(_steps(tmp_path), tmp_path, time)

    # The pattern adds 20 on average. Limited range becomes full: 255 for 219.
    assert _luma(poster) == pytest.approx((20 + 20 * step + 20 - 16) * 255 / 219, abs=6)


def test_film_of_one_picture_has_a_poster(tmp_path):
    film = probe(generated(tmp_path / "one.mp4", "testsrc2=size=64x48:rate=1:duration=1"), "video/mp4")

    assert Image.open(draw_poster(film, tmp_path)).size == (64, 48)


def _make_poster(video: Video) -> ProcessingJob:
    (job,) = jobs.enqueue_operation(video, ProcessingJob.Operation.MAKE_POSTER)
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def _colour(video: Video) -> tuple[int, ...]:
    with video.poster_renditions.get(filter_spec="width-320|format-jpeg").file.open() as file:
        return Image.open(file).convert("RGB").resize((1, 1)).getpixel((0, 0))


@pytest.fixture
def plain_picture(db) -> CustomImage:
    """A picture that is nothing but orange."""
    from io import BytesIO

    output = BytesIO()
    Image.new("RGB", (640, 480), (240, 130, 20)).save(output, "PNG")
    image = CustomImage(title="Orange", file=ContentFile(output.getvalue(), name="orange.png"))
    image.save()
    return image


def test_picture_of_the_library_is_the_poster(film, plain_picture):
    film.poster_image = plain_picture
    film.save()

    assert _make_poster(film).state == "done"

    assert _colour(film) == pytest.approx((240, 130, 20), abs=4)
    film.refresh_from_db()
    # The film's own size and length, not those of the picture.
    assert (film.width, film.height, round(film.duration)) == (320, 180, 1)


def test_picture_has_its_edits_as_a_poster(film, plain_picture):
    CustomImage.objects.filter(pk=plain_picture.pk).update(recipe={"tone": "greyscale"})
    film.poster_image = plain_picture
    film.save()
    film.refresh_from_db()

    _make_poster(film)

    red, green, blue = _colour(film)
    assert max(red, green, blue) - min(red, green, blue) <= 3


def test_new_file_of_the_picture_makes_the_poster_anew(film, plain_picture, develop):
    film.poster_image = plain_picture
    film.save()
    develop()
    before = _colour(film)

    plain_picture.file = photo_file()
    plain_picture.save()
    develop()

    assert _colour(film) != before


def test_poster_is_made_again_alone(film, develop):
    develop(film)
    done = set(film.jobs.exclude(operation="make_poster").values_list("pk", "state"))

    (job,) = jobs.enqueue_operation(film, ProcessingJob.Operation.MAKE_POSTER)

    assert (job.operation, job.state, job.attempts) == ("make_poster", "queued", 0)
    assert set(film.jobs.exclude(operation="make_poster").values_list("pk", "state")) == done
