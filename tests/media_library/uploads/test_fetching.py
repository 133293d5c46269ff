"""Importing from addresses, against real servers on this machine."""

import ipaddress
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client, override_settings
from wagtail.models import Collection

from cms.models import User
from media_library.exceptions import ImportFailed
from media_library.models import Asset, CustomImage, UploadSession
from media_library.tasks import import_upload_task, tend_uploads_task
from media_library.uploads import fetching, parts, sessions
from media_library.uploads.addresses import is_allowed, resolve
from tests.media import photo_bytes
from tests.tus import post

IMPORT = "/admin/media/uploads/import/"
PHOTO = photo_bytes(80, 60)

Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def serving(answers: dict[str, Answer]) -> Iterator[str]:
    """A server whose paths answer by functions; yields its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with_suppressed(answers[self.path.partition("?")[0]], self)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def with_suppressed(answer: Answer, request: BaseHTTPRequestHandler) -> None:
    try:
        answer(request)
    except OSError:
        # Whoever asked has hung up.
        return


def file(data: bytes, length: int | None = None, **headers: str) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("Content-Length", str(len(data) if length is None else length))
        request.end_headers()
        request.wfile.write(data)

    return answer


def redirect(to: str) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(302)
        request.send_header("Location", to)
        request.end_headers()

    return answer


def status(code: int) -> Answer:
    return lambda request: request.send_error(code)


def allowing(**changes: Any):
    """With this machine being one that may be asked, and these settings."""
    return override_settings(
        MEDIA_LIBRARY={**django_settings.MEDIA_LIBRARY, "IMPORT_ALLOWED_HOSTS": ["127.0.0.0/8"], **changes}
    )


def bring(user: User, url: str) -> UploadSession:
    session = fetching.begin(user, url)
    import_upload_task(str(session.pk))
    session.refresh_from_db()
    return session


@pytest.fixture
def import_from(admin_user: User) -> Callable[[Answer], UploadSession]:
    def run(answer: Answer, path: str = "/harbour.jpg") -> UploadSession:
        with serving({path: answer}) as address, allowing():
            return bring(admin_user, address + path)

    return run


def test_picture_at_an_address_comes_into_the_library(admin_user: User, import_from):
    session = import_from(file(PHOTO))

    image = CustomImage.objects.get()
    assert (session.state, session.asset_id, session.size) == ("finished", image.pk, len(PHOTO))
    assert (image.filename, image.title, image.uploaded_by_user) == ("harbour.jpg", "harbour", admin_user)
    assert image.file.open().read() == PHOTO


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('attachment; filename="quay.jpg"', "quay.jpg"),
        ("attachment; filename*=UTF-8''R%C3%BCgen.jpg", "Rügen.jpg"),
        ('attachment; filename="../../quay.jpg"', "quay.jpg"),
        ("attachment", "harbour.jpg"),
        ('attachment; filename="', "harbour.jpg"),
    ],
)
def test_name_is_the_one_that_the_server_gives(import_from, header: str, name: str):
    import_from(file(PHOTO, Content_Disposition=header))

    assert CustomImage.objects.get().filename == name


def test_name_in_the_path_is_read_as_people_write_it(import_from):
    session = import_from(file(PHOTO), path="/Segel%20am%20Abend.jpg")

    assert session.filename == "Segel am Abend.jpg"


def test_import_follows_redirects(admin_user: User):
    answers = {"/a": redirect("/b"), "/b": redirect("/c/harbour.jpg"), "/c/harbour.jpg": file(PHOTO)}
    with serving(answers) as address, allowing():
        session = bring(admin_user, f"{address}/a")

    assert (session.state, session.filename) == ("finished", "harbour.jpg")


def test_file_is_judged_like_any_other(import_from):
    session = import_from(file(PHOTO[:1000]))

    assert session.state == "refused"
    assert "damaged or cut off" in session.reason
    assert not Asset.objects.exists()


# What may not be asked


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2001:db8::1",
    ],
)
def test_address_inside_is_none_to_ask(address: str):
    assert not is_allowed(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822", "2002:5db8:d822::"])
def test_address_of_the_public_web_may_be_asked(address: str):
    assert is_allowed(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://example.org/a.jpg", "no address of a file on the web"),
        ("file:///etc/passwd", "no address of a file on the web"),
        ("harbour.jpg", "no address of a file on the web"),
        ("http://", "no address of a file on the web"),
        ("https://example.org:99999/a.jpg", "no address of a file on the web"),
        ("https://[::1/a.jpg", "no address of a file on the web"),
        ("https://example.org/a\nHost: inside", "no address of a file on the web"),
        ("https://" + "a" * 2000, "no address of a file on the web"),
        ("https://example.org/a b.jpg", "no address of a file on the web"),
        ("https://example.org/\ud800.jpg", "no address of a file on the web"),
        ("https://ada:secret@example.org/a.jpg", "user name or a password"),
    ],
)
def test_what_is_no_address_is_refused_in_words(admin_client: Client, url: str, reason: str):
    answer = post(admin_client, IMPORT, url=url)

    assert answer.status_code == 422
    assert reason in answer.json()["message"]
    assert not UploadSession.objects.exists()


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "0", "2130706433", "0x7f.1"]
)
def test_own_network_is_not_asked(admin_user: User, host: str):
    session = bring(admin_user, f"http://{host}:9/a.jpg")

    assert session.state == "receiving"
    assert "private network" in session.reason or "no server named" in session.reason


def test_redirect_into_the_own_network_is_not_followed(admin_user: User):
    asked = []
    with serving({"/secret.jpg": lambda request: asked.append(request.path)}) as inside:
        port = inside.rpartition(":")[2]
        outside = serving({"/a.jpg": redirect(f"http://127.0.0.2:{port}/secret.jpg")})
        with outside as address, allowing(IMPORT_ALLOWED_HOSTS=["127.0.0.1/32"]):
            session = bring(admin_user, f"{address}/a.jpg")

    assert "private network" in session.reason
    assert asked == []


def test_name_with_one_address_inside_is_not_asked(monkeypatch: pytest.MonkeyPatch):
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 80)) for one in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: both)

    with pytest.raises(ImportFailed, match="private network"):
        resolve("http://example.org/a.jpg")


def test_connection_goes_to_the_address_that_was_checked(admin_user: User, monkeypatch: pytest.MonkeyPatch):
    """A name that means another address a moment later (DNS rebinding) is asked for once only."""
    real, asked = socket.getaddrinfo, []

    def look_up(host: str, *args: Any, **kwargs: Any) -> Any:
        if host == "rebinding.test":
            asked.append(host)
            host = "127.0.0.1"
        return real(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    hosts = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        hosts.append(request.headers["Host"])
        file(PHOTO)(request)

    with serving({"/harbour.jpg": answer}) as address, allowing():
        port = address.rpartition(":")[2]
        session = bring(admin_user, f"http://rebinding.test:{port}/harbour.jpg")

    assert session.state == "finished"
    assert asked == ["rebinding.test"]
    assert hosts == [f"rebinding.test:{port}"]


# What goes wrong


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (status(404), "no file at this address (404)"),
        (status(403), "without a login (403)"),
        (status(500), "refuses with status 500"),
        (redirect("/harbour.jpg"), "again and again"),
        (file(b""), "empty"),
        (file(PHOTO[:500], length=len(PHOTO)), "broke off in the middle"),
        (lambda request: request.wfile.write(b"not http at all\r\n\r\n"), "doesn't answer as it should"),
        (lambda request: None, "doesn't answer as it should"),
    ],
)
def test_what_goes_wrong_is_told_and_can_be_tried_again(import_from, answer: Answer, reason: str):
    session = import_from(answer)

    assert session.state == "receiving"
    assert reason in session.reason
    assert not Asset.objects.exists()

    fetching.try_again(session)
    assert fetching.is_due(session)


def test_import_with_details_that_make_no_sense_is_kept_and_taken_in_when_they_are_right(admin_user: User):
    Collection.get_first_root_node().add_child(name="Boats")
    times = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        times.append(1)
        file(PHOTO)(request)

    with serving({"/harbour.jpg": answer}) as address, allowing():
        session = fetching.begin(admin_user, f"{address}/harbour.jpg", {"collection": "nonsense"})
        import_upload_task(str(session.pk))
        session.refresh_from_db()
        assert (session.state, session.reason != "") == ("received", True)
        sessions.amend(session, {"collection": str(Collection.objects.get(name="Boats").pk)})
        fetching.try_again(session)
        import_upload_task(str(session.pk))

    assert CustomImage.objects.get().collection.name == "Boats"
    assert len(times) == 1


@pytest.mark.parametrize("announced", [True, False])
def test_file_that_is_too_large_is_refused_while_it_comes(admin_user: User, announced: bool, settings: Any):
    sent = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        if announced:
            request.send_header("Content-Length", str(10**12))
        request.end_headers()
        for _block in range(1000):
            request.wfile.write(b"x" * 10_000)
            sent.append(10_000)

    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 100_000
    limits = dict.fromkeys(("MAX_VIDEO_BYTES", "MAX_AUDIO_BYTES", "MAX_DOCUMENT_BYTES"), 100_000)
    with serving({"/large.bin": answer}) as address, allowing(**limits):
        session = bring(admin_user, f"{address}/large.bin")

    assert session.state == "refused"
    assert "too large" in session.reason
    assert sum(sent) < 10_000_000
    assert parts.length(session.pk) == 0


@pytest.mark.parametrize("drip", [b"HTTP/1.0 200 OK\r\nX: ", b"HTTP/1.0 200 OK\r\nContent-Length: 100000\r\n\r\n"])
def test_server_that_sends_byte_by_byte_is_left_at_the_limit(admin_user: User, drip: bytes):
    is_left = threading.Event()

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(drip)
        # A minute of it.
        for _byte in range(1200):
            if is_left.wait(0.05):
                return
            request.wfile.write(b"x")
            request.wfile.flush()
        is_left.set()

    with serving({"/slow.jpg": answer}) as address:
        with allowing(IMPORT_SECONDS=0.4):
            session = bring(admin_user, f"{address}/slow.jpg")
        was_waited_for = is_left.is_set()
        is_left.set()

    assert "too slow" in session.reason
    assert not was_waited_for


def test_server_that_says_nothing_is_left(admin_user: User):
    silence = threading.Event()
    with serving({"/a.jpg": lambda request: silence.wait(60) and None}) as address:
        with allowing(IMPORT_READ_SECONDS=0.2):
            session = bring(admin_user, f"{address}/a.jpg")
        silence.set()

    assert "too slow" in session.reason


def test_import_that_nothing_was_heard_of_is_sent_again(admin_user: User, monkeypatch: pytest.MonkeyPatch):
    sent: list[str] = []
    monkeypatch.setattr(import_upload_task, "delay", sent.append)
    lost = fetching.begin(admin_user, "https://example.org/lost.jpg")
    fetching.begin(admin_user, "https://example.org/fresh.jpg")
    UploadSession.objects.filter(pk=lost.pk).update(updated_at="2020-01-01T00:00Z")

    tend_uploads_task()

    assert sent == [str(lost.pk)]


def test_import_is_given_to_a_worker(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks
):
    sent: list[str] = []
    monkeypatch.setattr(import_upload_task, "delay", sent.append)

    with django_capture_on_commit_callbacks(execute=True):
        answer = post(admin_client, IMPORT, url=" https://example.org/harbour.jpg?size=large ", title="Quay")

    session = UploadSession.objects.get()
    assert answer.status_code == 201
    assert answer.json()["isImport"] is True
    assert (session.filename, session.details) == ("harbour.jpg", {"title": "Quay"})
    assert sent == [str(session.pk)]
