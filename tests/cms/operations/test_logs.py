import json
import logging

import pytest
from django.conf import settings as django_settings
from django.http import HttpResponse
from django.test import RequestFactory

from cms.celery import app
from cms.operations import tracing
from cms.operations.logs import JSONFormatter, scrub
from cms.operations.requests import RequestMiddleware
from media_library import jobs
from media_library.log_context import logged

JSON_OPTIONS = {name: value for name, value in django_settings.LOGGING["formatters"]["json"].items() if name != "()"}


@pytest.fixture
def lines(caplog):
    """What a server that writes JSON has written, of all loggers; under the formatter that LOGGING names."""
    caplog.set_level(logging.INFO)
    formatter = JSONFormatter(**JSON_OPTIONS)
    written: list[str] = []

    class Written(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(formatter.format(record))

    handler = Written()
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in written]
    logging.getLogger().removeHandler(handler)


def _line(lines, logger: str) -> dict:
    [line] = [line for line in lines() if line["logger"] == logger]
    return line


def test_request_is_told_with_id_user_path_status_and_time_but_no_query(admin_client, admin_user, settings, lines):
    settings.LOG_REQUESTS = True

    response = admin_client.get("/admin/?token=hunter2", headers={"X-Request-ID": "from-the-proxy"})

    line = _line(lines, "cms.operations.requests")
    assert response["X-Request-ID"] == line["request_id"] == "from-the-proxy"
    assert (line["method"], line["path"], line["status"], line["user_id"]) == ("GET", "/admin/", 200, admin_user.pk)
    assert line["milliseconds"] > 0
    assert line["level"] == "INFO"
    assert "hunter2" not in json.dumps(lines())


@pytest.mark.parametrize("given", ["", "short", "with spaces in it", "x" * 200, 'quote"and{brace}'])
def test_id_that_makes_no_sense_is_replaced(given):
    middleware = RequestMiddleware(lambda request: HttpResponse())

    made = middleware(RequestFactory().get("/", headers={"X-Request-ID": given}))["X-Request-ID"]

    assert made != given
    assert tracing.SANE.fullmatch(made)


@pytest.mark.django_db
def test_two_requests_have_two_ids(client):
    assert client.get("/robots.txt")["X-Request-ID"] != client.get("/robots.txt")["X-Request-ID"]


@pytest.mark.django_db
def test_line_of_an_error_has_the_id_of_its_request(client, lines):
    answer = client.get("/api/v2/pages/99999/", headers={"X-Request-ID": "the-missing-page"})

    assert answer.status_code == 404
    assert _line(lines, "django.request")["request_id"] == "the-missing-page"


@pytest.mark.django_db
def test_nothing_is_kept_for_the_next_one(client, lines):
    client.get("/robots.txt")
    logging.getLogger("after").info("Between requests")

    assert "request_id" not in _line(lines, "after")


@app.task(name="tests.say")
def say() -> None:
    """A task that nobody runs."""


def test_id_of_a_request_travels_with_the_message():
    # What the worker makes of it: test_processes.py.
    tracing.begin(RequestFactory().get("/", headers={"X-Request-ID": "uploaded-a-picture"}))
    with app.connection_for_write() as broker:
        queue = broker.SimpleQueue("tracing")
        say.apply_async(queue="tracing", connection=broker)
        tracing._forget()
        message = queue.get(timeout=60)
        message.ack()
    assert message.headers["request_id"] == "uploaded-a-picture"


@pytest.mark.django_db
def test_lines_of_work_have_job_and_asset(photo, lines):
    job = photo.jobs.get()

    jobs.run(job.pk)

    line = _line(lines, "media_library.jobs.run")
    assert (line["job_id"], line["asset_id"]) == (job.pk, photo.pk)
    logging.getLogger("after").info("Done")
    assert "job_id" not in _line(lines, "after")


def test_names_within_names_are_told_together(lines):
    with logged(job_id=1), logged(asset_id=2):
        logging.getLogger("within").info("Here")

    line = _line(lines, "within")
    assert (line["job_id"], line["asset_id"]) == (1, 2)


def test_error_has_its_traceback_in_one_line(lines):
    try:
        raise ValueError("no such thing")
    except ValueError:
        logging.getLogger("broken").exception("It broke")

    assert "ValueError: no such thing" in _line(lines, "broken")["exc_info"]


@pytest.mark.parametrize(
    ("said", "written"),
    [
        (
            "GET /api/v2/preview/?content_type=a&token=x:1y&b=2",
            "GET /api/v2/preview/?content_type=a&token=…&b=2",
        ),
        (
            "https://b.example/a?X-Amz-Signature=f00&b=9",
            "https://b.example/a?X-Amz-Signature=…&b=9",
        ),
        ("Error at redis://:hunter2@cache:6379/0", "Error at redis://…@cache:6379/0"),
        ("{'Authorization': 'Bearer wt_abcdefgh123'}", "{'Authorization': 'Bearer …'}"),
        ("/admin/password_reset/confirm/MQ/c8x-77/ 404", "/admin/password_reset/confirm/… 404"),
        (
            "A key=value pair, and http://example.org/a@b",
            "A key=value pair, and http://example.org/a@b",
        ),
    ],
)
def test_what_opens_doors_is_not_written(said, written):
    assert scrub(said) == written
