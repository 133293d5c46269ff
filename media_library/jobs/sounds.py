"""What is made of sounds."""

from collections.abc import Generator, Sequence

from media_library.audio.cover import find_cover
from media_library.audio.develop import PRESETS, encode, store_sound, store_waveform
from media_library.audio.probe import Sound, probe
from media_library.audio.tags import sound_metadata
from media_library.audio.waveform import draw_waveform
from media_library.imaging.engine import Encoded, render
from media_library.imaging.orders import ladder_orders
from media_library.intake import take_over_found
from media_library.jobs.steps import Report, Result, placeholder_facts
from media_library.models import Audio, PosterRendition, Sidecar, Transcode
from media_library.storage import local_path, work_folder
from media_library.superseding import swap_rows


def develop_audio(audio: Audio, report: Report) -> Generator[Result]:
    """Read what a sound says of itself and draw its cover; then make what browsers play, and the waveform."""
    with local_path(audio.file) as path, work_folder(f"audio-{audio.pk}") as folder:
        sound = probe(path, audio.mime_type)
        report(0.05)
        yield _said(audio, sound, _cover(sound, report))
        made = encode(sound, folder, lambda done: report(0.15 + 0.75 * done, {one.name: done for one in PRESETS}))
        # AAC decodes fastest.
        waveform = draw_waveform(made["aac"].path, made["aac"].duration, lambda done: report(0.9 + 0.1 * done))
        yield Result(
            store=lambda: [*(store_sound(audio, one) for one in made.values()), store_waveform(audio, waveform)],
            record=lambda rows: _record(audio, rows),
        )


def _cover(sound: Sound, report: Report) -> list[Encoded]:
    found = find_cover(sound)
    if found is None:
        return []
    file, subject = found
    return render(file, subject, ladder_orders(subject), lambda done: report(0.05 + 0.1 * done))


def _said(audio: Audio, sound: Sound, cover: list[Encoded]) -> Result:
    def record(rows: list[PosterRendition]) -> None:
        swap_rows(audio, audio.poster_renditions.all(), rows, "filter_spec")
        take_over_found(audio, sound_metadata(sound.tags, sound.chapters).to_json())

    return Result(
        store=lambda: [PosterRendition.from_encoded(audio, one) for one in cover],
        record=record,
        facts={"duration": sound.duration, **placeholder_facts(cover)},
    )


def _record(audio: Audio, rows: Sequence[Transcode | Sidecar]) -> None:
    sounds = [row for row in rows if isinstance(row, Transcode)]
    peaks = [row for row in rows if isinstance(row, Sidecar)]
    swap_rows(audio, audio.transcodes.all(), sounds, "preset")
    swap_rows(audio, audio.sidecars.filter(kind=Sidecar.Kind.WAVEFORM), peaks, "kind")
