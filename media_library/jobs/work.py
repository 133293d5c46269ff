"""What each operation does: it gets an asset and a way to report, and yields what it has made, step by step.

Last it may yield parts for others to make; then it is begun again when they are done.
"""

import time
from collections.abc import Callable, Generator
from functools import partial

from django.db.models import F

from media_library import insight
from media_library.conf import conf
from media_library.imaging.engine import polish, render_in_parts
from media_library.imaging.presets import LADDER
from media_library.insight import endpoint
from media_library.jobs.film_parts import transcode_part
from media_library.jobs.films import make_poster, make_webm_film, transcode_video
from media_library.jobs.motion import split_motion
from media_library.jobs.sounds import develop_audio
from media_library.jobs.steps import Parts, Report, Result, placeholder_facts
from media_library.models import Asset, CustomImage, CustomRendition, ProcessingJob
from media_library.polishing import end_polishing, record_polished, unpolished_orders, worth_swapping
from media_library.renditions import missing_orders, record_renditions

Operation = ProcessingJob.Operation


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
                facts=placeholder_facts(encoded),
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
    return waiting.exclude(operation__in=(Operation.POLISH_IMAGE, Operation.SUGGEST, Operation.ASK_ENDPOINT)).exists()


def suggest(asset: Asset, report: Report) -> Generator[Result]:
    """Have all backends of insight/ look at an asset; what each proposes is recorded by itself."""
    all_of_them = len(insight.backends())
    for done, (name, proposals) in enumerate(insight.propose(insight.Look(asset)), 1):
        report(done / (all_of_them + 1))
        yield Result(store=list, record=partial(_record_suggestions, asset, name, proposals), is_shown=False)


def ask_endpoint(asset: Asset, report: Report) -> Generator[Result]:
    """Have a model elsewhere describe an asset, unless that was switched off, or the asset made private, meanwhile."""
    if insight.may_be_asked_about(asset):
        proposals = endpoint.describe(insight.Look(asset))
        recorded = partial(_record_suggestions, asset, endpoint.SOURCE, proposals)
        yield Result(store=list, record=recorded, is_shown=False)


def _record_suggestions(asset: Asset, name: str, proposals: list[insight.Proposal], _rows: list) -> None:
    insight.record(asset, name, proposals)


WORK: dict[str, Callable[..., Generator[Result | Parts]]] = {
    Operation.DEVELOP_IMAGE: develop_image,
    Operation.SPLIT_MOTION: split_motion,
    Operation.POLISH_IMAGE: polish_image,
    Operation.MAKE_POSTER: make_poster,
    Operation.TRANSCODE_VIDEO: transcode_video,
    Operation.TRANSCODE_PART: transcode_part,
    Operation.MAKE_WEBM: make_webm_film,
    Operation.DEVELOP_AUDIO: develop_audio,
    Operation.SUGGEST: suggest,
    Operation.ASK_ENDPOINT: ask_endpoint,
}
