"""Tags for bulk actions: ``{% load media_library_bulk %}``."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from wagtail.permissions import policy_registry

from media_library.admin.bulk.wording import WORDINGS
from media_library.admin.permissions import KINDS
from media_library.bulk import ACTIONS
from media_library.models import BulkOperation, MediaCollection

register = template.Library()

Action = BulkOperation.Action

FIRST = (Action.MOVE, Action.TAG, Action.TEXTS, Action.DELETE)
"""Actions that have a button of their own; the others are in a menu."""


@register.simple_tag(takes_context=True)
def bulk_actions(context: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """``{% bulk_actions as actions %}``: what the selection bar offers to this user."""
    user = context["request"].user
    offered = [action for action in WORDINGS if action != Action.RESTORE and _may_anywhere(user, action)]
    return {
        "buttons": [_describe(action) for action in offered if action in FIRST],
        "menu": [_describe(action) for action in offered if action not in FIRST],
    }


def _may_anywhere(user: Any, action: str) -> bool:
    if action == Action.COLLECT:
        return policy_registry.get_by_type(MediaCollection).user_has_any_permission(user, {"add", "change"})
    permission = ACTIONS[action].permission if action in ACTIONS else "change"
    return any(policy_registry.get_by_type(model).user_has_permission(user, permission) for model in KINDS)


def _describe(action: str) -> dict[str, str | Promise | bool]:
    wording = WORDINGS[action]
    is_table = action == Action.TEXTS
    return {
        "label": wording.button,
        "icon": wording.icon,
        "title": wording.title,
        "is_table": is_table,
        "is_serious": wording.is_serious,
        "url": reverse("media_library_bulk_texts") if is_table else reverse("media_library_bulk", args=(action,)),
    }
