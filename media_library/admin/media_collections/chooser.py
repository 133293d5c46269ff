"""Choosing a media collection: modal, form widget, and block. Imported while models load, so it touches no URL."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin.ui.tables import BaseColumn, BooleanColumn, Column
from wagtail.admin.views.generic import chooser as generic
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.permissions import policy_registry

from media_library.models import MediaCollection

ICON = "grip"


def choosable(user: AbstractBaseUser | AnonymousUser) -> QuerySet[MediaCollection]:
    """Public ones, which anyone sees; and all of them for who may work with media collections."""
    policy = policy_registry.get_by_type(MediaCollection)
    if policy.user_has_any_permission(user, {"add", "change", "delete", "view"}):
        return MediaCollection.objects.all()
    return MediaCollection.objects.filter(is_public=True)


class BaseChooseView(generic.BaseChooseView):
    ordering = ("-updated_at", "-id")

    def get_object_list(self) -> QuerySet[MediaCollection]:
        return choosable(self.request.user)

    @property
    def columns(self) -> list[BaseColumn]:
        return [
            *super().columns,
            Column("kind", label=_("Kind"), accessor="get_kind_display", width="20%"),
            BooleanColumn("is_public", label=_("Public"), width="12%"),
        ]


class ChooseView(generic.ChooseViewMixin, generic.CreationFormMixin, BaseChooseView):
    pass


class ChooseResultsView(generic.ChooseResultsViewMixin, generic.CreationFormMixin, BaseChooseView):
    pass


class ChosenView(generic.ChosenViewMixin, generic.ChosenResponseMixin, View):
    def get_object(self, pk: str) -> Any:
        collection = choosable(self.request.user).filter(pk=pk).first() if pk.isdecimal() else None
        if collection is None:
            raise Http404
        return collection


class ChosenMultipleView(generic.ChosenMultipleViewMixin, generic.ChosenResponseMixin, View):
    def get_objects(self, pks: list[str]) -> QuerySet[MediaCollection]:
        return choosable(self.request.user).filter(pk__in=[pk for pk in pks if pk.isdecimal()])


media_collection_chooser_viewset = ChooserViewSet(
    "media_library_media_collection_chooser",
    url_prefix="media/collections/chooser",
    model=MediaCollection,
    icon=ICON,
    choose_one_text=_("Choose a media collection"),
    choose_another_text=_("Choose another media collection"),
    edit_item_text=_("Edit this media collection"),
    choose_view_class=ChooseView,
    choose_results_view_class=ChooseResultsView,
    chosen_view_class=ChosenView,
    chosen_multiple_view_class=ChosenMultipleView,
)
MediaCollectionChooserBlock: Any = media_collection_chooser_viewset.get_block_class(
    name="MediaCollectionChooserBlock", module_path="media_library.admin.media_collections.chooser"
)
