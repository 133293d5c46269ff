"""The sounds that browsers play, all from one decode in one run of ffmpeg."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import av
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _

from media_library.audio.probe import Sound, require_whole
from media_library.audio.waveform import Waveform
from media_library.exceptions import DamagedFile
from media_library.models import Audio, Sidecar, Transcode
from media_library.video.ffmpeg import run_ffmpeg
from media_library.video.loudness import loudness_filter

SAMPLE_RATE = 48_000
"""Samples a second: what Opus has anyway (RFC 6716, 2), and the hardware of most listeners."""

LOUDNESS_SHARE = 0.25
"""How much of the time goes into measuring loudness."""


@dataclass(frozen=True)
class Preset:
    """A form of sound: how ffmpeg makes it, and what browsers are told. Bits per second for mono and for stereo."""

    name: str
    extension: str
    mime_type: str
    codecs: str
    bitrates: tuple[int, int]
    arguments: tuple[str, ...]


PRESETS = (
    # In WebM, not in Ogg: Safari plays it since 15 (Ogg since 18.4), and its index stands first, so that nobody has to
    # look for the end of the file to know the duration.
    Preset(
        "opus",
        "webm",
        "audio/webm",
        "opus",
        (56_000, 96_000),
        ("-c:a", "libopus", "-f", "webm", "-cues_to_front", "1"),
    ),
    Preset(
        "aac",
        "m4a",
        "audio/mp4",
        "mp4a.40.2",
        (72_000, 128_000),
        ("-c:a", "aac", "-movflags", "+faststart", "-f", "ipod"),
    ),
    Preset(
        "mp3",
        "mp3",
        "audio/mpeg",
        "",
        (80_000, 160_000),
        ("-c:a", "libmp3lame", "-id3v2_version", "0", "-f", "mp3"),
    ),
)
"""Best first. At about equal quality: Opus has least bytes, AAC needs no newer Safari, and MP3 plays everywhere."""


@dataclass(frozen=True)
class Made:
    """A finished sound on this machine. Seconds, bits per second."""

    preset: Preset
    path: Path
    duration: float
    bitrate: int


def encode(sound: Sound, folder: Path, report: Callable[[float], None]) -> dict[str, Made]:
    """Make every preset in ``folder``, by its name: as loud as all others, stereo at most, without metadata.

    Raises ``DamagedFile`` for a sound that ends before it should, and what ``run_ffmpeg`` raises.
    """
    loudness = loudness_filter(sound, sound.stream, lambda done: report(LOUDNESS_SHARE * done))
    is_mono = sound.channels == 1
    # One of two channels that are the same: adding them up would make it louder than it was measured.
    channels = "aformat=channel_layouts=stereo" + (",pan=mono|c0=c0" if is_mono else "")
    filters = [loudness, channels, f"aresample={SAMPLE_RATE}", f"asplit={len(PRESETS)}"]
    outlets = "".join(f"[{preset.name}]" for preset in PRESETS)
    arguments = ["-filter_complex", f"[0:{sound.stream}]{','.join(filter(None, filters))}{outlets}"]
    targets = {preset: folder / f"{preset.name}.{preset.extension}" for preset in PRESETS}
    for preset, target in targets.items():
        bitrate = preset.bitrates[0 if is_mono else 1]
        arguments += [
            *("-map", f"[{preset.name}]", *preset.arguments, "-b:a", str(bitrate)),
            *("-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"),
            str(target),
        ]
    run_ffmpeg(sound, arguments, report=lambda done: report(LOUDNESS_SHARE + (1 - LOUDNESS_SHARE) * done))
    report(1.0)
    made = {preset.name: _measure(preset, target) for preset, target in targets.items()}
    for one in made.values():
        require_whole(sound.duration, one.duration)
    return made


def _measure(preset: Preset, path: Path) -> Made:
    duration = 0.0
    # Nothing in it can be opened when nothing could be decoded.
    with suppress(av.error.FFmpegError), av.open(str(path)) as container:
        duration = (container.duration or 0) / av.time_base
    if not duration:
        raise DamagedFile(
            _("No sound in this file can be decoded. Export it anew."),
            f"{path.name}: empty",
        )
    return Made(preset, path, duration, int(path.stat().st_size * 8 / duration))


def store_sound(audio: Audio, made: Made) -> Transcode:
    """Write the file to public storage, and return its row, not saved yet."""
    row = Transcode(
        asset=audio,
        version=audio.version,
        preset=made.preset.name,
        mime_type=made.preset.mime_type,
        codecs=made.preset.codecs,
        duration=made.duration,
        bitrate=made.bitrate,
        file_size=made.path.stat().st_size,
    )
    with made.path.open("rb") as file:
        row.file = File(file, name=made.path.name)
        row.file.save(made.path.name, row.file.file, save=False)
    return row


def store_waveform(audio: Audio, waveform: Waveform) -> Sidecar:
    """The same for the peaks."""
    data = waveform.to_json().encode()
    row = Sidecar(asset=audio, version=audio.version, kind=Sidecar.Kind.WAVEFORM, file_size=len(data))
    row.file = ContentFile(data, name="waveform.json")
    row.file.save("waveform.json", row.file.file, save=False)
    return row
