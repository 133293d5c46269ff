from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, HttpResponseBase, JsonResponse

from cms.operations.access import may_watch
from cms.operations.metrics import metrics
from cms.operations.readiness import readiness, summary

NO_STORE = {"Cache-Control": "no-store"}


def health(request: HttpRequest) -> JsonResponse:
    """Answer ``{"status": "ok"}`` when this process can reach its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"}, headers=NO_STORE)


def healthz(request: HttpRequest) -> JsonResponse:
    """``{"status": "ok"}`` as long as this process answers at all: it asks nobody, so nobody else's fault ends it."""
    return JsonResponse({"status": "ok"}, headers=NO_STORE)


def readyz(request: HttpRequest) -> JsonResponse:
    """``{"status": "ok"}`` or ``degraded``; 503 and ``failing`` when a part of ``READY_REQUIRES`` is not well.

    Whoever may watch (access.py) is told of each part, too::

        {"status": "degraded", "parts": {"broker": {"state": "silent", "milliseconds": 2000.1,
            "detail": "No answer for 2.0 s.", "advice": "Check REDIS_URL …"}, …}}
    """
    findings = readiness.ask()
    status = summary(findings)
    body: dict[str, object] = {"status": status}
    if may_watch(request):
        body["parts"] = {name: finding.as_json() for name, finding in findings.items()}
    return JsonResponse(body, status=503 if status == "failing" else 200, headers=NO_STORE)


class ProbesMiddleware:
    """Answers probes before anything else looks at them.

    Balancers, kubelets and Prometheus ask by address and without HTTPS: no host of ``ALLOWED_HOSTS``, and nothing to
    redirect. What stands behind may need what the probe is to tell about.
    """

    views: dict[str, Callable[[HttpRequest], HttpResponseBase]] = {
        "/healthz": healthz,
        "/readyz": readyz,
        "/metrics": metrics,
    }

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        view = self.views.get(request.path_info.rstrip("/"))
        return view(request) if view else self.get_response(request)
