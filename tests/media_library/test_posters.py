"""Crops of posters, and what they keep."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.management import call_command
from PIL import Image

from cms.models import User
from media_library import jobs
from media_library.admin.facts import thumbnail
from media_library.api.library import sharing
from media_library.api.serializers import represent
from media_library.conf import conf
from media_library.insight import accept
from media_library.models import CustomImage, PosterRendition, ProcessingJob, Suggestion, Video
from media_library.replacement import replace_file, restore_version, versions
from tests.media import film_file
from tests.media_library.manifests import put_in_force
from tests.media_library.test_manifests import let_days_pass
from tests.media_library.video.films import ffmpeg, generated

pytestmark = pytest.mark.django_db

Operation = ProcessingJob.Operation

RED, BLUE = (254, 0, 0), (0, 0, 254)
LEFT, RIGHT = [0.0, 0.2, 0.1, 0.2], [0.9, 0.2, 0.1, 0.2]
HALVES = "color=red:size=320x180:rate=10:duration=2,drawbox=x=160:w=160:h=180:color=blue:t=fill"
SQUARE = "fill-90x90|format-jpeg"


@pytest.fixture(autouse=True)
def _one_crop(settings: Any) -> None:
    settings.IMAGE_VARIANTS = dict.fromkeys(("medium", "large", "hero", "og", "4x3", "thumbnail")) | {
        "square": {"width": 90, "height": 90, "crop": True, "formats": ["jpeg"]}
    }


def work(video: Video, operation: str = Operation.MAKE_POSTER) -> None:
    """Do what is queued of this, as a worker does."""
    for job in ProcessingJob.objects.filter(asset=video.pk, operation=operation, state="queued"):
        jobs.run(job.pk)
    video.refresh_from_db()


@pytest.fixture
def halves(db: None, tmp_path: Path) -> Video:
    """A film that is red on the left and blue on the right, with its poster."""
    with generated(tmp_path / "halves.mp4", HALVES).open("rb") as file:
        video = Video(title="Halves", file=File(file, name="halves.mp4"))
        video.save()
    work(video)
    return video


@pytest.fixture
def picture(db: None) -> CustomImage:
    """A picture with the same halves, whose focal point is on the right."""
    pixels, output = Image.new("RGB", (320, 180), RED), BytesIO()
    pixels.paste(BLUE, (160, 0, 320, 180))
    pixels.save(output, "PNG")
    image = CustomImage(title="Halves", file=ContentFile(output.getvalue(), name="halves.png"))
    image.focal_point_x, image.focal_point_y, image.focal_point_width, image.focal_point_height = 300, 90, 20, 20
    image.save()
    return image


def middle(row: PosterRendition) -> tuple[int, ...]:
    with row.file.open() as file, Image.open(file) as image:
        return image.convert("RGB").getpixel((image.width // 2, image.height // 2))


def square(video: Video) -> PosterRendition:
    return video.poster_renditions.get(filter_spec=SQUARE)


def shown(video: Video) -> dict[str, Any]:
    with sharing():
        return represent(Video.objects.get(pk=video.pk))["poster"]


def crops(video: Video) -> set[str]:
    return set(video.poster_renditions.exclude(preset="ladder").values_list("preset", flat=True))


def test_api_shows_the_crops_of_a_poster_as_those_of_a_picture(halves: Video):
    poster = shown(halves)

    assert poster["presets"]["square"] == {
        "src": square(halves).url, "width": 90, "height": 90, "sources": [], "srcset": ""
    }  # fmt: skip
    assert poster["focal_point"] is None
    assert poster["width"] == 320
    assert square(halves).url not in poster["srcset"]


def test_crop_keeps_what_it_is_told_to_keep(halves: Video):
    for area, colour in ((LEFT, RED), (RIGHT, BLUE)):
        halves.poster_focus = area
        halves.save()
        work(halves)

        assert middle(square(halves)) == pytest.approx(colour, abs=12)
    assert shown(halves)["focal_point"] == {"x": 0.95, "y": 0.3}


def test_whole_poster_keeps_its_addresses_when_its_focal_area_moves(halves: Video):
    before = shown(halves)
    halves.poster_focus = RIGHT
    halves.save()
    work(halves)

    after = shown(halves)
    assert after["srcset"] == before["srcset"]
    assert after["presets"]["square"]["src"] != before["presets"]["square"]["src"]


def test_saving_something_else_makes_no_poster(halves: Video):
    halves.title = "Two halves"
    halves.save()

    assert not halves.jobs.filter(operation=Operation.MAKE_POSTER, state="queued").exists()


def test_another_moment_has_no_focal_area_yet(halves: Video):
    Video.objects.filter(pk=halves.pk).update(poster_focus=RIGHT)
    halves.refresh_from_db()

    halves.poster_time = 1.0
    halves.save()
    work(halves)

    assert halves.poster_focus is None
    assert shown(halves)["focal_point"] is None


def test_picture_of_the_library_has_its_own_focal_area_as_a_poster(halves: Video, picture: CustomImage):
    Video.objects.filter(pk=halves.pk).update(poster_focus=LEFT)
    halves.refresh_from_db()
    halves.poster_image = picture
    halves.save()
    work(halves)

    with square(halves).file.open() as file, Image.open(file) as image:
        assert image.format == "JPEG"
    assert middle(square(halves)) == pytest.approx(BLUE, abs=12)
    assert shown(halves)["focal_point"] == {"x": 0.9375, "y": 0.5}

    picture.focal_point_x = 20
    picture.save()
    work(halves)

    assert middle(square(halves)) == pytest.approx(RED, abs=12)
    assert shown(halves)["focal_point"] == {"x": 0.0625, "y": 0.5}


def test_listings_show_the_whole_poster(halves: Video):
    assert thumbnail(Video.objects.get(pk=halves.pk)).filter_spec == "width-320|format-webp"


def test_focal_area_comes_back_with_its_file(halves: Video, tmp_path: Path):
    halves.poster_focus = RIGHT
    halves.save()
    replace_file(halves, film_file(tmp_path, "other.mp4", width=160, height=90))
    halves.refresh_from_db()
    assert halves.poster_focus is None

    restore_version(versions(halves)[-1])

    halves.refresh_from_db()
    assert halves.poster_focus == RIGHT


@pytest.fixture
def portrait(db: None, tmp_path: Path) -> Video:
    """A film of a face, with its poster."""
    still = Path(__file__).parents[1] / "portraits" / "grace-hopper.jpg"
    film = tmp_path / "face.mp4"
    even = "scale=trunc(iw/2)*2:trunc(ih/2)*2"
    ffmpeg("-loop", "1", "-t", "1", "-r", "5", "-i", still, "-vf", even, "-pix_fmt", "yuv420p", film)
    with film.open("rb") as file:
        video = Video(title="Hopper", file=File(file, name="face.mp4"))
        video.save()
    work(video)
    return video


def look(video: Video) -> None:
    """What a worker does when there is nothing else to do."""
    ProcessingJob.objects.create(asset_id=video.pk, operation=Operation.SUGGEST, version=video.version)
    work(video, Operation.SUGGEST)


def focal_points(video: Video) -> list[Suggestion]:
    return list(Suggestion.objects.filter(asset=video.pk, field=Suggestion.Field.FOCAL_POINT))


def test_face_in_a_poster_is_suggested_and_kept_once_somebody_accepts_it(portrait: Video, admin_user: User):
    look(portrait)
    (suggested,) = focal_points(portrait)
    left, top, width, height = suggested.area
    # Where her face is: right of the middle, in the upper half.
    assert left < 0.55 < left + width
    assert top < 0.3 < top + height

    accept(suggested, admin_user)

    portrait.refresh_from_db()
    assert portrait.poster_focus == suggested.area
    assert portrait.jobs.filter(operation=Operation.MAKE_POSTER, state="queued").exists()
    work(portrait)
    portrait.jobs.filter(operation=Operation.SUGGEST).delete()
    look(portrait)
    assert [one.state for one in focal_points(portrait)] == ["accepted"]


def test_suggestions_for_a_poster_go_with_it_and_the_next_one_is_looked_at(portrait: Video, picture: CustomImage):
    look(portrait)
    assert focal_points(portrait)

    portrait.poster_image = picture
    portrait.save()
    work(portrait)

    assert focal_points(portrait) == []
    assert not portrait.jobs.filter(operation=Operation.SUGGEST).exists()
    # It has its own.
    look(portrait)
    assert focal_points(portrait) == []


@pytest.fixture
def ready(halves: Video) -> Video:
    ProcessingJob.objects.filter(asset=halves.pk).delete()
    Video.objects.filter(pk=halves.pk).update(status="ready")
    return halves


def follow(video: Video) -> None:
    """What beat and a worker do."""
    while jobs.enqueue_for_presets():
        work(video)


def test_posters_follow_a_manifest_and_keep_former_crops_for_a_while(ready: Video):
    put_in_force(card={"aspect": "2:1", "widths": [80, 160], "formats": ["webp", "fallback"]})
    follow(ready)

    poster = shown(ready)
    assert crops(ready) == {"card", "square"}
    assert " 160w" in poster["presets"]["card"]["srcset"]
    assert set(poster["presets"]) == {"card", "square"}
    ready.refresh_from_db()
    assert ready.status == "ready"

    let_days_pass(conf.SUPERSEDED_DAYS + 1)
    put_in_force(card={"aspect": "2:1", "widths": [80], "formats": ["webp", "fallback"]})
    follow(ready)

    # What was replaced just now stays, what was replaced long ago goes.
    assert crops(ready) == {"card"}
    assert set(ready.poster_renditions.filter(preset="card").values_list("width", flat=True)) == {80, 160}


def test_poster_that_has_all_is_left_alone_by_a_manifest(ready: Video):
    manifest = {"square": {"aspect": "1:1", "widths": [90], "formats": ["jpeg"]}}
    put_in_force(**manifest)

    assert jobs.enqueue_for_presets() == []


def test_film_that_is_not_ready_is_left_to_its_own_jobs(halves: Video):
    put_in_force(card={"aspect": "2:1", "widths": [80], "formats": ["webp"]})

    assert jobs.enqueue_for_presets() == []


def test_command_makes_crops_of_films_from_before(ready: Video, capsys: Any):
    PosterRendition.objects.filter(asset=ready.pk, preset="square").delete()

    call_command("warm_renditions", verbosity=0)

    assert "1 of 1 posters warmed." in capsys.readouterr().out
    assert square(ready).width == 90


def test_no_crop_is_larger_than_the_poster(halves: Video, settings: Any):
    settings.IMAGE_VARIANTS = {"hero": {"width": 1920, "height": 1080, "crop": True, "formats": ["jpeg"]}}
    jobs.enqueue_operation(halves, Operation.MAKE_POSTER)
    work(halves)

    assert halves.poster_renditions.get(preset="hero").width == 320
