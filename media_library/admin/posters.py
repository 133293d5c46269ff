"""Which picture stands for a film: a moment that an editor picks, or a picture, or what the worker finds."""

import math
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.log_actions import log
from wagtail.models import ReferenceIndex

from media_library import jobs, tasks
from media_library.admin.facts import poster_origin
from media_library.admin.permissions import video_permission_policy
from media_library.models import ProcessingJob, Video


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
        Video.objects.filter(pk=video.pk).update(poster_time=video.poster_time, poster_image=None)
        # Of an UPDATE, no signal tells: the picture that was given up may go.
        ReferenceIndex.create_or_update_for_object(video)
        log(instance=video, action="wagtail.edit", user=request.user)
        redraw_poster(video)
    return JsonResponse({"origin": poster_origin(video), "automatic": video.poster_time is None})


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
