"""What each operation does: it gets an asset and a way to report, and yields what it has made, step by step."""

import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db.models import F

from media_library.audio.cover import find_cover
from media_library.audio.develop import PRESETS, encode, store_sound, store_waveform
from media_library.audio.probe import probe as probe_sound
from media_library.audio.tags import sound_metadata
from media_library.audio.waveform import draw_waveform
from media_library.conf import conf
from media_library.imaging.engine import Encoded, placeholder_of, polish, render, render_in_parts
from media_library.imaging.orders import Subject, ladder_orders
from media_library.imaging.presets import LADDER
from media_library.intake import take_over_found
from media_library.models import Asset, Audio, CustomImage, CustomRendition, PosterRendition, ProcessingJob, Video
from media_library.polishing import end_polishing, record_polished, unpolished_orders, worth_swapping
from media_library.renditions import missing_orders, record_renditions
from media_library.storage import local_path, work_folder
from media_library.superseding import swap_rows
from media_library.video.poster import draw_poster
from media_library.video.probe import probe
from media_library.video.transcode import store_transcode, transcode


class Report(Protocol):
    """Called with how far the work is, 0 to 1, and its named parts. What it raises ends the work."""

    def __call__(self, progress: float, parts: Mapping[str, float] | None = None) -> None: ...


Operation = ProcessingJob.Operation


@dataclass(frozen=True)
class Result:
    """What a step of a job made: how to store its files, and how to record their rows inside the transaction.

    Each is committed before the work goes on. ``facts`` are columns of the asset that the work found out.
    """

    store: Callable[[], list]
    record: Callable[[list], None]
    facts: dict[str, Any] = field(default_factory=dict)


def develop_image(image: CustomImage, report: Report) -> Generator[Result]:
    """Make what presets ask for and the picture doesn't have: crops and the admin's sizes first, then the ladder."""
    missing = missing_orders(image)
    crops = [one for one in missing if one.preset != LADDER]
    parts = [part for part in (crops, [one for one in missing if one.preset == LADDER]) if part]
    if not parts:
        yield Result(store=list, record=lambda rows: record_renditions(image, rows))
        return
    with image.open_file() as file:
        for encoded in render_in_parts(file.file, image.subject, parts, report, image.get_edits()):
            yield Result(
                store=lambda encoded=encoded: [CustomRendition.from_encoded(image, one) for one in encoded],
                record=lambda rows: record_renditions(image, rows),
                facts=_placeholder_facts(encoded),
            )


def make_poster(video: Video, report: Report) -> Generator[Result]:
    """Read what the film says of itself, and make the ladder of its poster."""
    with local_path(video.file) as path, work_folder(f"poster-{video.pk}") as folder:
        film = probe(path, video.mime_type)
        report(0.1)
        subject = Subject(film.width, film.height)
        with draw_poster(film, folder).open("rb") as frame:
            encoded = render(frame, subject, ladder_orders(subject), lambda done: report(0.2 + 0.8 * done))
    yield Result(
        store=lambda: [PosterRendition.from_encoded(video, one) for one in encoded],
        record=lambda rows: swap_rows(video, video.poster_renditions.all(), rows, "filter_spec"),
        facts={
            "width": film.width,
            "height": film.height,
            "duration": film.duration,
            **_placeholder_facts(encoded),
        },
    )


def polish_image(image: CustomImage, report: Report) -> Generator[Result]:
    """Make the renditions smaller, as many as there is idle time for; the next job goes on with the rest."""
    started = time.monotonic()
    wanted, polished = unpolished_orders(image), []
    if wanted:
        with image.open_file() as file:
            for one in polish(file.file, image.subject, wanted, image.get_edits()):
                polished.append(one)
                report(len(polished) / len(wanted))
                if others_wait() or time.monotonic() - started > conf.IMAGE_POLISH_SECONDS:
                    break
    tried = [order for order in wanted if any((one.spec, one.key) == (order.spec, order.key) for one in polished)]
    smaller = worth_swapping(image, polished)

    def record(rows: list[CustomRendition]) -> None:
        saved = record_polished(image, tried, rows)
        if len(tried) == len(wanted):
            end_polishing(image)
        Asset.objects.filter(pk=image.pk).update(bytes_saved=F("bytes_saved") + saved)

    yield Result(store=lambda: [CustomRendition.from_encoded(image, one) for one in smaller], record=record)


def others_wait() -> bool:
    """Whether there is work that somebody waits for."""
    waiting = ProcessingJob.objects.filter(state__in=(ProcessingJob.State.QUEUED, ProcessingJob.State.RUNNING))
    return waiting.exclude(operation=Operation.POLISH_IMAGE).exists()


def _placeholder_facts(encoded: list[Encoded]) -> dict[str, Any]:
    placeholder = placeholder_of(encoded)
    return {"thumbhash": placeholder.thumbhash, "dominant_color": placeholder.color} if placeholder else {}


def transcode_video(video: Video, report: Report) -> Generator[Result]:
    """Make the film that browsers play."""
    with local_path(video.file) as path, work_folder(f"transcode-{video.pk}") as folder:
        made = transcode(probe(path, video.mime_type), folder, report)
        yield Result(
            store=lambda: [store_transcode(video, made)],
            record=lambda rows: swap_rows(video, video.transcodes.all(), rows, "preset"),
        )


def develop_audio(audio: Audio, report: Report) -> Generator[Result]:
    """Read what a sound says of itself and draw its cover; then make what browsers play, and the waveform."""
    with local_path(audio.file) as path, work_folder(f"audio-{audio.pk}") as folder:
        sound = probe_sound(path, audio.mime_type)
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
            facts={"duration": sound.duration, **_placeholder_facts(drawn)},
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


WORK: dict[str, Callable[[Any, Report], Generator[Result]]] = {
    Operation.DEVELOP_IMAGE: develop_image,
    Operation.POLISH_IMAGE: polish_image,
    Operation.MAKE_POSTER: make_poster,
    Operation.TRANSCODE_VIDEO: transcode_video,
    Operation.DEVELOP_AUDIO: develop_audio,
}
