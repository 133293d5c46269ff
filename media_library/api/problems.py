from typing import Any

from django.http import HttpResponse, JsonResponse

PROBLEM_JSON = "application/problem+json"


def problem(status: int, code: str, detail: str, **members: Any) -> HttpResponse:
    """What went wrong, as RFC 9457 has it, with a stable ``code`` and whatever else is to be said. Nobody keeps it."""
    body = {"type": "about:blank", "title": HttpResponse(status=status).reason_phrase, "status": status}
    response = JsonResponse(
        body | {"code": code, "detail": detail} | members, status=status, content_type=PROBLEM_JSON
    )
    response["Cache-Control"] = "no-store"
    return response
