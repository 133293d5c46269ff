"""Who published a page, and when: noted when it goes live, whichever door it goes through.

Wagtail's history tells of each time a change was published. These two tell of the page itself: they stay while it is
live, and no draft, older or newer, brings others back.
"""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone
from wagtail.actions.registry import ActionRegistry
from wagtail.actions.revert_to_page_revision import RevertToPageRevisionAction, RevertToPageRevisionPermissionError
from wagtail.models import Page, PageLogEntry, Revision

from media_library.admin.publishing.doors import PublishPageAction

PUBLICATION = ("published_by", "published_at")


class PublishAction(PublishPageAction):
    """Wagtail's, for its admin, workflows, schedules and API v3 alike; with no user, who scheduled it published it."""

    def execute(self, skip_permission_checks: bool = False) -> Any:
        page = self.object
        if hasattr(page, "published_at") and not is_waiting(page) and not is_live(page):
            page.published_by = self.user or scheduled_by(self.revision)
            page.published_at = timezone.now()
        return super().execute(skip_permission_checks=skip_permission_checks)


class RevertAction(RevertToPageRevisionAction):
    """Wagtail's, which asks for permission only: what is in review, scheduled or locked stays as it is."""

    def check(self, skip_permission_checks: bool = False) -> None:
        super().check(skip_permission_checks=skip_permission_checks)
        lock = self.instance.get_lock() if self.user and not skip_permission_checks else None
        if lock and lock.for_user(self.user):
            raise RevertToPageRevisionPermissionError("The page can't be changed, as it is locked.")


def register_actions(registry: ActionRegistry) -> None:
    for action in (PublishAction, RevertAction):
        registry.register(Page, action)


def is_waiting(page: Page) -> bool:
    """Whether publishing it schedules it."""
    return bool(page.go_live_at and page.go_live_at > timezone.now())


def is_live(page: Page) -> bool:
    """Whether a revision of it is live already; a new page is saved as live before its revision is."""
    return Page.objects.filter(pk=page.pk, live=True, live_revision__isnull=False).exists()


def scheduled_by(revision: Revision) -> AbstractBaseUser | None:
    """Who had this revision published later, or None if that was a program."""
    noted = PageLogEntry.objects.filter(page=int(revision.object_id), action="wagtail.publish.schedule")
    entry = noted.filter(revision=revision).select_related("user").order_by("-timestamp").first()
    return entry and entry.user


def note_copy(sender: type[Page], instance: Page, revision: Revision | None = None, **kwargs: Any) -> None:
    """On ``page_published``: a copy that is live at once comes past no action; an alias is as its source."""
    if not instance.live or getattr(instance, "published_at", True):
        return
    source = instance.alias_of and instance.alias_of.specific
    instance.published_at = source.published_at if source else timezone.now()
    instance.published_by_id = source.published_by_id if source else revision and revision.user_id
    values = {"published_at": instance.published_at, "published_by": instance.published_by_id}
    type(instance)._base_manager.filter(pk=instance.pk).update(**values)
