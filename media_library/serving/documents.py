"""Documents, after Wagtail has asked whether somebody may have them."""

from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from wagtail import hooks
from wagtail.documents.models import document_served

from media_library.conf import conf
from media_library.models import CustomDocument
from media_library.serving.files import Served, file_response


def serve_document(request: HttpRequest, document_id: int, document_filename: str) -> HttpResponseBase:
    """In place of Wagtail's view, after the same questions: the file from disk, or the way to it with an end.

    Wagtail's reads a file from S3 through this process, and knows no ranges. Its hook ``before_serve_document`` can
    refuse, but can't answer with a stream.
    """
    document = get_object_or_404(CustomDocument, pk=document_id)
    if document.filename != document_filename:
        raise Http404("This document does not match the given filename.")
    for ask in hooks.get_hooks("before_serve_document"):
        answer = ask(document, request)
        if isinstance(answer, HttpResponseBase):
            return answer
    document_served.send(sender=CustomDocument, instance=document, request=request)
    return _response(document, request)


def _response(document: CustomDocument, request: HttpRequest) -> HttpResponseBase:
    storage: Any = document.file.storage
    attached = document.content_disposition != "inline"
    try:
        path = Path(storage.path(document.file.name))
    except NotImplementedError:
        response = HttpResponseRedirect(
            storage.signed_url(
                document.file.name,
                conf.PRIVATE_URL_SECONDS,
                document.filename,
                document.content_type,
                as_attachment=attached,
            )
        )
        response["Cache-Control"] = "private, no-store"
        return response
    served = Served(
        document.content_type,
        etag=f'"{document.file_hash}"' if document.file_hash else "",
        filename=document.filename,
        as_attachment=attached,
    )
    try:
        return file_response(request, path, served)
    except FileNotFoundError as error:
        raise Http404(f"The file of document {document.pk} is gone.") from error
