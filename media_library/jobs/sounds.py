"""The work on sounds."""

from collections.abc import Generator

from media_library.audio.cover import find_cover
from media_library.audio.develop import PRESETS, encode, store_sound, store_waveform
from media_library.audio.probe import probe
from media_library.audio.tags import sound_metadata
from media_library.audio.waveform import draw_waveform
from media_library.imaging.engine import Encoded, render
from media_library.imaging.orders import ladder_orders
from media_library.intake import take_over_found
from media_library.jobs.steps import Report, Result, placeholder_facts
from media_library.models import Audio, PosterRendition
from media_library.storage import local_path, work_folder
from media_library.superseding import swap_rows


def develop_audio(audio: Audio, report: Report) -> Generator[Result]:
    """Read what a sound says of itself and draw its cover; then make what browsers play, and the waveform."""
    with local_path(audio.file) as path, work_folder(f"audio-{audio.pk}") as folder:
        sound = probe(path, audio.mime_type)
        report(0.05)
        cover = find_cover(sound)
        drawn: list[Encoded] = []
        if cover is not None:
            file, subject = cover
            drawn = render(file, subject, ladder_orders(subject), lambda done: report(0.05 + 0.1 * done))

        def record_cover(rows: list[PosterRendition]) -> None:
            swap_rows(audio, audio.poster_renditions.all(), rows, "filter_spec")
            take_over_found(audio, sound_metadata(sound.tags, sound.chapters).to_json())

        yield Result(
            store=lambda: [PosterRendition.from_encoded(audio, one) for one in drawn],
            record=record_cover,
            facts={"duration": sound.duration, **placeholder_facts(drawn)},
        )
        made = encode(sound, folder, lambda done: report(0.15 + 0.75 * done, {one.name: done for one in PRESETS}))
        # AAC decodes fastest.
        waveform = draw_waveform(made["aac"].path, made["aac"].duration, lambda done: report(0.9 + 0.1 * done))

        def record_sounds(rows: list) -> None:
            *transcodes, peaks = rows
            swap_rows(audio, audio.transcodes.all(), transcodes, "preset")
            swap_rows(audio, audio.sidecars.filter(kind=peaks.kind), [peaks], "kind")

        yield Result(
            store=lambda: [*(store_sound(audio, one) for one in made.values()), store_waveform(audio, waveform)],
            record=record_sounds,
        )
