import pytest
from pytest_django.fixtures import Settings

from blog.models import BlogIndexPage
from tests.blog.content import make_blog


@pytest.fixture(autouse=True)
def _as_operators_have_it(settings: Settings) -> None:
    """Tests of other things do without these checks (cms/settings/test.py)."""
    settings.MEDIA_LIBRARY = {
        key: value for key, value in settings.MEDIA_LIBRARY.items() if key != "PUBLISHING_CHECKS"
    }


@pytest.fixture
def blog(db: None) -> BlogIndexPage:
    return make_blog()
