"""How the work on an asset goes on: server-sent events, few at a time, since each takes a thread."""

import hashlib
import json
import logging
import threading
from collections.abc import Iterator
from time import monotonic, sleep
from typing import Any, Literal

from django.contrib.auth import get_user_model
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema
from wagtail.models import APIToken

from media_library import stopping
from media_library.admin.permissions import visible_assets
from media_library.admin.status import describe
from media_library.api.rest.reading import find_asset
from media_library.api.rest.schemas import ProblemDetail, Status
from media_library.conf import conf
from media_library.exceptions import Busy
from media_library.models import Asset
from media_library.tokens import is_too_old

logger = logging.getLogger(__name__)

router = Router(tags=["media"])

RETRY_MILLISECONDS = 2_000
HEARTBEAT_SECONDS = 5.0
"""After so long without news a comment is sent: whoever has gone is noticed by it, and proxies keep the connection."""

OVER = (Asset.Status.READY, Asset.Status.FAILED)


class Progress(Schema):
    """The ``data`` of each event."""

    id: int
    status: Status
    progress: float = Field(description="0 to 1.")
    parts: dict[str, float] = Field(examples=[{"480p": 1.0, "1080p": 0.31}])
    status_reason: str
    type: Literal["status"] = "status"


class Places:
    """So many streams in this process (``EVENT_STREAMS``), and no more."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = 0

    def take(self) -> None:
        with self._lock:
            if self._taken >= conf.EVENT_STREAMS:
                raise Busy(_("Too many are listening just now. Ask for the asset itself from time to time."))
            self._taken += 1

    def give_back(self) -> None:
        with self._lock:
            self._taken -= 1


places = Places()


class EventStream:
    """The lines of one stream. Has a place from the start, and gives it back when it is closed, heard or not."""

    def __init__(self, request: HttpRequest, asset_id: int, last: str):
        places.take()
        self._is_open = True
        self.request, self.asset_id, self.last = request, asset_id, last

    def close(self) -> None:
        if self._is_open:
            self._is_open = False
            places.give_back()

    def __iter__(self) -> Iterator[str]:
        try:
            yield f"retry: {RETRY_MILLISECONDS}\n\n"
            yield from self._events()
        except DatabaseError:
            # Nothing else can be said any more; the client connects anew.
            logger.warning("The events of asset %s end early", self.asset_id, exc_info=True)
        finally:
            self.close()

    def _events(self) -> Iterator[str]:
        ends, spoken = monotonic() + conf.EVENT_STREAM_SECONDS, monotonic()
        while (now := state(self.request, self.asset_id)) is not None:
            if event_id(now) != self.last:
                self.last, spoken = event_id(now), monotonic()
                yield f"id: {self.last}\nevent: status\ndata: {json.dumps(now)}\n\n"
            elif monotonic() - spoken >= HEARTBEAT_SECONDS:
                spoken = monotonic()
                yield ":\n\n"
            if now["status"] in OVER or stopping.is_asked() or monotonic() + conf.EVENT_SECONDS > ends:
                return
            sleep(conf.EVENT_SECONDS)


def state(request: HttpRequest, asset_id: int) -> dict[str, Any] | None:
    """What an event says; None for whoever may not see the asset any more, or has no token or session by now."""
    user = _user_now(request)
    found = describe(visible_assets(user).filter(pk=asset_id)) if user else []
    if not found:
        return None
    [one] = found
    is_ready = one["status"] == Asset.Status.READY
    return {
        "type": "status",
        "id": asset_id,
        "status": one["status"],
        "progress": 1.0 if is_ready else one["progress"] or 0.0,
        "parts": one["parts"],
        "status_reason": one["reason"],
    }


def event_id(said: dict[str, Any]) -> str:
    """The same for the same state, whichever process says it."""
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def _user_now(request: Any) -> Any:
    """Whoever asks, read anew, with what they are permitted by now."""
    if isinstance(request.auth, APIToken):
        token = APIToken.objects.select_related("user").filter(pk=request.auth.pk, revoked_at__isnull=True).first()
        user = token.user if token and not is_too_old(token) else None
    else:
        is_there = request.session.exists(request.session.session_key)
        user = get_user_model()._default_manager.filter(pk=request.user.pk).first() if is_there else None
    return user if user and user.is_active else None


EVENT = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "event": {"type": "string", "enum": ["status"]},
        "data": {
            "type": "string",
            "contentMediaType": "application/json",
            "contentSchema": Progress.model_json_schema(),
        },
    },
}
"""Each event of a stream, as OpenAPI has it."""


@router.get(
    "/{int:asset_id}/events/",
    response={204: None, 404: ProblemDetail, 429: ProblemDetail},
    operation_id="listen_to_media",
    summary="Follow the work on an asset",
    openapi_extra={
        "parameters": [
            {
                "name": "Last-Event-ID",
                "in": "header",
                "required": False,
                "description": "Of the event that was heard last.",
                "schema": {"type": "string"},
            }
        ],
        "responses": {
            200: {
                "description": "Events named `status`.",
                "content": {"text/event-stream": {"schema": EVENT}},
            }
        },
    },
)
def listen_to_media(request: HttpRequest, asset_id: int) -> HttpResponseBase:
    """Server-sent events until it is `ready` or `failed`, for a minute at most: then connect anew.

    Few may listen at the same time: 429 says that you had better ask for the asset from time to time. 204 for who
    connects anew after the last event.
    """
    find_asset(request, asset_id)
    last = request.headers.get("Last-Event-ID", "")
    now = state(request, asset_id)
    if last and now and now["status"] in OVER and event_id(now) == last:
        return HttpResponse(status=204)
    return StreamingHttpResponse(
        EventStream(request, asset_id, last),
        content_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
