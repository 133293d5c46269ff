from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from blog.api import experiments
from blog.experiments import counting
from blog.models import BlogIndexPage, Experiment, PostPage
from media_library.models import CustomImage
from media_library.statistics.buffer import Buffer
from media_library.statistics.throttle import Throttle
from tests.blog.content import make_image, make_post


@pytest.fixture(autouse=True)
def _own_counts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No timer of one test writes into the next one's database."""
    monkeypatch.setattr(Buffer, "_schedule", lambda self, soon=False: None)
    monkeypatch.setattr(experiments, "_throttle", Throttle())
    counting.buffer.clear()
    yield
    counting.buffer.clear()


@pytest.fixture
def boats(db: None) -> CustomImage:
    return make_image("Boats")


@pytest.fixture
def gulls(db: None) -> CustomImage:
    return make_image("Gulls", size=60)


@pytest.fixture
def post(blog: BlogIndexPage, boats: CustomImage) -> PostPage:
    return make_post(blog, 1, featured_image=boats)


@pytest.fixture
def begin(post: PostPage, boats: CustomImage, gulls: CustomImage) -> Callable[..., Experiment]:
    """An experiment on the post that began an hour ago, unless it is said otherwise."""

    def make(**values: object) -> Experiment:
        defaults = {
            "name": "Boats or gulls",
            "post": post,
            "variant_a": boats,
            "variant_b": gulls,
            "starts_at": timezone.now() - timedelta(hours=1),
        }
        return Experiment.objects.create(**defaults | values)

    return make
