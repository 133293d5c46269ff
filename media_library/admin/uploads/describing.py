"""What the uploader is told of an upload."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from wagtail.admin.admin_url_finder import AdminURLFinder

from media_library import uploads
from media_library.admin.facts import thumbnail_url
from media_library.admin.permissions import visible_assets
from media_library.admin.presets.sizes import size_warning
from media_library.admin.uploads.doors import existing_one
from media_library.models import Asset, UploadSession

DESCRIBED = ("title", "alt_text", "caption", "credit")


def describe(session: UploadSession, request: HttpRequest) -> dict[str, Any]:
    """One upload in JSON::

        {"id": "…", "url": "/admin/media/uploads/…/", "filename": "harbour.jpg", "size": 1200, "offset": 800,
         "state": "receiving", "reason": "", "isImport": false, "details": {"title": "Boats"}, "asset": null}

    ``asset``, once there is one that the user may see: id, kind, title, editUrl, details (what the file said of itself
    among them), ``card`` (HTML: a small picture that comes when it is ready, and the status), ``sizeWarning`` (where
    it is too small in the front end, in words, or empty) and ``duplicate``: the same file in the library, or what
    looks like it (id, title, editUrl, thumbnail, isSameFile), or null.
    """
    return {
        "id": str(session.pk),
        "url": reverse("media_library_upload", args=(session.pk,)),
        "filename": session.filename,
        "size": session.size,
        "offset": uploads.offset(session),
        "state": session.state,
        "reason": session.reason,
        "isImport": bool(session.source_url),
        "details": session.details,
        "asset": _asset(session, request),
    }


def _asset(session: UploadSession, request: HttpRequest) -> dict[str, Any] | None:
    asset = visible_assets(request.user).filter(pk=session.asset_id).first() if session.asset_id else None
    if asset is None:
        return None
    asset = asset.specific
    existing = existing_one(asset, request.user)
    finder = AdminURLFinder(request.user)
    details = {name: getattr(asset, name) for name in DESCRIBED}
    details |= {"tags": ", ".join(sorted(asset.tags.names())), "collection": str(asset.collection_id)}
    return {
        "id": asset.pk,
        "kind": asset.kind,
        "title": asset.title,
        "editUrl": finder.get_edit_url(asset),
        "details": details,
        "card": render_to_string("media_library/uploads/card.html", {"asset": asset}, request=request),
        "sizeWarning": size_warning(asset),
        "duplicate": _existing(*existing, finder) if existing else None,
    }


def _existing(asset: Asset, is_same_file: bool, finder: AdminURLFinder) -> dict[str, Any]:
    return {
        "isSameFile": is_same_file,
        "id": asset.pk,
        "title": asset.title,
        "editUrl": finder.get_edit_url(asset),
        "thumbnail": thumbnail_url(asset),
    }
