"""What editors read of media that stand against publishing."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from wagtail.admin.admin_url_finder import AdminURLFinder

from media_library.admin.permissions import changeable_assets, visible_assets
from media_library.models import WaitingPublication
from media_library.publishing import FAILED, UNFINISHED, Concern, only_unfinished
from media_library.publishing.waiting import State, progress

User = AbstractBaseUser | AnonymousUser


def concerns_notice(instance: Model | None, found: Iterable[Concern], user: User, told: str) -> SafeString:
    """A sentence and a list of what is to be said: each leads to its asset, and to its places in the object.

    None is named that the user may not see. Media that are at work show how far they are; one that has failed can be
    tried again by whoever may change it.
    """
    found = list(found)
    ids = [one.asset.pk for one in found]
    visible = set(visible_assets(user).filter(pk__in=ids).values_list("pk", flat=True))
    changeable = set(changeable_assets(user).filter(pk__in=ids).values_list("pk", flat=True))
    finder = AdminURLFinder(user)
    edit_url = finder.get_edit_url(instance) if instance is not None else None
    rows: list[dict[str, Any]] = [
        {
            "concern": one,
            "url": finder.get_edit_url(one.asset),
            "snippet_url": finder.get_edit_url(one.snippet) if one.snippet is not None else None,
            "at_work": one.code in (UNFINISHED, FAILED),
            "may_retry": one.code == FAILED and one.asset.pk in changeable,
        }
        for one in found
        if one.asset.pk in visible
    ]
    hidden = any(one.blocks for one in found if one.asset.pk not in visible)
    context = {"told": told, "rows": rows, "hidden": hidden, "edit_url": edit_url}
    return render_to_string("media_library/publishing/concerns.html", context)


def refusal_notice(instance: Model, found: Iterable[Concern], told: str) -> SafeString:
    """A sentence, and the offer to publish when ready where nothing but time stands against it."""
    url = address("media_library_publish_when_ready", instance) if only_unfinished(found) else ""
    return render_to_string("media_library/publishing/refusal.html", {"told": told, "url": url})


def waiting_notice(instance: Model, waiting: WaitingPublication) -> SafeString:
    """What waits to be published, for how many media, and a way to stop it."""
    context = describe(waiting) | {
        "waiting": waiting,
        "progress_url": address("media_library_publishing_progress", instance),
        "cancel_url": address("media_library_cancel_publishing", instance),
    }
    return render_to_string("media_library/publishing/waiting.html", context)


def describe(waiting: WaitingPublication) -> dict[str, Any]:
    """How far it is: ``{"state": "waiting", "unfinished": 2, "media": 5, "reason": ""}``."""
    unfinished, media = progress(waiting) if waiting.state == State.WAITING else (0, waiting.assets.count())
    return {"state": str(waiting.state), "unfinished": unfinished, "media": media, "reason": waiting.reason}


def address(name: str, instance: Model) -> str:
    """Of a view about an object of any kind."""
    return reverse(name, args=[ContentType.objects.get_for_model(instance).pk, instance.pk])
