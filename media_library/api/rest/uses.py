"""Which objects use an asset, and which assets an object uses."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import DraftStateMixin, Page, ReferenceIndex

from media_library.api.rest.auth import ANYONE
from media_library.api.rest.errors import not_found
from media_library.api.rest.filters import require_known
from media_library.api.rest.ids import MAX_ID
from media_library.api.rest.reading import find_asset, readable_assets, represent_assets
from media_library.api.rest.schemas import Usage, UsedAssets
from media_library.cache_tags import LISTS, record
from media_library.models import Asset, UnusedAsset
from media_library.usage import Field as FieldOfUse
from media_library.usage import Place, places, usage_counts
from media_library.usage.places import describe_field, may_see

router = Router(tags=["media"])

Use = tuple[FieldOfUse, int]
"""A field or block, and the id of the asset in it."""


class Places(Schema):
    limit: int = Field(100, ge=1, le=1000, description="Places at most; what is live comes first.")


class Version(Schema):
    draft: bool = Field(False, description="The latest draft, if you may see it, instead of what is live.")


@router.get(
    "/{int:asset_id}/usage/",
    response=Usage,
    operation_id="get_media_usage",
    summary="Get where an asset is used",
)
def get_media_usage(request: HttpRequest, asset_id: int, params: Query[Places]) -> dict[str, Any]:
    """Live, in latest drafts and in scheduled revisions, with the fields and blocks that hold it."""
    require_known(request, Places)
    asset = find_asset(request, asset_id)
    found = places(asset, request.user, params.limit)
    shown = [place for place in found if place.object is not None]
    return {
        "number": usage_counts([asset.pk])[asset.pk],
        "hidden": len(found) - len(shown),
        "last_used_at": _last_used(asset, found),
        "items": [_place(place) for place in shown],
    }


@router.get(
    "/for/{str:model}/{str:object_id}/",
    response=UsedAssets,
    auth=ANYONE,
    operation_id="list_media_for_object",
    summary="List the media that an object uses",
)
def list_media_for_object(request: HttpRequest, model: str, object_id: str, params: Query[Version]) -> dict[str, Any]:
    """In the order of its content, with the field or block that holds each. `model` as in `blog.PostPage`.

    Without a token, of public pages; with one, of whatever you may see in the admin.
    """
    require_known(request, Version)
    found = _content(request, _object(request, model, object_id), draft=params.draft)
    uses = list(_uses(found))
    record(*(f"{kind}-{asset_id}" for _field, asset_id in uses for kind in LISTS))
    readable = readable_assets(request).filter(pk__in={asset_id for _field, asset_id in uses})
    ids = list(readable.values_list("pk", flat=True))
    assets = {one["id"]: one for one in represent_assets(request, ids)}
    return {"items": [_field(field) | {"asset": assets[asset_id]} for field, asset_id in uses if asset_id in assets]}


def _last_used(asset: Asset, found: list[Place]) -> Any:
    if found:
        return max((place.since for place in found if place.since), default=None)
    return UnusedAsset.objects.filter(asset=asset.pk).values_list("since", flat=True).first()


def _place(place: Place) -> dict[str, Any]:
    found: Any = place.object
    return {
        "model": found._meta.label,
        "id": str(found.pk),
        "title": place.title,
        "kind": place.kind,
        "admin_url": place.edit_url,
        "state": place.state.value,
        "since": place.since,
        "goes_live_at": place.goes_live_at,
        "fields": [_field(field) for field in place.fields],
    }


def _field(field: FieldOfUse) -> dict[str, str]:
    return {"name": field.name, "role": field.model_path, "path": field.content_path}


def _object(request: HttpRequest, label: str, object_id: str) -> Model:
    """An object that may be read, or 404: whether there is another one is nobody's business."""
    try:
        model = apps.get_model(label)
        if not ReferenceIndex.model_is_indexable(model):
            raise not_found()
        key = model._meta.pk.to_python(object_id)
    except (LookupError, ValueError, ValidationError) as error:
        raise not_found() from error
    if isinstance(key, int) and not 0 < key <= MAX_ID:
        raise not_found()
    found = model._default_manager.filter(pk=key).first() if "\x00" not in object_id else None
    if issubclass(model, Page) and isinstance(key, int):
        record(f"page-{key}")
    if found is None or not (_is_public(request, found) or _may_see(request.user, found)):
        raise not_found()
    return found.specific if isinstance(found, Page) else found


def _content(request: HttpRequest, found: Model, *, draft: bool) -> Model:
    """The object as it is live, or its latest draft."""
    if not isinstance(found, DraftStateMixin) or (found.live and not draft):
        return found
    if not _may_see(request.user, found):
        raise not_found()
    return found.get_latest_revision_as_object()


def _is_public(request: HttpRequest, found: Model) -> bool:
    return (
        isinstance(found, Page)
        and found.live
        and all(restriction.accept_request(request) for restriction in found.get_view_restrictions())
    )


def _may_see(user: Any, found: Model) -> bool:
    if not user.is_authenticated:
        return False
    return AdminURLFinder(user).get_edit_url(found) is not None or may_see(user, found)


def _uses(found: Model) -> Iterator[Use]:
    """In the order of fields and blocks."""
    assets = ContentType.objects.get_for_model(Asset).pk
    for target, key, model_path, content_path in ReferenceIndex._extract_references_from_object(found):
        # The id in rich text is whatever stands there.
        if target == assets and key.isdecimal():
            reference = ReferenceIndex(
                content_type=ContentType.objects.get_for_model(found), model_path=model_path, content_path=content_path
            )
            yield describe_field(reference), int(key)
