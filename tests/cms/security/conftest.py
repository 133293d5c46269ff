import pytest

from blog.models import BlogIndexPage
from tests.blog.content import make_blog


@pytest.fixture
def blog(db: None) -> BlogIndexPage:
    return make_blog()
