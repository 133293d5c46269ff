"""Uploads in the admin: tus by session, and what its uploader asks for besides."""

import json
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.urls import reverse
from django.views.generic import View

from media_library import uploads
from media_library.admin.permissions import changeable_assets
from media_library.admin.uploads.describing import describe
from media_library.admin.uploads.doors import (
    describe_asset,
    doors_by_name,
    existing_one,
    open_doors,
    require_small_enough,
    require_way_in,
)
from media_library.api.tus import TusView, status_of
from media_library.deletion import delete_asset, trash_asset
from media_library.exceptions import MediaLibraryError
from media_library.models import UploadSession
from media_library.tasks import send_import
from media_library.uploads import fetching
from media_library.uploads.names import clean_filename

MAX_LISTED = 500
"""Unfinished uploads of one user that are told at once."""


class UploadsView(TusView):
    """``/admin/media/uploads/`` and ``/admin/media/uploads/<uuid>/``; GET answers in JSON (describing.py)."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not open_doors(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def sessions(self) -> QuerySet[UploadSession]:
        return UploadSession.objects.filter(user=self.request.user)

    def begin(self, filename: str, size: int, details: dict[str, str]) -> UploadSession:
        filename = clean_filename(filename)
        doors = doors_by_name(filename)
        require_way_in(doors, self.request.user, details.get("collection"))
        require_small_enough(doors, size)
        return uploads.create(self.request.user, filename, size, details)

    def largest(self) -> int:
        return max(door.largest for door in open_doors(self.request.user))

    def address(self, session: UploadSession) -> str:
        return reverse("media_library_upload", args=(session.pk,))

    def get(self, request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
        if pk is not None:
            return JsonResponse(describe(self.session(pk, refused=True), request))
        unfinished = self.sessions().filter(state__in=(UploadSession.State.RECEIVING, UploadSession.State.RECEIVED))
        # What is sent to be chosen belongs to the form that waits for it (admin/choosing/); and what goes straight to
        # S3, to the program that sends it.
        unfinished = unfinished.exclude(details__has_key="kinds").filter(multipart_id="")
        items = [describe(one, request) for one in unfinished.order_by("created_at")[:MAX_LISTED]]
        return JsonResponse({"items": items, "token": get_token(request)})


class UploadActionView(View):
    """POST in JSON about one's own uploads. Answers with the upload, or ``{"message": "…"}``."""

    http_method_names = ["post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not open_doors(request.user):
            raise PermissionDenied
        try:
            return super().dispatch(request, *args, **kwargs)
        except MediaLibraryError as error:
            return JsonResponse({"message": str(error), "code": error.code}, status=status_of(error))

    def post(self, request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
        session = UploadSession.objects.filter(user=request.user, pk=pk).first()
        if session is None:
            raise Http404
        self.act(session)
        session.refresh_from_db()
        return JsonResponse(describe(session, request))

    def act(self, session: UploadSession) -> None:
        raise NotImplementedError

    def read(self) -> dict[str, Any]:
        try:
            data = json.loads(self.request.body)
        except ValueError:
            data = None
        return data if isinstance(data, dict) else {}


class DetailsView(UploadActionView):
    """What an editor writes about a file: kept until it is an asset, or written to the asset."""

    def act(self, session: UploadSession) -> None:
        details = uploads.clean_details(self.read())
        # A file that arrives in this moment takes what is kept along; the row is locked meanwhile.
        with transaction.atomic():
            asset_id = uploads.amend(session, details)
            if asset_id is None:
                return
            asset = changeable_assets(self.request.user).filter(pk=asset_id).first()
            if asset is None:
                raise Http404
            describe_asset(asset, details, self.request.user)


class UseExistingView(UploadActionView):
    """Take back what was just uploaded, since the library has it already: that one is it, from now on.

    The same bytes twice are of no use to anybody; what only looks alike goes to the trash.
    """

    def act(self, session: UploadSession) -> None:
        asset = session.asset
        found = existing_one(asset.specific, self.request.user) if asset else None
        if asset is None or found is None:
            raise Http404
        existing, is_same_file = found
        if not changeable_assets(self.request.user).filter(pk=asset.pk).exists():
            raise PermissionDenied
        take_back = delete_asset if is_same_file else trash_asset
        take_back(asset, self.request.user)
        session.asset = existing.asset_ptr
        session.save(update_fields=["asset", "updated_at"])


class RetryImportView(UploadActionView):
    """Let an import that has failed begin anew; take in a file that has arrived."""

    def act(self, session: UploadSession) -> None:
        fetching.try_again(session)
        transaction.on_commit(lambda: send_import(session.pk))


class ImportView(UploadActionView):
    """``{"url": "https://…", "collection": "3"}``: let a worker get a file."""

    def post(self, request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
        data = self.read()
        session = fetching.begin(request.user, str(data.pop("url", "")).strip(), data)
        transaction.on_commit(lambda: send_import(session.pk))
        return JsonResponse(describe(session, request), status=201)
