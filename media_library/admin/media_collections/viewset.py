import json
from typing import Any

import django_filters
from django.db.models import BigIntegerField, Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, ObjectList, TitleFieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from media_library.admin.facts import IMAGE_THUMBNAIL
from media_library.admin.media_collections import changes
from media_library.admin.media_collections.chooser import ICON
from media_library.admin.permissions import visible_assets
from media_library.models import Asset, CustomRendition, MediaCollection, MediaCollectionItem
from media_library.models.files import public_storage

NAME = "media_library_media_collections"
CHANGES = ("add", "move", "remove", "caption")
CHOOSER = "media_library_chooser:choose"


class CoverColumn(Column):
    cell_template_name = "media_library/media_collections/cover_cell.html"


class MediaCollectionFilterSet(WagtailFilterSet):
    is_public = django_filters.BooleanFilter(label=gettext_lazy("Public"))

    class Meta:
        model = MediaCollection
        fields = ("kind", "is_public")


class MediaCollectionIndexView(generic.IndexView):
    page_title = gettext_lazy("Media collections")
    default_ordering = "-updated_at"
    table_classname = "listing media-collections"

    def get_base_queryset(self) -> QuerySet[MediaCollection]:
        """With the number of items and the file of the cover, as far as the user may see it; no query per row."""
        visible = visible_assets(self.request.user).filter(kind=Asset.Kind.IMAGE)
        items = MediaCollectionItem.objects.filter(media_collection=OuterRef("pk"), asset__in=visible)
        chosen = visible.filter(pk=OuterRef("cover"))
        thumbnails = CustomRendition.objects.filter(image=OuterRef("shown_cover"), filter_spec=IMAGE_THUMBNAIL)
        return MediaCollection.objects.annotate(
            number=Count("items"),
            shown_cover=Coalesce(
                Subquery(chosen.values("pk")[:1]), Subquery(items.values("asset")[:1]), output_field=BigIntegerField()
            ),
        ).annotate(thumbnail=Subquery(thumbnails.values("file")[:1]))

    @cached_property
    def columns(self) -> list[Column]:
        return [
            CoverColumn(
                "thumbnail",
                label=_("Cover"),
                accessor=lambda one: public_storage().url(one.thumbnail) if one.thumbnail else "",
                width="1%",
            ),
            TitleColumn("title", label=_("Title"), sort_key="title", get_url=self.get_edit_url),
            Column("kind", label=_("Kind"), accessor="get_kind_display", sort_key="kind"),
            Column("number", label=_("Files"), sort_key="number"),
            BooleanColumn("is_public", label=_("Public"), sort_key="is_public"),
            DateColumn("updated_at", label=_("Changed"), sort_key="updated_at"),
        ]


class MediaCollectionCreateView(generic.CreateView):
    page_title = gettext_lazy("New media collection")

    def save_instance(self) -> MediaCollection:
        self.form.instance.created_by = self.request.user
        return super().save_instance()

    def get_success_url(self) -> str:
        # There, files are added.
        return reverse(self.edit_url_name, args=(self.object.pk,))


class MediaCollectionEditView(generic.EditView):
    """The form for title, cover and the like, beside what is in the collection, which small requests change."""

    template_name = "media_library/media_collections/edit.html"

    def get_success_url(self) -> str:
        return self.get_edit_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pk = self.object.pk
        return super().get_context_data(**kwargs) | {
            **changes.items_context(self.object, self.request.user),
            "urls_json": json.dumps({name: reverse(f"{NAME}:{name}_item", args=(pk,)) for name in CHANGES}),
            "texts_json": json.dumps(
                {
                    "position": _("“%(title)s” is now number %(number)s of %(count)s."),
                    "removed": _("“%(title)s” is taken out of the collection. It stays in the library."),
                    "failed": _("That was not saved. Check your connection, and try again."),
                }
            ),
            "chooser_url": f"{reverse(CHOOSER)}?multiple=true",
        }


class MediaCollectionViewSet(ModelViewSet):
    model = MediaCollection
    icon = ICON
    url_prefix = "media/collections"
    menu_label = gettext_lazy("Media collections")
    menu_name = "media-collections"
    # Below the library, at 300.
    menu_order = 302
    add_to_admin_menu = True
    copy_view_enabled = False
    index_view_class = MediaCollectionIndexView
    add_view_class = MediaCollectionCreateView
    edit_view_class = MediaCollectionEditView
    edit_template_name = MediaCollectionEditView.template_name
    filterset_class = MediaCollectionFilterSet
    search_fields = ("title", "description")
    search_backend_name = None
    edit_handler = ObjectList(
        [
            TitleFieldPanel("title", targets=["slug"]),
            FieldPanel("slug"),
            FieldPanel("kind"),
            FieldPanel("description"),
            FieldPanel("cover"),
            FieldPanel("is_public"),
        ]
    )

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/items/add/", changes.AddView.as_view(), name="add_item"),
            path("<int:pk>/items/move/", changes.MoveView.as_view(), name="move_item"),
            path("<int:pk>/items/remove/", changes.RemoveView.as_view(), name="remove_item"),
            path("<int:pk>/items/caption/", changes.CaptionView.as_view(), name="caption_item"),
        ]


media_collection_viewset = MediaCollectionViewSet(NAME)
