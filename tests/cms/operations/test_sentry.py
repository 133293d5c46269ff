"""Against a server of our own that takes what the SDK sends: envelopes, as Sentry's documentation has them."""

import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_hex

import brotli
import pytest
import sentry_sdk
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIHandler

from cms.operations import sentry, tracing
from media_library.log_context import logged


class FakeSentry(ThreadingHTTPServer):
    """Takes envelopes at ``/api/1/envelope/``: one JSON document a line, a header, then items with headers."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Ingestion)
        self.events: list[dict] = []
        self.dsn = f"http://publickey@127.0.0.1:{self.server_port}/1"


class Ingestion(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        unpack = {"gzip": gzip.decompress, "br": brotli.decompress}.get(self.headers.get("Content-Encoding"), bytes)
        body = unpack(body)
        assert self.path == "/api/1/envelope/"
        assert "sentry_key=publickey" in self.headers["X-Sentry-Auth"]
        lines = body.split(b"\n")
        for header, payload in zip(lines[1::2], lines[2::2], strict=False):
            if header and json.loads(header)["type"] in ("event", "transaction"):
                self.server.events.append(json.loads(payload))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *arguments):
        """Not into the output of the tests."""


@pytest.fixture
def fake_sentry():
    with FakeSentry() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        # No client at all: one without an address would go on reading requests of other tests.
        sentry_sdk.get_global_scope().set_client(None)
        server.shutdown()
        thread.join()


def _sent(server: FakeSentry) -> list[dict]:
    sentry_sdk.flush(timeout=60)
    return server.events


def test_error_arrives_with_environment_release_and_the_ids_of_its_lines(fake_sentry, rf):
    sentry.start(fake_sentry.dsn, "staging", "darkroom@1.2", 0.0)
    tracing.begin(rf.get("/", headers={"X-Request-ID": "the-broken-one"}))

    with logged(job_id=7, asset_id=12):
        try:
            raise ValueError("no such thing")
        except ValueError as error:
            sentry_sdk.capture_exception(error)
    tracing._forget()

    [event] = _sent(fake_sentry)
    assert (event["environment"], event["release"]) == ("staging", "darkroom@1.2")
    assert event["exception"]["values"][-1]["value"] == "no such thing"
    assert event["tags"] == {"request_id": "the-broken-one", "job_id": "7", "asset_id": "12"}


@pytest.mark.django_db
def test_error_of_a_request_holds_nothing_that_opens_doors(fake_sentry, admin_client, rf, monkeypatch):
    # Drawn here, since lines of code around an error are sent along.
    secret = token_hex(8)

    def broken(*args, **kwargs):
        raise RuntimeError(f"at https://example.org/?token={secret}")

    sentry.start(fake_sentry.dsn, "staging", "", 0.0)
    monkeypatch.setattr("blog.api.pages.PagesAPIViewSet.listing_view", broken)
    session = admin_client.cookies["sessionid"].value
    environ = rf._base_environ(
        PATH_INFO="/api/v2/pages/",
        QUERY_STRING=f"password={secret}",
        HTTP_AUTHORIZATION=f"Bearer {secret}",
        HTTP_X_PAGE_TOKEN=secret,
        HTTP_COOKIE=f"sessionid={session}",
    )
    # As gunicorn calls it: Django's test client goes past what the SDK hooks into.
    statuses: list[str] = []
    b"".join(WSGIHandler()(environ, lambda status, headers: statuses.append(status)))

    assert statuses == ["500 Internal Server Error"]
    event = next(one for one in _sent(fake_sentry) if one.get("exception"))
    assert event["request"]["url"].endswith("/api/v2/pages/")
    assert secret not in json.dumps(event)
    assert session not in json.dumps(event)
    assert "user" not in event


def test_nothing_is_sent_without_an_address(fake_sentry):
    sentry.start("", "staging", "", 1.0)

    sentry_sdk.capture_message("Is anybody there?")

    assert _sent(fake_sentry) == []


def test_address_that_is_none_is_told():
    with pytest.raises(ImproperlyConfigured, match="SENTRY_DSN"):
        sentry.start("https://sentry.example.org", "staging", "", 0.0)


def test_server_that_is_away_harms_nobody(fake_sentry, client, db):
    fake_sentry.server_close()
    sentry.start("http://publickey@127.0.0.1:1/1", "staging", "", 1.0)

    assert client.get("/health/").status_code == 200
    sentry_sdk.flush(timeout=1)
