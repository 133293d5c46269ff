"""A film as a ladder of HLS, with thumbnails and captions, as workers and editors leave it in the library."""

import subprocess
from pathlib import Path

import imageio_ffmpeg
from django.core.files.base import ContentFile, File
from django.db.models.fields.files import FieldFile
from PIL import Image

from media_library.models import Asset, ProcessingJob, Sidecar, Track, Transcode, Video

HLS = "application/vnd.apple.mpegurl"
SEGMENT_SECONDS = 2
TILE = (160, 90)
TILE_COLOURS = ((200, 40, 40), (40, 160, 60), (40, 80, 200), (220, 180, 40))
CAPTION = "The tide comes in."
RATES = {"audio": 64_000, 90: 60_000, 180: 150_000, 360: 400_000, 720: 1_500_000}
"""Bits a second."""


def publish_ladder(video: Video, source: Path, folder: Path, heights: tuple[int, ...] = (180, 360)) -> None:
    """Give a film rungs of these heights, sound apart, a master playlist, and an MP4; it is ready then.

    ``source`` has sound and is as high as the highest rung; ``folder`` takes what is written on the way.
    """
    ProcessingJob.objects.filter(asset=video.pk).delete()
    sound = _rung(video, source, folder, "audio", ("-vn", "-c:a", "aac", "-b:a", "64k"), "mp4a.40.2")
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Sound",DEFAULT=YES,URI="{Path(sound.playlist.name).name}"',
    ]
    for height in heights:
        keys = f"expr:gte(t,n_forced*{SEGMENT_SECONDS})"
        picture = (
            "-an",
            "-vf",
            f"scale=-2:{height}",
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-pix_fmt",
            "yuv420p",
        )
        rung = _rung(
            video,
            source,
            folder,
            f"{height}p",
            (*picture, "-force_key_frames", keys, "-sc_threshold", "0"),
            "avc1.42c01e",
        )
        lines += [
            f"#EXT-X-STREAM-INF:BANDWIDTH={RATES[height]},"
            f"RESOLUTION={round(height * video.width / video.height)}x{height},"
            f'CODECS="{rung.codecs},mp4a.40.2",AUDIO="sound"',
            Path(rung.playlist.name).name,
        ]
    master = ContentFile("\n".join([*lines, ""]).encode(), name="hls.m3u8")
    # The largest bit rate, since sources are listed by it.
    _transcode(video, "hls", master, mime_type=HLS, bitrate=99_000_000)
    whole = folder / "whole.mp4"
    _ffmpeg("-i", str(source), "-c", "copy", "-movflags", "+faststart", str(whole))
    with whole.open("rb") as file:
        _transcode(video, "mp4", File(file, name="mp4.mp4"), bitrate=RATES[heights[-1]])
    Asset.objects.filter(pk=video.pk).update(status=Asset.Status.READY)


def add_storyboard(video: Video, seconds: float) -> None:
    """Four thumbnails in one sprite, each for a quarter of the film, of the colours in `TILE_COLOURS`."""
    width, height = TILE
    sprite = Image.new("RGB", (width * len(TILE_COLOURS), height))
    for number, colour in enumerate(TILE_COLOURS):
        sprite.paste(colour, (number * width, 0, (number + 1) * width, height))
    row = Sidecar(asset=video, version=video.version, kind=Sidecar.Kind.SPRITE, number=1)
    path = Path(video.file.path).with_suffix(".jpg")
    sprite.save(path, "JPEG", quality=95)
    _save_sidecar(row, ContentFile(path.read_bytes(), name="sprite.jpg"))
    path.unlink()
    step = seconds / len(TILE_COLOURS)
    cues = [
        f"{_clock(number * step)} --> {_clock((number + 1) * step)}\n"
        f"{Path(row.file.name).name}#xywh={number * width},0,{width},{height}\n"
        for number in range(len(TILE_COLOURS))
    ]
    text = "\n".join(["WEBVTT\n", *cues])
    board = Sidecar(asset=video, version=video.version, kind=Sidecar.Kind.STORYBOARD)
    _save_sidecar(board, ContentFile(text.encode(), name="storyboard.vtt"))


def add_captions(video: Video, seconds: float) -> None:
    """English captions that say `CAPTION` all the time and are on by themselves."""
    text = f"WEBVTT\n\n{_clock(0)} --> {_clock(seconds)}\n{CAPTION}\n"
    Track.objects.create(asset=video, kind="captions", language="en", label="English", is_default=True, text=text)


def _rung(video: Video, source: Path, folder: Path, preset: str, output: tuple[str, ...], codecs: str) -> Transcode:
    media, playlist = folder / f"{preset}.mp4", folder / f"{preset}.m3u8"
    _ffmpeg(
        *("-i", str(source), *output, "-f", "hls", "-hls_time", str(SEGMENT_SECONDS), "-hls_playlist_type", "vod"),
        *(
            "-hls_segment_type",
            "fmp4",
            "-hls_flags",
            "single_file",
            "-hls_segment_filename",
            str(media),
            str(playlist),
        ),
    )
    with media.open("rb") as file:
        height = 0 if preset == "audio" else int(preset.removesuffix("p"))
        return _transcode(
            video,
            preset,
            File(file, name=media.name),
            playlist=playlist.read_text(),
            codecs=codecs,
            bitrate=RATES[height or "audio"],
        )


def _transcode(
    video: Video, preset: str, file: File, *, playlist: str = "", mime_type: str = "video/mp4", **columns: object
) -> Transcode:
    row = Transcode(
        asset=video, version=video.version, preset=preset, mime_type=mime_type, file_size=file.size, **columns
    )
    row.duration = video.duration
    _store(row.file, file)
    if playlist:
        stored = playlist.replace(Path(file.name).name, Path(row.file.name).name)
        _store(row.playlist, ContentFile(stored.encode(), name="rung.m3u8"))
    row.save()
    return row


def _save_sidecar(row: Sidecar, file: ContentFile) -> None:
    row.file_size = file.size
    _store(row.file, file)
    row.save()


def _store(column: FieldFile, file: File) -> None:
    # Names come from the bytes, which must be there before.
    setattr(column.instance, column.field.name, file)
    column = getattr(column.instance, column.field.name)
    column.save(file.name, column.file, save=False)


def _ffmpeg(*arguments: str) -> None:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-loglevel", "error", "-nostdin", "-y", *arguments]
    subprocess.run(command, check=True, timeout=300)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"00:{int(minutes):02}:{rest:06.3f}"
