import pytest

from media_library.admin.facts import clock, player, thumbnail, video_facts
from media_library.models import PosterRendition, Transcode, Video


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(None, ""), (0.3, "0:01"), (7.4, "0:07"), (59.6, "1:00"), (750, "12:30"), (3723, "1:02:03")],
)
def test_duration_is_written_as_a_player_does(seconds: float | None, shown: str):
    assert clock(seconds) == shown


def test_facts_that_are_not_known_yet_are_left_out(film: Video):
    assert [name for name, _value in video_facts(film)] == ["File name", "File size", "MIME type"]


def test_narrow_film_has_a_thumbnail_in_its_own_width(film: Video):
    for width in (176, 100):
        PosterRendition.objects.all().delete()
        PosterRendition.objects.create(
            asset=film,
            version=1,
            width=width,
            height=99,
            file_size=1,
            file=f"{film.pk}/1/p.webp",
            filter_spec=f"width-{width}|format-webp",
            preset="ladder",
        )

        assert thumbnail(Video.objects.get(pk=film.pk)).width == width


def test_player_is_given_the_playlist_of_all_rungs_first_and_no_rung(film: Video):
    for preset, mime_type, playlist in (
        ("webm", "video/webm", ""),
        ("mp4", "video/mp4", ""),
        ("720p", "video/mp4", "r.m3u8"),
        ("hls", "application/vnd.apple.mpegurl", ""),
    ):
        Transcode.objects.create(
            asset=film,
            version=1,
            preset=preset,
            file=preset,
            playlist=playlist,
            mime_type=mime_type,
            bitrate=1,
            duration=1,
            file_size=1,
        )

    assert [one.preset for one in player(film).transcodes] == ["hls", "mp4", "webm"]
