"""From files on this machine to rows of the library, and their playlists."""

from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import TypeVar

import av
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _

from media_library.exceptions import FFmpegError
from media_library.models import Asset, Sidecar, Transcode, Video
from media_library.superseding import swap_rows
from media_library.video.ladder import SOUND, MadeRung
from media_library.video.playlists import (
    Sound,
    Variant,
    average_bandwidth,
    master_playlist,
    media_playlist,
    peak_bandwidth,
)
from media_library.video.storyboard import Storyboard

Stored = TypeVar("Stored", Transcode, Sidecar)

MASTER, MP4, WEBM = "hls", "mp4", "webm"
HLS_TYPE = "application/vnd.apple.mpegurl"


def store_rungs(asset: Asset, made: Iterable[MadeRung]) -> list[Transcode]:
    """Write rungs and their playlists to public storage, and return their rows, not saved yet."""
    rows = []
    for one in made:
        row = Transcode(
            asset=asset,
            version=asset.version,
            preset=one.name,
            mime_type="video/mp4" if one.rung else "audio/mp4",
            codecs=one.fragmented.codec,
            width=one.rung and one.rung.width,
            height=one.rung and one.rung.height,
            frame_rate=one.rate and float(one.rate),
            bitrate=average_bandwidth(one.fragmented),
            peak_bitrate=peak_bandwidth(one.fragmented),
            duration=float(one.fragmented.duration),
            file_size=one.path.stat().st_size,
        )
        _store(row, one.path)
        playlist = media_playlist(one.fragmented, _name(row.file.name))
        row.playlist = ContentFile(playlist.encode(), name="playlist.m3u8")
        row.playlist.save("playlist.m3u8", row.playlist.file, save=False)
        rows.append(row)
    return rows


def store_master(asset: Asset, rungs: Sequence[Transcode]) -> Transcode:
    """Write the master playlist over these rungs, and return its row, not saved yet."""
    heard = next((row for row in rungs if row.preset == SOUND), None)
    sound = _sound(heard) if heard else None
    variants = [_variant(row) for row in rungs if row.preset != SOUND]
    text = master_playlist(variants, sound).encode()
    best = max(variants, key=lambda one: (one.width, one.bandwidth))
    row = Transcode(
        asset=asset,
        version=asset.version,
        preset=MASTER,
        mime_type=HLS_TYPE,
        width=best.width,
        height=best.height,
        frame_rate=best.frame_rate,
        bitrate=best.average_bandwidth + (sound.average_bandwidth if sound else 0),
        peak_bitrate=best.bandwidth + (sound.bandwidth if sound else 0),
        duration=max(row.duration for row in rungs),
        file_size=len(text),
    )
    row.file = ContentFile(text, name="master.m3u8")
    row.file.save("master.m3u8", row.file.file, save=False)
    return row


def _variant(row: Transcode) -> Variant:
    return Variant(
        playlist=_name(row.playlist.name),
        codec=row.codecs,
        bandwidth=row.peak_bitrate or row.bitrate,
        average_bandwidth=row.bitrate,
        width=row.width or 0,
        height=row.height or 0,
        frame_rate=row.frame_rate or 0.0,
    )


def _sound(row: Transcode) -> Sound:
    return Sound(_name(row.playlist.name), row.codecs, row.peak_bitrate or row.bitrate, row.bitrate)


def store_film(asset: Asset, path: Path, preset: str) -> Transcode:
    """Write a film in one file to public storage, and return its row, not saved yet."""
    with av.open(str(path)) as container:
        if not container.streams.video or not container.duration:
            raise FFmpegError(_("This film could not be converted. Export it anew."), f"{path.name}: no pictures")
        stream = container.streams.video[0]
        duration = container.duration / av.time_base
        size = path.stat().st_size
        row = Transcode(
            asset=asset,
            version=asset.version,
            preset=preset,
            mime_type=f"video/{preset}",
            width=stream.width,
            height=stream.height,
            frame_rate=float(stream.average_rate or 0) or None,
            bitrate=int(size * 8 / duration),
            duration=duration,
            file_size=size,
        )
    return _store(row, path)


def store_storyboard(asset: Asset, storyboard: Storyboard, sheets: Sequence[Path]) -> list[Sidecar]:
    """Write the sheets and the cues that name them, and return their rows, not saved yet."""
    rows = []
    for number, path in enumerate(sheets, start=1):
        rows.append(_store(_sidecar(asset, Sidecar.Kind.SPRITE, path.stat().st_size, number), path))
    text = storyboard.vtt([_name(row.file.name) for row in rows]).encode()
    row = _sidecar(asset, Sidecar.Kind.STORYBOARD, len(text))
    row.file = ContentFile(text, name="storyboard.vtt")
    row.file.save("storyboard.vtt", row.file.file, save=False)
    return [*rows, row]


def record_transcodes(video: Video, rows: Sequence[Transcode]) -> None:
    """Save rows next to those that there are of this version; what was made of former versions goes."""
    swap_rows(video, video.transcodes.exclude(version=video.version), (), "preset")
    swap_rows(video, video.sidecars.exclude(version=video.version), (), "kind")
    swap_rows(video, video.transcodes.filter(version=video.version), rows, "preset", keep=True)


def record_storyboard(video: Video, rows: Sequence[Sidecar]) -> None:
    """Save the sheets and the cues in place of those that there were."""
    kinds = (Sidecar.Kind.STORYBOARD, Sidecar.Kind.SPRITE)
    swap_rows(video, video.sidecars.filter(kind__in=kinds), rows, "kind")


def _sidecar(asset: Asset, kind: Sidecar.Kind, size: int, number: int = 0) -> Sidecar:
    return Sidecar(asset=asset, version=asset.version, kind=kind, number=number, file_size=size)


def _store(row: Stored, path: Path) -> Stored:
    with path.open("rb") as file:
        row.file = File(file, name=path.name)
        row.file.save(path.name, row.file.file, save=False)
    return row


def _name(path: str | None) -> str:
    """The name of a file inside its folder, which is how playlists beside it call it."""
    return PurePosixPath(path or "").name
