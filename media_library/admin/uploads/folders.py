"""Folders that are dropped may become collections."""

import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.log_actions import log
from wagtail.models import Collection
from wagtail.permissions import policy_registry

from media_library.admin.uploads.doors import collections_for
from media_library.uploads.names import storable

MAX_FOLDERS = 500
MAX_DEPTH = 20


@require_POST
def make_folders(request: HttpRequest) -> JsonResponse:
    """``{"parent": "3", "folders": ["Regatta/Day 1", "Regatta/Day 2"]}`` becomes collections below the third.

    Answers ``{"collections": {"Regatta/Day 1": "12", "Regatta/Day 2": "13"}}``. A collection of the same name that is
    there already is the one. 422 with a ``message`` where that makes no sense, 403 for who may not add collections.
    """
    try:
        parent, folders = _read(request)
    except ValueError as error:
        return JsonResponse({"message": str(error)}, status=422)
    policy = policy_registry.get_by_type(Collection)
    if not policy.instances_user_has_permission_for(request.user, "add").filter(pk=parent.pk).exists():
        raise PermissionDenied
    with transaction.atomic():
        # Two windows that are given the same folder at once make it once.
        Collection.objects.select_for_update().get(pk=parent.pk)
        made = {folder: str(_make(parent, folder.split("/"), request.user).pk) for folder in folders}
    return JsonResponse({"collections": made})


def _read(request: HttpRequest) -> tuple[Collection, list[str]]:
    problem = _(
        "These folders can't become collections. Choose another collection, or drop the files without folders."
    )
    try:
        data = json.loads(request.body)
        parent = collections_for(request.user).get(pk=int(data["parent"]))
        folders = data["folders"]
    except (ValueError, TypeError, KeyError, OverflowError, Collection.DoesNotExist) as error:
        raise ValueError(problem) from error
    sound = isinstance(folders, list) and len(folders) <= MAX_FOLDERS and all(_is_folder(one) for one in folders)
    if not sound:
        raise ValueError(problem)
    return parent, folders


def _is_folder(path: object) -> bool:
    names = path.split("/") if isinstance(path, str) else []
    return 0 < len(names) <= MAX_DEPTH and all(name.strip() and storable(name) == name for name in names)


def _make(parent: Collection, names: list[str], user: Any) -> Collection:
    longest = Collection._meta.get_field("name").max_length or 255
    for name in names:
        name = name.strip()[:longest]
        # Not its own children: treebeard remembers how many there were.
        child = Collection.objects.child_of(parent).filter(name=name).first()
        if child is None:
            child = Collection.objects.get(pk=parent.pk).add_child(name=name)
            log(instance=child, action="wagtail.create", user=user)
        parent = child
    return parent
