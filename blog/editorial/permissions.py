"""Who may do what with which page. One answer, which the admin, API v3 and Wagtail's actions all ask for.

Wagtail's permission to *add* pages lets somebody edit whatever is theirs, published or not, and see the drafts of all.
Here, whoever may only add pages is a *writer*: their own drafts are theirs to edit, delete and submit for review; what
is published they may look at. Whoever may also edit, publish, lock or delete in bulk sees all there is.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from wagtail.models import AbstractPage, Page, PagePermissionTester, Revision
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import register_permission_policy

User = AbstractBaseUser | AnonymousUser

SEE_ALL = frozenset({"change", "publish", "lock", "unlock", "bulk_delete"})
"""Each of these shows its holder the drafts of others."""


class EditorialPolicy(PagePermissionPolicy):
    """By place in the tree, as Wagtail's; owners may change their drafts, and nothing that is published."""

    def user_has_any_permission_for_instance(self, user: User, actions: Iterable[str], instance: Page) -> bool:
        if not user.is_active or user.is_superuser:
            return user.is_active
        given = {action for action, path in self._grants(user) if instance.path.startswith(path)}
        if "add" in given and instance.owner_id == user.pk and not instance.live:
            given.add("change")
        return bool(given & set(actions))

    def instances_user_has_any_permission_for(self, user: User, actions: Iterable[str]) -> QuerySet:
        pages = self.model._default_manager
        if not user.is_active or user.is_superuser:
            return pages.all() if user.is_active else pages.none()
        return pages.filter(self._within(user, set(actions)))

    def users_with_any_permission_for_instance(
        self, actions: Iterable[str], instance: Page, include_superusers: bool = True
    ) -> QuerySet:
        users = super().users_with_any_permission_for_instance(actions, instance, include_superusers)
        if instance.owner and not self.user_has_any_permission_for_instance(instance.owner, actions, instance):
            users = users.exclude(pk=instance.owner_id)
        return users

    def explorable_instances(self, user: User) -> QuerySet:
        pages = super().explorable_instances(user)
        if not user.is_active or user.is_superuser:
            return pages
        # Where somebody may do something they must get to, though it's the draft of a section.
        step = self.model.steplen
        way = {path[:end] for _action, path in self._grants(user) for end in range(step, len(path) + 1, step)}
        return pages.filter(Q(live=True) | Q(owner=user.pk) | Q(path__in=way) | self._within(user, SEE_ALL))

    def sees(self, user: User, page: Page) -> bool:
        """Whether this page may be shown to the user in the admin, with its title."""
        if self.explorable_instances(user).filter(pk=page.pk).exists():
            return True
        task = page.specific_deferred.current_workflow_task
        return bool(task and task.user_can_access_editor(page, user))

    def sees_everything(self, user: User) -> bool:
        """Whether the user sees the drafts of others anywhere, and not only their own."""
        return user.is_active and (user.is_superuser or any(action in SEE_ALL for action, _path in self._grants(user)))

    def _grants(self, user: User) -> list[tuple[str, str]]:
        """What the user was given, and the path of the page from which on: ``("publish", "00010002")``."""
        given = self.get_cached_permissions_for_user(user)
        return [(one.permission.codename.rsplit("_", maxsplit=1)[0], one.page.path) for one in given]

    def _within(self, user: User, actions: Iterable[str]) -> Q:
        found = Q(pk__in=[])
        for action, path in self._grants(user):
            if action in actions:
                found |= Q(path__startswith=path)
            elif action == "add" and "change" in actions:
                found |= Q(path__startswith=path, owner=user.pk, live=False)
        return found


class EditorialPermissionTester(PagePermissionTester):
    """What a user may do with one page, as ``EditorialPolicy`` has it."""

    permissions: set[str] | frozenset[str] = frozenset()

    def can_edit(self) -> bool:
        if self.page_is_root:
            return False
        if self.permission_policy.user_has_permission_for_instance(self.user, "change", self.page):
            return True
        task = self.page.current_workflow_task
        return bool(self.user.is_active and task and task.user_can_access_editor(self.page, self.user))

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        if not super().can_delete(ignore_bulk):
            return False
        # What an editor has approved for a date is not the writer's draft any more.
        return self._decides() or not self._holds_scheduled()

    def can_submit_for_moderation(self) -> bool:
        return self.can_edit() and super().can_submit_for_moderation()

    def can_view_revisions(self) -> bool:
        return super().can_view_revisions() and (self.can_edit() or self.can_publish())

    def _decides(self) -> bool:
        return self.user.is_superuser or bool(self.permissions & {"change", "publish"})

    def _holds_scheduled(self) -> bool:
        pages = self.page.get_descendants(inclusive=True).values_list("pk", flat=True)
        scheduled = Revision.page_revisions.filter(approved_go_live_at__isnull=False)
        return scheduled.filter(object_id__in=[str(pk) for pk in pages]).exists()


def register_policy() -> None:
    """In place of Wagtail's own, for every type of page."""
    register_permission_policy(AbstractPage, EditorialPolicy())


def page_policy() -> Any:
    """The policy that is asked about pages."""
    from wagtail.permissions import policy_registry

    return policy_registry.get_by_type(Page)
