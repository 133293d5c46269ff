"""Who may change a file that is shown without a right to it is written to, once."""

from datetime import timedelta
from smtplib import SMTPException

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupCollectionPermission, ModelLogEntry
from wagtail.users.models import UserProfile

from cms.models import User
from media_library.housekeeping import letters
from media_library.housekeeping.ended_rights import LOG_TOLD
from media_library.models import Asset, CustomImage
from media_library.tasks import tell_of_ended_rights_task
from tests.blog.content import make_blog, make_image, make_person, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def administrator(admin_user: User) -> User:
    User.objects.filter(pk=admin_user.pk).update(email="chief@example.org")
    return admin_user


def end(image: CustomImage) -> CustomImage:
    """The right to it ended yesterday."""
    Asset.objects.filter(pk=image.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    return image


@pytest.fixture
def ended() -> CustomImage:
    """A picture on a live page, whose right ended yesterday; beside one without an end."""
    image, blog = make_image("Harbour"), make_blog()
    make_post(blog, 1, featured_image=make_image("Quay"))
    make_post(blog, 2, featured_image=image)
    return end(image)


def told() -> list[str]:
    tell_of_ended_rights_task()
    addresses = sorted(address for message in mail.outbox for address in message.to)
    mail.outbox.clear()
    return addresses


def test_letter_names_the_file_and_the_places_with_links(ended):
    tell_of_ended_rights_task()

    (message,) = mail.outbox
    assert message.subject == "The right to a file that is shown has ended"
    assert "“Harbour”, until" in message.body
    assert reverse("wagtailimages:edit", args=[ended.pk]) in message.body
    assert "- Post 2 (Post): http" in message.body
    assert "Quay" not in message.body
    assert ModelLogEntry.objects.get(action=LOG_TOLD).object_id == str(ended.pk)


def test_nobody_is_told_twice_unless_the_right_ends_again(ended):
    assert told() == ["chief@example.org"]
    assert told() == []

    ModelLogEntry.objects.filter(action=LOG_TOLD).update(timestamp=timezone.now() - timedelta(days=9))
    assert told() == ["chief@example.org"]


@pytest.mark.parametrize(("permission", "is_told"), [("change_image", True), ("choose_image", False)])
def test_only_who_may_change_it_is_told(ended, permission, is_told):
    group = Group.objects.create(name="Harbour")
    permitted = Permission.objects.get(content_type__app_label="wagtailimages", codename=permission)
    GroupCollectionPermission.objects.create(group=group, collection=ended.collection, permission=permitted)
    user = User.objects.create_user("edith", "edith@example.org", "a long password")
    user.groups.add(group)

    assert ("edith@example.org" in told()) == is_told


def test_who_wants_no_mail_of_wagtails_gets_none(ended, administrator, settings):
    profile = UserProfile.get_for_user(administrator)
    for name in ("submitted", "approved", "rejected", "updated_comments"):
        setattr(profile, f"{name}_notifications", False)
    profile.save()
    assert told() == []

    UserProfile.objects.update(rejected_notifications=True)
    settings.WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
    assert told() == []
    settings.WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = True
    assert told() == ["chief@example.org"]


def test_what_nothing_live_shows_is_told_to_nobody():
    ended = end(make_image("Harbour"))
    make_post(make_blog(), 1, live=False, featured_image=ended)
    assert told() == []

    make_person(portrait=ended)
    assert told() == ["chief@example.org"]


def test_mail_that_fails_is_sent_the_next_day(ended, monkeypatch):
    with monkeypatch.context() as broken:

        def fail(*args: object) -> None:
            raise SMTPException("away")

        broken.setattr(letters, "send_mail", fail)
        assert told() == []

    assert told() == ["chief@example.org"]
