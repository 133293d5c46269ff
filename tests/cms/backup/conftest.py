from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import connection, transaction

from blog.models import PostPage
from cms.backup.contents import tables
from cms.backup.loading import empty
from media_library.models import CustomDocument
from tests.blog.content import make_blog, make_category, make_image, make_person, make_post
from tests.media_library.storage.conftest import s3_keys, s3_server

__all__ = ["s3_keys", "s3_server"]


@pytest.fixture
def site(transactional_db: None) -> Iterator[PostPage]:
    """A small site: a post with a picture, an author, a category and tags, published, and drafted once more."""
    image = make_image("Harbour", size=320)
    image.tags.add("sea")
    CustomDocument(title="Prices", file=ContentFile(b"%PDF-1.4\n%%EOF\n", name="prices.pdf")).save()
    author, category = make_person(portrait=image), make_category()
    post = make_post(make_blog(), 1, featured_image=image, author=author, category=category, tags=("sea",))
    post.title = "A draft 🦭"
    post.save_revision()
    yield post
    # A restore forgets them, and what is loaded before the next test must not make them anew.
    ContentType.objects.get_for_models(*apps.get_models(), for_concrete_models=False)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "place"


@pytest.fixture
def wipe() -> Callable[[], None]:
    """Leave nothing of a site but its tables."""

    def empty_all() -> None:
        with transaction.atomic():
            empty(connection, tables())

    return empty_all
