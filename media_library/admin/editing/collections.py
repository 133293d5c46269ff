"""How the pictures of a collection are treated: one page for each collection, saved or not."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.admin_url_finder import ModelAdminURLFinder
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.log_actions import log
from wagtail.models import Collection
from wagtail.permissions import policy_registry

from media_library.admin.editing.forms import CollectionSettingsForm
from media_library.models import CollectionSettings

TITLE = gettext_lazy("Collection settings")
ICON = "folder-open-1"
INDEX, EDIT = "media_library_collections", "media_library_edit_collection"


def _settings_of(collection: Collection) -> CollectionSettings:
    return getattr(collection, "media_settings", None) or CollectionSettings(collection=collection)


def _describe_watermark(collection: Collection) -> str:
    settings = _settings_of(collection)
    if settings.watermark_image:
        return settings.watermark_image.title
    return f"“{settings.watermark_text}”" if settings.watermark_text else _("None")


def _describe_location(collection: Collection) -> str:
    return _("Kept") if _settings_of(collection).keep_location else _("Not kept")


class CollectionSettingsIndexView(generic.IndexView):
    """Every collection that the user may change, whether it has settings of its own or not."""

    model = Collection
    page_title = TITLE
    header_icon = ICON
    index_url_name = INDEX
    edit_url_name = EDIT
    any_permission_required = ["change"]
    default_ordering = "path"
    columns = [
        TitleColumn("name", label=gettext_lazy("Collection"), accessor="get_indented_name", url_name=EDIT),
        Column("watermark", label=gettext_lazy("Watermark"), accessor=_describe_watermark),
        Column("location", label=gettext_lazy("Where photographs were taken"), accessor=_describe_location),
    ]

    def get_base_queryset(self) -> Any:
        mine = self.permission_policy.instances_user_has_permission_for(self.request.user, "change")
        return mine.select_related("media_settings__watermark_image")


class CollectionSettingsEditView(generic.EditView):
    """The settings of one collection; its users need the permission to change the collection itself."""

    model = CollectionSettings
    form_class = CollectionSettingsForm
    permission_policy = policy_registry.get_by_type(Collection)
    page_title = TITLE
    header_icon = ICON
    index_url_name = INDEX
    success_message = gettext_lazy(
        "Settings of “%(object)s” saved. If the watermark has changed, its pictures are being made anew."
    )
    error_message = gettext_lazy("The settings could not be saved due to errors.")
    can_delete = False

    @cached_property
    def collection(self) -> Collection:
        mine = self.permission_policy.instances_user_has_permission_for(self.request.user, "change")
        return get_object_or_404(mine, pk=self.kwargs["pk"])

    def get_object(self, queryset: Any = None) -> CollectionSettings:
        return _settings_of(self.collection)

    def save_instance(self) -> CollectionSettings:
        settings = self.form.save()
        log(instance=settings, action="wagtail.edit", user=self.request.user, content_changed=True)
        return settings

    def get_edit_url(self) -> str:
        return reverse(EDIT, args=(self.collection.pk,))

    def get_page_subtitle(self) -> str:
        return self.collection.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(INDEX), "label": TITLE},
            {"url": "", "label": self.collection.name},
        ]


class CollectionSettingsURLFinder(ModelAdminURLFinder):
    """Leads to the settings of a collection whoever may change the collection."""

    def get_edit_url(self, instance: CollectionSettings) -> str | None:
        policy = policy_registry.get_by_type(Collection)
        if self.user and not policy.user_has_permission_for_instance(self.user, "change", instance.collection):
            return None
        return reverse(EDIT, args=(instance.collection_id,))


class CollectionSettingsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return policy_registry.get_by_type(Collection).user_has_permission(request.user, "change")


def menu_item() -> MenuItem:
    # Below Wagtail's own collections, at 700.
    return CollectionSettingsMenuItem(TITLE, reverse(INDEX), name="collection-settings", icon_name=ICON, order=701)
