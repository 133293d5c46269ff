from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.permissions import register_permission_policy

from blog.editorial.permissions import User, page_policy
from blog.models import Experiment


class ExperimentPolicy(BasePermissionPolicy):
    """Whoever may publish a post may experiment on it. There is nothing to be granted besides."""

    def user_has_permission(self, user: User, action: str) -> bool:
        return page_policy().user_has_permission(user, "publish")

    def user_has_any_permission(self, user: User, actions: Iterable[str]) -> bool:
        return self.user_has_permission(user, "publish")

    def user_has_permission_for_instance(self, user: User, action: str, instance: Experiment) -> bool:
        return page_policy().user_has_permission_for_instance(user, "publish", instance.post)

    def user_has_any_permission_for_instance(self, user: User, actions: Iterable[str], instance: Experiment) -> bool:
        return self.user_has_permission_for_instance(user, "publish", instance)

    def instances_user_has_any_permission_for(self, user: User, actions: Iterable[str]) -> QuerySet[Experiment]:
        posts = page_policy().instances_user_has_permission_for(user, "publish")
        return Experiment.objects.filter(post__in=posts.values("pk"))

    def users_with_any_permission(self, actions: Iterable[str]) -> Any:
        return page_policy().users_with_permission("publish")


def register() -> None:
    register_permission_policy(Experiment, ExperimentPolicy(Experiment))
