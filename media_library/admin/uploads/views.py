"""The page for files of any kind, and the tray that stands in for it on all others."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic import multiple_upload
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.documents.views import multiple as multiple_documents
from wagtail.images.views import multiple as multiple_images
from wagtail.models import Collection
from wagtail.permissions import policy_registry

from media_library.admin.deletion import GuardedUploadDeleteMixin
from media_library.admin.uploads.doors import Door, collections_for, open_doors
from media_library.admin.uploads.messages import messages
from media_library.conf import conf
from media_library.models import Asset


class PanelMixin:
    """What the uploader's own template needs (uploads/panel.html)."""

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.doors:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def doors(self) -> list[Door]:
        """What may be added: by this user, and of the kind that the address asks for."""
        doors = open_doors(self.request.user)
        kind = self.request.GET.get("kind")
        return [door for door in doors if kind == door.model.KIND] if kind in Asset.Kind.values else doors

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        collections = collections_for(self.request.user)
        policy = policy_registry.get_by_type(Collection)
        takes_anything = any(not door.types for door in self.doors)
        endings = [one for door in self.doors for one in door.extensions]
        return super().get_context_data(**kwargs) | {
            "doors": self.doors,
            "collections": list(collections.get_indented_choices()) if len(collections) > 1 else [],
            "selected_collection": self.request.GET.get("collection_id", ""),
            "may_add_collections": policy.user_has_permission(self.request.user, "add"),
            "accept": "" if takes_anything else ",".join(f".{one}" for one in endings),
            "part_bytes": conf.UPLOAD_PART_BYTES,
            "kinds": {one: door.model.KIND for door in open_doors(self.request.user) for one in door.extensions},
            # Not "messages", which are Django's.
            "sentences": messages(),
        }


class AddMediaView(PanelMixin, WagtailAdminTemplateMixin, TemplateView):
    """``/admin/media/add/``; ``?kind=video`` offers films only, ``?collection_id=3`` begins there."""

    template_name = "media_library/uploads/add.html"
    page_title = gettext_lazy("Add media")
    header_icon = "upload"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]


class TrayView(PanelMixin, TemplateView):
    """The uploader as a part of another page, fetched when something is dropped there."""

    template_name = "media_library/uploads/tray.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except PermissionDenied:
            return JsonResponse({"message": _("You may not add files to the library.")}, status=403)


def to_uploads(request: HttpRequest, kind: str) -> HttpResponse:
    """From the pages for one kind to the one for all."""
    if kind not in [door.model.KIND for door in open_doors(request.user)]:
        raise PermissionDenied
    query = request.GET.copy()
    query["kind"] = kind
    return redirect(f"{reverse('media_library_add')}?{query.urlencode()}")


class UploadedDeleteView(GuardedUploadDeleteMixin, multiple_upload.DeleteView):
    """Take a film or a sound back that was just uploaded into a chooser."""

    pk_url_kwarg = "pk"
    door: Any = None

    def get_model(self) -> type[Asset]:
        return self.door.model

    @property
    def context_object_id_name(self) -> str:
        return f"{self.door.model.KIND}_id"


class ImagesView(multiple_images.AddView):
    """Wagtail's own page for several pictures leads to ours; what programs send to it, it takes."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return to_uploads(request, Asset.Kind.IMAGE)


class DocumentsView(multiple_documents.AddView):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return to_uploads(request, Asset.Kind.DOCUMENT)
