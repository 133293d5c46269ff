"""Images, videos, sounds and documents as front ends get them."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image
from pytest_django.fixtures import Settings
from wagtail.models import Collection

from media_library.models import Audio, CustomDocument, CustomImage, ProcessingJob, Track, Video
from media_library.video.tracks import save_track
from tests.media import film_file, photo_bytes, photo_file, sound_file, transparent_png
from tests.tracks import CAPTIONS, make_track

PDF = b"%PDF-1.4\n%%EOF\n"


def image_json(client: Client, image: CustomImage) -> dict:
    return client.get(f"/api/v2/images/{image.pk}/").json()


def video_json(client: Client, video: Video) -> dict:
    return client.get(f"/api/v2/videos/{video.pk}/").json()


def audio_json(client: Client, audio: Audio) -> dict:
    return client.get(f"/api/v2/audio/{audio.pk}/").json()


def addresses(srcset: str) -> dict[str, str]:
    """``{"320w": "https://…", …}``"""
    return dict(reversed(one.split(" ")) for one in srcset.split(", "))


def public_file(url: str) -> Path:
    path = Path(settings.MEDIA_ROOT) / urlsplit(url).path.removeprefix(settings.MEDIA_URL)
    assert path.is_file(), url
    return path


def test_image_in_the_works_shows_the_first_rendition(client: Client, photo: CustomImage) -> None:
    shown = image_json(client, photo)
    assert shown["status"] != "ready"
    assert shown["sources"] == []
    assert list(addresses(shown["srcset"])) == ["320w"]
    assert addresses(shown["srcset"])["320w"] == shown["src"]
    public_file(shown["src"])


def test_ready_image_is_a_picture_as_it_stands(
    client: Client, db: None, develop: Callable[..., None], settings: Settings
) -> None:
    settings.WAGTAILAPI_BASE_URL = "https://cms.example.org"
    image = CustomImage(title="Wide", file=photo_file(width=1500, height=1000))
    image.save()
    develop(image)
    shown = image_json(client, image)
    assert shown["status"] == "ready"
    assert (shown["width"], shown["height"]) == (1500, 1000)
    assert [source["type"] for source in shown["sources"]] == ["image/avif", "image/webp"]
    widths = ["320w", "640w", "960w", "1280w", "1500w"]
    for srcset in (shown["srcset"], *(source["srcset"] for source in shown["sources"])):
        assert list(addresses(srcset)) == widths
        for width, url in addresses(srcset).items():
            assert url.startswith("https://cms.example.org/media/")
            assert Image.open(public_file(url)).width == int(width[:-1])
    assert shown["src"] == addresses(shown["srcset"])["1280w"]


def test_download_url_is_the_largest_rendition_and_not_the_original(
    client: Client, db: None, develop: Callable[..., None]
) -> None:
    image = CustomImage(title="Wide", file=photo_file(width=1500, height=1000))
    image.save()
    develop(image)
    url = image_json(client, image)["meta"]["download_url"]
    assert url.startswith("/media/")
    with Image.open(public_file(url)) as rendition:
        assert rendition.width == 1500
        assert not rendition.getexif()


def test_size_is_as_seen(client: Client, db: None) -> None:
    image = CustomImage(title="Turned", file=ContentFile(photo_bytes(400, 600, orientation=6), name="turned.jpg"))
    image.save()
    shown = image_json(client, image)
    assert (shown["width"], shown["height"]) == (400, 600)


def test_transparent_image_falls_back_to_png(client: Client, db: None, develop: Callable[..., None]) -> None:
    image = CustomImage(title="Logo", file=ContentFile(transparent_png(), name="logo.png"))
    image.save()
    develop(image)
    shown = image_json(client, image)
    assert all(url.endswith(".png") for url in addresses(shown["srcset"]).values())
    assert [source["type"] for source in shown["sources"]] == ["image/avif", "image/webp"]


def test_focal_point_is_in_fractions(client: Client, photo: CustomImage) -> None:
    assert image_json(client, photo)["focal_point"] is None
    photo.focal_point_x, photo.focal_point_y = 200, 450
    photo.focal_point_width = photo.focal_point_height = 40
    photo.save()
    assert image_json(client, photo)["focal_point"] == {"x": 0.25, "y": 0.75}


def test_rendition_of_a_part_is_no_rung_of_the_ladder(
    client: Client, photo: CustomImage, develop: Callable[..., None]
) -> None:
    develop(photo)
    before = image_json(client, photo)
    photo.get_rendition("fill-100x100")
    photo.get_rendition("width-100")
    assert image_json(client, photo) == before


def test_replaced_image_has_new_addresses_only(
    client: Client, photo: CustomImage, develop: Callable[..., None]
) -> None:
    develop(photo)
    before = image_json(client, photo)
    photo.file = photo_file("other.jpg", width=900, height=600)
    photo.save()
    develop(photo)
    after = image_json(client, photo)
    assert not set(addresses(before["srcset"]).values()) & set(addresses(after["srcset"]).values())
    assert "900w" in addresses(after["srcset"])


def test_image_without_any_rendition_still_answers(client: Client, photo: CustomImage) -> None:
    photo.renditions.all().delete()
    shown = image_json(client, photo)
    assert (shown["src"], shown["srcset"], shown["sources"]) == (None, "", [])
    assert shown["meta"]["download_url"] is None


def test_alt_is_the_best_there_is(client: Client, photo: CustomImage) -> None:
    assert image_json(client, photo)["alt"] == "Harbour"
    photo.alt_text = "Boats at dawn"
    photo.save()
    assert image_json(client, photo)["alt"] == "Boats at dawn"


@pytest.mark.parametrize("endpoint", ["images", "videos", "audio", "documents"])
def test_assets_are_filtered_by_collection(
    endpoint: str, client: Client, photo: CustomImage, film: Video, sound: Audio, root_collection: Collection
) -> None:
    CustomDocument.objects.create(title="Paper", file=ContentFile(b"Paper", name="paper.txt"))
    sea = root_collection.add_child(name="Sea")
    url = f"/api/v2/{endpoint}/?collection="
    assert client.get(f"{url}{root_collection.pk}").json()["meta"]["total_count"] == 1
    assert client.get(f"{url}{sea.pk}").json()["meta"]["total_count"] == 0
    assert client.get(f"{url}sea").status_code == 400


def test_assets_are_filtered_by_status(
    client: Client, photo: CustomImage, develop: Callable[..., None], django_capture_on_commit_callbacks: Callable
) -> None:
    assert client.get("/api/v2/images/?status=ready").json()["meta"]["total_count"] == 0
    # The number is kept until a commit tells otherwise.
    with django_capture_on_commit_callbacks(execute=True):
        develop(photo)
    assert client.get("/api/v2/images/?status=ready").json()["meta"]["total_count"] == 1


def test_images_are_searched(client: Client, photo: CustomImage) -> None:
    assert client.get("/api/v2/images/?search=harbour").json()["items"][0]["id"] == photo.pk
    assert client.get("/api/v2/images/?search=mountain").json()["items"] == []


def test_tags_are_in_order(client: Client, photo: CustomImage) -> None:
    photo.tags.add("sea", "dawn")
    assert image_json(client, photo)["meta"]["tags"] == ["dawn", "sea"]
    assert client.get("/api/v2/images/?tags=sea").json()["meta"]["total_count"] == 1


def test_video_in_the_works_tells_how_far_it_is(client: Client, film: Video) -> None:
    shown = video_json(client, film)
    assert (shown["progress"], shown["poster"], shown["sources"]) == (0.0, None, [])
    assert (shown["parts"], shown["storyboard"]) == ({}, None)
    assert shown["meta"]["download_url"] is None
    poster, transcode = film.jobs.exclude(operation="make_webm").order_by("operation")
    ProcessingJob.objects.filter(pk=poster.pk).update(state=ProcessingJob.State.DONE, progress=0.4)
    ProcessingJob.objects.filter(pk=transcode.pk).update(
        state=ProcessingJob.State.RUNNING, progress=0.24, parts={"480p": 1.0, "360p": 0.1}
    )
    shown = video_json(client, film)
    assert shown["progress"] == pytest.approx(0.62)
    assert shown["parts"] == {"480p": 1.0, "360p": 0.1}


def test_ready_video_is_a_video_as_it_stands(client: Client, film: Video, develop: Callable[..., None]) -> None:
    develop(film)
    shown = video_json(client, film)
    assert (shown["status"], shown["progress"]) == ("ready", 1.0)
    assert (shown["width"], shown["height"]) == (320, 180)
    assert shown["duration"] == pytest.approx(1, abs=0.2)
    hls, mp4, webm = shown["sources"]
    assert set(hls) == {"src", "type", "width", "height", "bitrate"}
    types = [source["type"] for source in shown["sources"]]
    assert types == ["application/vnd.apple.mpegurl", "video/mp4", "video/webm"]
    for source in (hls, mp4, webm):
        public_file(source["src"])
    assert shown["meta"]["download_url"] == urlsplit(mp4["src"]).path
    public_file(shown["storyboard"])
    poster = shown["poster"]
    common = {"src", "srcset", "sources", "placeholder", "width", "height", "alt"}
    assert set(poster) == common | {"focal_point", "presets"}
    assert (poster["width"], poster["height"], poster["alt"]) == (320, 180, "Tide")
    public_file(poster["src"])


def test_former_film_plays_until_the_new_one_does(
    client: Client, film: Video, develop: Callable[..., None], tmp_path: Path
) -> None:
    develop(film)
    before = video_json(client, film)
    film.file = film_file(tmp_path, "other.mp4", width=160, height=120)
    film.save()

    meanwhile = video_json(client, film)
    assert meanwhile["status"] == "uploaded"
    assert meanwhile["poster"]["src"] == before["poster"]["src"]
    assert (meanwhile["sources"], meanwhile["storyboard"]) == (before["sources"], before["storyboard"])

    develop(film)
    after = video_json(client, film)
    assert {source["width"] for source in after["sources"]} == {160}
    assert after["storyboard"] != before["storyboard"]
    assert after["poster"]["src"] != before["poster"]["src"]


def test_video_has_its_captions_and_chapters(client: Client, film: Video) -> None:
    save_track(make_track(film, is_default=True))
    save_track(make_track(film, Track.Kind.CHAPTERS, language="de-AT", label=""))
    captions, chapters = video_json(client, film)["tracks"]
    text = public_file(captions.pop("src")).read_text()
    assert text == CAPTIONS
    assert captions == {"kind": "captions", "srclang": "en", "label": "English", "default": True}
    assert (chapters["kind"], chapters["label"], chapters["default"]) == ("chapters", "de-AT", False)


def test_captions_without_a_cue_are_not_public(client: Client, film: Video) -> None:
    save_track(make_track(film, text="WEBVTT\n"))
    assert video_json(client, film)["tracks"] == []


def test_captions_stay_when_the_film_is_replaced(client: Client, film: Video, tmp_path: Path) -> None:
    save_track(make_track(film))
    film.file = film_file(tmp_path, "other.mp4", width=160, height=120)
    film.save()
    (track,) = video_json(client, film)["tracks"]
    public_file(track["src"])


def test_sound_in_the_works_tells_how_far_it_is(client: Client, sound: Audio) -> None:
    shown = audio_json(client, sound)
    assert (shown["progress"], shown["poster"], shown["sources"], shown["waveform"]) == (0.0, None, [], None)
    assert shown["meta"]["download_url"] is None
    ProcessingJob.objects.update(state=ProcessingJob.State.RUNNING, progress=0.24)
    assert audio_json(client, sound)["progress"] == pytest.approx(0.24)


def test_ready_sound_is_an_audio_element_as_it_stands(
    client: Client, db: None, develop: Callable[..., None], settings: Settings
) -> None:
    settings.WAGTAILAPI_BASE_URL = "https://cms.example.org"
    sound = Audio(title="Bells", file=sound_file(cover=photo_bytes(400, 400)))
    sound.save()
    develop(sound)
    shown = audio_json(client, sound)
    assert (shown["status"], shown["progress"]) == ("ready", 1.0)
    assert shown["duration"] == pytest.approx(1, abs=0.1)
    assert [source["type"] for source in shown["sources"]] == [
        'audio/webm; codecs="opus"',
        'audio/mp4; codecs="mp4a.40.2"',
        "audio/mpeg",
    ]
    for source in shown["sources"]:
        assert set(source) == {"src", "type", "bitrate"}
        assert source["src"].startswith("https://cms.example.org/media/")
        public_file(source["src"])
    assert shown["meta"]["download_url"] == urlsplit(shown["sources"][-1]["src"]).path
    assert json.loads(public_file(shown["waveform"]).read_text())["version"] == 2
    assert (shown["poster"]["width"], shown["poster"]["height"], shown["poster"]["alt"]) == (400, 400, "Bells")
    assert shown["poster"]["placeholder"]["thumbhash"]
    public_file(shown["poster"]["src"])


def test_sound_without_a_cover_has_no_poster(client: Client, sound: Audio, develop: Callable[..., None]) -> None:
    develop(sound)
    assert audio_json(client, sound)["poster"] is None


def test_former_sound_plays_until_the_new_one_does(client: Client, db: None, develop: Callable[..., None]) -> None:
    sound = Audio(title="Bells", file=sound_file(cover=photo_bytes(400, 400)))
    sound.save()
    develop(sound)
    before = audio_json(client, sound)
    sound.file = sound_file("other.wav", seconds=2)
    sound.save()

    meanwhile = audio_json(client, sound)
    assert meanwhile["poster"]["src"] == before["poster"]["src"]
    assert (meanwhile["sources"], meanwhile["waveform"]) == (before["sources"], before["waveform"])

    develop(sound)
    after = audio_json(client, sound)
    assert after["duration"] == pytest.approx(2, abs=0.1)
    assert after["waveform"] != before["waveform"]
    assert not {source["src"] for source in after["sources"]} & {source["src"] for source in before["sources"]}
    assert after["poster"] is None


def test_what_a_file_says_of_itself_stays_private(client: Client, db: None, develop: Callable[..., None]) -> None:
    tags = {"title": "Low tide", "artist": "Ada", "comment": "Our address"}
    sound = Audio(title="bells.mp3", file=sound_file(tags=tags))
    sound.save()
    develop(sound)
    shown = client.get(f"/api/v2/audio/{sound.pk}/")
    assert (shown.json()["title"], shown.json()["credit"]) == ("Low tide", "Ada")
    assert "Our address" not in shown.content.decode()
    assert client.get("/api/v2/audio/?search=tide").json()["meta"]["total_count"] == 1
    assert client.get("/api/v2/audio/?search=address").json()["meta"]["total_count"] == 0


def test_document_is_handed_out_by_the_serve_view(client: Client, db: None) -> None:
    document = CustomDocument(title="Price list", file=ContentFile(PDF, name="prices.pdf"))
    document.save()
    document.tags.add("money")
    shown = client.get(f"/api/v2/documents/{document.pk}/").json()
    assert {key: shown[key] for key in ("title", "filename", "file_size", "mime_type")} == {
        "title": "Price list",
        "filename": "prices.pdf",
        "file_size": len(PDF),
        "mime_type": "application/pdf",
    }
    assert shown["meta"]["tags"] == ["money"]
    served = client.get(urlsplit(shown["meta"]["download_url"]).path)
    assert BytesIO(b"".join(served)).read() == PDF
