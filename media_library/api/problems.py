from django.http import HttpResponse, JsonResponse

PROBLEM_JSON = "application/problem+json"


def problem(status: int, code: str, detail: str) -> HttpResponse:
    """What went wrong, as RFC 9457 has it, with a stable ``code``. Nobody keeps it."""
    response = JsonResponse(
        {"type": "about:blank", "title": HttpResponse(status=status).reason_phrase, "status": status}
        | {"code": code, "detail": detail},
        status=status,
        content_type=PROBLEM_JSON,
    )
    response["Cache-Control"] = "no-store"
    return response
