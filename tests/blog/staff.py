"""People of a newsroom, each in one of the groups that the migration makes."""

from django.contrib.auth.models import Group

from blog.models import BlogIndexPage, PostPage
from cms.models import User
from tests.blog.content import make_post


def hire(role: str, username: str = "") -> User:
    """A new user in the group "Writer", "Editor" or "Admin"."""
    name = username or role.lower()
    user = User.objects.create_user(name, f"{name}@example.org", "a long password")
    user.groups.add(Group.objects.get(name=role))
    return user


def make_draft(blog: BlogIndexPage, owner: User | None, number: int = 1, **values: object) -> PostPage:
    """A post that was never published, with one revision of its owner's."""
    post = make_post(blog, number, **{"owner": owner, "live": False} | values)
    post.save_revision(user=owner)
    return PostPage.objects.get(pk=post.pk)


def make_published(blog: BlogIndexPage, owner: User | None, number: int = 1, **values: object) -> PostPage:
    post = make_draft(blog, owner, number, **values)
    post.latest_revision.publish()
    return PostPage.objects.get(pk=post.pk)
