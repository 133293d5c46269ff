import pytest
from django.contrib.auth.models import Group
from wagtail.models import Collection

from blog.models import BlogIndexPage, PostPage
from cms.models import User
from media_library.models import CustomImage
from tests.blog.content import make_blog, make_image, make_post


@pytest.fixture
def blog(db: None) -> BlogIndexPage:
    return make_blog()


@pytest.fixture
def image(db: None) -> CustomImage:
    return make_image()


@pytest.fixture
def post(blog: BlogIndexPage) -> PostPage:
    """A published post without media."""
    return make_post(blog, 1)


@pytest.fixture
def harbour(root_collection: Collection) -> Collection:
    return root_collection.add_child(name="Harbour")


@pytest.fixture
def editor(db: None) -> User:
    """Somebody whose group may do nothing yet."""
    user = User.objects.create_user("edith", "edith@example.org", "a long password")
    user.groups.add(Group.objects.create(name="Desk"))
    return user
