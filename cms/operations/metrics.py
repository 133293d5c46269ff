"""What Prometheus gets: what processes count, and what the database knows.

Web processes and workers count into files of their own below ``METRICS_DIR`` (prometheus_client's multiprocess mode).
Whoever is asked adds them up, over all processes and machines that share ``DATA_DIR``. Labels have few values,
whatever visitors ask for.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector

from cms.delivery.signals import response_answered
from cms.operations.access import may_watch
from cms.operations.figures import Figures
from media_library.signals import job_ended, storage_failed

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
OTHER = "other"

V2 = frozenset(
    [
        *("pages", "images", "videos", "audio", "documents", "collections", "categories", "redirects", "site"),
        *("search", "preview", "page_preview", "forms", "views"),
    ]
)
PLACES = frozenset(["admin", "documents", "health", "media", "static", "transform"])

REQUESTS = Counter(
    "darkroom_requests", "Requests that were answered.", ["endpoint", "method", "status"], registry=None
)
REQUEST_SECONDS = Histogram(
    "darkroom_request_seconds",
    "Seconds until the first byte of the answer.",
    ["endpoint", "method"],
    buckets=(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=None,
)
CACHE = Counter(
    "darkroom_response_cache", "Answers of the response cache: hit, miss, stale or pass.", ["outcome"], registry=None
)
STORAGE_ERRORS = Counter(
    "darkroom_storage_errors",
    "Errors of storages, by what was to be done: store, remove or work.",
    ["doing"],
    registry=None,
)
JOB_SECONDS = Histogram(
    "darkroom_job_seconds",
    "Seconds that workers took for a job, by how it ended.",
    ["operation", "outcome"],
    buckets=(0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600),
    registry=None,
)


def endpoint(path: str) -> str:
    """Which of few groups an address belongs to: ``api/v2/pages``, ``admin``, …, and ``site`` for pages."""
    first, second, third = [*path.strip("/").split("/", 3), "", "", ""][:3]
    if first == "api":
        if second == "v2":
            return f"api/v2/{third}" if third in V2 else "api/v2"
        return f"api/{second}" if second in ("v3", "media", "collections") else OTHER
    return first if first in PLACES else "site"


def count_request(request: HttpRequest, status: int, seconds: float) -> None:
    """Count an answered request."""
    group = endpoint(request.path)
    method = request.method if request.method in METHODS else OTHER
    REQUESTS.labels(group, method, status).inc()
    REQUEST_SECONDS.labels(group, method).observe(seconds)


def _count_cached(outcome: str, **kwargs: Any) -> None:
    CACHE.labels(outcome).inc()


def _count_storage_error(doing: str, **kwargs: Any) -> None:
    STORAGE_ERRORS.labels(doing).inc()


def _count_job(operation: str, outcome: str, seconds: float, **kwargs: Any) -> None:
    JOB_SECONDS.labels(operation, outcome).observe(seconds)


def connect() -> None:
    """Listen to what others tell."""
    response_answered.connect(_count_cached, dispatch_uid="metrics")
    job_ended.connect(_count_job, dispatch_uid="metrics")
    storage_failed.connect(_count_storage_error, dispatch_uid="metrics")


class Processes:
    """What all processes have counted, added up."""

    def collect(self) -> Iterable[Metric]:
        return MultiProcessCollector.merge([str(path) for path in settings.METRICS_DIR.parent.glob("*/*.db")])


registry = CollectorRegistry()
registry.register(Processes())
registry.register(Figures())


def metrics(request: HttpRequest) -> HttpResponse:
    """All of it in Prometheus' text format, for those who watch; 401 for others."""
    if not may_watch(request):
        told = "Metrics are for those named in MONITORING_NETWORKS, or with the MONITORING_TOKEN as a bearer token.\n"
        return HttpResponse(told, status=401, content_type="text/plain", headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)
