"""Which picture stands for a film: a moment that an editor picks, or a picture, or what the worker finds. And what
crops of it keep."""

import json
import math
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.log_actions import log
from wagtail.models import ReferenceIndex

from media_library import jobs, posters, tasks
from media_library.admin import crops
from media_library.admin.facts import large_poster, poster_origin
from media_library.admin.permissions import video_permission_policy
from media_library.models import Asset, ProcessingJob, Video


@require_POST
def pick_poster(request: HttpRequest, pk: int) -> JsonResponse:
    """Take ``time``, in seconds, as the moment of the film that is its poster; empty means what the worker finds.

    A picture that was chosen instead is given up. Answers ``{"origin": "The moment 0:12", "automatic": false}``, or
    400 with a ``message``. The new poster is drawn by a worker.
    """
    video = get_object_or_404(Video, pk=pk)
    if not video_permission_policy.user_has_permission_for_instance(request.user, "change", video):
        raise PermissionDenied
    try:
        video.poster_time = _read_time(request.POST.get("time"), video.duration)
    except ValueError as error:
        return JsonResponse({"message": str(error)}, status=400)
    video.poster_image = None
    with transaction.atomic():
        Asset.lock(video.pk)
        Video.objects.filter(pk=video.pk).update(poster_time=video.poster_time, poster_image=None, poster_focus=None)
        # Of an UPDATE, no signal tells: the picture that was given up may go.
        ReferenceIndex.create_or_update_for_object(video)
        log(instance=video, action="wagtail.edit", user=request.user)
        redraw_poster(video)
    return JsonResponse({"origin": poster_origin(video), "automatic": video.poster_time is None})


@require_POST
def focus_poster(request: HttpRequest, pk: int) -> JsonResponse:
    """Take ``area``, a list of left, top, width and height as shares of the poster, as what its crops keep.

    Empty means that nothing in particular is kept. ``poster`` says which picture the editor has seen
    (``posters.identity``). Answers ``{"area": [0.1, 0.2, 0.5, 0.5]}``, or 400, or 409 where another picture is the
    poster by now, with a ``message``. The crops are made by a worker.
    """
    video = get_object_or_404(Video, pk=pk)
    if not video_permission_policy.user_has_permission_for_instance(request.user, "change", video):
        raise PermissionDenied
    try:
        area = _read_area(request.POST.get("area", ""))
    except ValueError as error:
        return JsonResponse({"message": str(error)}, status=400)
    with transaction.atomic():
        Asset.lock(video.pk)
        video.refresh_from_db()
        if not _is_poster(video, request.POST.get("poster", "")):
            message = _("The poster is another one by now, or is being made. Reload the page in a moment.")
            return JsonResponse({"message": message}, status=409)
        Video.objects.filter(pk=video.pk).update(poster_focus=area)
        log(instance=video, action="wagtail.edit", user=request.user)
        redraw_poster(video)
    return JsonResponse({"area": area})


def _is_poster(video: Video, identity: str) -> bool:
    """Whether the picture that an editor has seen is the poster of this film, and stays it."""
    shown = large_poster(video)
    if posters.chosen_picture(video) or shown is None or shown.version != video.version:
        return False
    at_work = video.jobs.filter(
        operation=ProcessingJob.Operation.MAKE_POSTER,
        state__in=(ProcessingJob.State.QUEUED, ProcessingJob.State.RUNNING),
    )
    # A moment that was just picked has no focal area: what comes may be another picture. With one, it is the same.
    return posters.identity(shown) == identity and (video.poster_focus is not None or not at_work.exists())


def poster_crops(request: HttpRequest, pk: int) -> HttpResponse:
    """The panel with all crops, which the page of the film fetches anew when it has got another poster."""
    video = get_object_or_404(Video, pk=pk)
    if not video_permission_policy.user_has_permission_for_instance(request.user, "change", video):
        raise PermissionDenied
    return render(request, "media_library/crops/poster.html", crops.poster_preview(video))


def redraw_poster(video: Video) -> None:
    """Queue the poster of this version of the film afresh, for after commit."""
    queued = jobs.enqueue_operation(video, ProcessingJob.Operation.MAKE_POSTER)
    transaction.on_commit(partial(tasks.send, queued))


def _read_time(value: Any, duration: float | None) -> float | None:
    """Seconds, or None for an empty value. Raises ``ValueError`` with a sentence for the editor."""
    if value == "":
        return None
    try:
        time = float(value)
    except (TypeError, ValueError):
        time = math.nan
    if duration is None or not 0 <= time <= duration:
        raise ValueError(_("There is no such moment in this film. Reload the page and pick another one."))
    return time


def _read_area(value: str) -> list[float] | None:
    """Shares of a picture, or None for an empty value. Raises ``ValueError`` with a sentence for the editor."""
    if not value:
        return None
    try:
        left, top, width, height = (float(share) for share in json.loads(value))
    except (TypeError, ValueError, RecursionError):
        left = top = width = height = math.nan
    # What is rounded may reach out of the picture by a hair.
    if not (0 <= left <= 1 and 0 <= top <= 1 and 0 <= width <= 1.001 - left and 0 <= height <= 1.001 - top):
        raise ValueError(_("This is no area of the poster. Reload the page and draw it again."))
    return [round(share, 4) for share in (left, top, width, height)]
