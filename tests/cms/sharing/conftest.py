from collections.abc import Callable, Iterator

import pytest

from blog.models import BlogIndexPage, SharingAccount
from cms.sharing import secrets
from cms.sharing.tasks import send_posting_task
from tests.blog.content import make_blog
from tests.mastodon_server import TOKEN, Mastodon, mastodon


@pytest.fixture
def blog(db: None) -> BlogIndexPage:
    return make_blog()


@pytest.fixture
def server(settings) -> Iterator[Mastodon]:
    settings.WEBHOOK_ALLOWED_HOSTS = ["127.0.0.0/8"]
    with mastodon() as one:
        yield one


@pytest.fixture
def account(server: Mastodon, blog: BlogIndexPage) -> SharingAccount:
    return SharingAccount.objects.create(
        name="Darkroom", connector="mastodon", address=server.url, secret=secrets.lock(TOKEN)
    )


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The postings for which workers were sent for."""
    ids: list[int] = []
    monkeypatch.setattr(send_posting_task, "delay", ids.append)
    return ids


@pytest.fixture
def work(sent: list[int], django_capture_on_commit_callbacks) -> Callable[[Callable[[], object]], None]:
    """Do something, commit it, and let a worker do what it was sent for."""

    def run(change: Callable[[], object]) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            change()
        while sent:
            send_posting_task(sent.pop(0))

    return run
