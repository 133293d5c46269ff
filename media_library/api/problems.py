from typing import Any

from django.http import HttpResponse, JsonResponse

PROBLEM_JSON = "application/problem+json"


def describe_problem(status: int, code: str, detail: str, **members: Any) -> dict[str, Any]:
    """What went wrong, as RFC 9457 has it, with a stable ``code`` and whatever else is to be said."""
    body = {"type": "about:blank", "title": HttpResponse(status=status).reason_phrase, "status": status}
    return body | {"code": code, "detail": detail} | members


def problem(status: int, code: str, detail: str, **members: Any) -> HttpResponse:
    """The same as an answer. Nobody keeps it."""
    body = describe_problem(status, code, detail, **members)
    response = JsonResponse(body, status=status, content_type=PROBLEM_JSON)
    response["Cache-Control"] = "no-store"
    return response
