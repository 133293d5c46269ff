import pytest

from cms.models import User
from tests.blog.staff import hire


@pytest.fixture
def writer(db: None) -> User:
    return hire("Writer")


@pytest.fixture
def editor(db: None) -> User:
    return hire("Editor")


@pytest.fixture
def admin(db: None) -> User:
    """Somebody in the group of admins, and no superuser."""
    return hire("Admin")
