"""The page with the drop zone, and what is asked for below each finished upload."""

import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Media
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.actions.edit import EditAction
from wagtail.admin.views.generic import multiple_upload
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Collection

from media_library.admin.deletion import GuardedUploadDeleteMixin
from media_library.admin.uploads.doors import DOORS, Door, door_for, duplicates, save_upload
from media_library.exceptions import UnacceptableFile
from media_library.models import Asset


class UploadView(WagtailAdminTemplateMixin, TemplateView):
    """The page with the drop zone (GET), and one file after the other (POST, answered in JSON)."""

    template_name = "media_library/uploads/add.html"
    page_title = gettext_lazy("Add media")
    header_icon = "upload"
    doors: tuple[Door, ...] = DOORS
    """What may be dropped here; each user finds those kinds that they may add."""
    drop: str | Promise = gettext_lazy("Drag and drop files of any kind into this area to upload immediately.")
    listing: tuple[str, str | Promise] | None = None
    """Name of the URL and title of the page above this one."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.open_doors:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def open_doors(self) -> list[Door]:
        return [door for door in self.doors if door.is_open_to(self.request.user)]

    @cached_property
    def collections(self) -> QuerySet[Collection]:
        """Where the user may add at least one of the kinds."""
        offered = (door.collections(self.request.user) for door in self.open_doors)
        return Collection.objects.filter(pk__in={one.pk for collections in offered for one in collections})

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = [{"url": reverse(self.listing[0]), "label": self.listing[1]}] if self.listing else []
        return [*self.breadcrumbs_items, *above, {"url": "", "label": self.get_page_title()}]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take one file, whose kind is decided by its bytes.

        ``{"success": true, "image_id": 12, "form": "<form …>", "duplicate": false}``, with ``video_id``, ``audio_id``
        or ``doc_id`` for the other kinds; or ``{"success": false, "error_message": "…"}``, as HTML. Where another
        field is wrong, Wagtail's own view would keep the file for later, in public storage: here it is refused, too.
        """
        upload = request.FILES.get("files[]")
        if upload is None:
            return HttpResponseBadRequest(_("Choose a file to upload."))
        try:
            door = self.doors[0] if len(self.doors) == 1 else door_for(upload, upload.name or "")
        except UnacceptableFile as error:
            return self.refuse(str(error))
        if door not in self.open_doors:
            return self.refuse_kind(door)
        if self.is_closed_collection(door):
            return self.refuse(
                _("You may not add files of this kind (%(kind)s) to this collection. Choose another collection.")
                % {"kind": door.name}
            )
        longest = door.model._meta.get_field("title").max_length
        form = door.form_class()(
            {
                "title": (request.POST.get("title") or upload.name or "")[:longest],
                "collection": request.POST.get("collection"),
            },
            {"file": upload},
            user=request.user,
        )
        if not form.is_valid():
            return self.refuse(*(error for field in form.errors.values() for error in field))
        return JsonResponse(self.describe(save_upload(form, request.user), door))

    def is_closed_collection(self, door: Door) -> bool:
        """Whether the page offered the chosen collection, though for other kinds than this one.

        The form can't tell: who may add to one collection only is not asked, and gets that one.
        """
        chosen = self.request.POST.get("collection")
        offered, here = (
            {str(one.pk) for one in collections}
            for collections in (self.collections, door.collections(self.request.user))
        )
        return chosen in offered - here

    def refuse_kind(self, door: Door) -> JsonResponse:
        return self.refuse(_("You may not add files of this kind (%(kind)s).") % {"kind": door.name})

    def refuse(self, *reasons: str | Promise) -> JsonResponse:
        # The page inserts this as HTML, and a message may quote the name of the file.
        message = format_html_join(" ", "{}", ((reason,) for reason in reasons))
        return JsonResponse({"success": False, "error_message": message})

    def describe(self, asset: Asset, door: Door) -> dict[str, Any]:
        """What the page needs to show a finished upload."""
        form = door.details_form_class()(instance=asset, prefix=f"{door.prefix}-{asset.pk}", user=self.request.user)
        context = door.actions(asset) | {"asset": asset, "form": form}
        existing = duplicates(asset, self.request.user).first()
        data = {
            "success": True,
            door.id_name: asset.pk,
            "form": self.render("media_library/uploads/edit_form.html", context),
            "duplicate": existing is not None,
        }
        if existing is not None:
            notice = self.render("media_library/uploads/duplicate.html", context | {"existing": existing})
            data["confirm_duplicate_upload"] = notice
        return data

    def render(self, template_name: str, context: dict[str, Any]) -> SafeString:
        return render_to_string(template_name, context, request=self.request)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        largest = max(door.largest for door in self.open_doors)
        endings = [one for door in self.open_doors for one in door.extensions]
        takes_anything = any(not door.types for door in self.open_doors)
        messages = {
            "acceptFileTypes": _("Files of this kind can't be used here. See above what is accepted."),
            "maxFileSize": _("This file is too large: at most %(size)s are accepted.")
            % {"size": filesizeformat(largest)},
        }
        forms = [door.form_class()(user=self.request.user) for door in self.open_doors]
        return super().get_context_data(**kwargs) | {
            "doors": self.open_doors,
            "drop": self.drop,
            "collections": self.collections if len(self.collections) > 1 else None,
            "selected_collection_id": self.request.GET.get("collection_id"),
            "form_media": sum((form.media for form in forms), Media()),
            "max_filesize": largest,
            "max_title_length": Asset._meta.get_field("title").max_length,
            "accept": "" if takes_anything else ",".join(f".{one}" for one in endings),
            "accept_pattern": "/./" if takes_anything else rf"/\.({'|'.join(endings)})$/i",
            "messages_json": json.dumps(messages),
        }


class UploadedEditView(multiple_upload.EditView):
    """Save the form below an uploaded film or sound."""

    pk_url_kwarg = "pk"
    door: Any = None

    def get_model(self) -> type[Asset]:
        return self.door.model

    def get_edit_form_class(self) -> type:
        return self.door.details_form_class()

    @property
    def edit_object_form_prefix(self) -> str:
        return self.door.prefix

    @property
    def context_object_name(self) -> str:
        return self.door.prefix

    @property
    def context_object_id_name(self) -> str:
        return self.door.id_name

    @property
    def edit_object_url_name(self) -> str:
        return self.door.edit_url_name

    @property
    def delete_object_url_name(self) -> str:
        return self.door.delete_url_name

    def save_object(self, form: Any) -> None:
        EditAction(self.object, user=self.request.user, form=form).execute(skip_permission_checks=True)


class UploadedDeleteView(GuardedUploadDeleteMixin, multiple_upload.DeleteView):
    """Delete a film or a sound right below its upload."""

    pk_url_kwarg = "pk"
    door: Any = None

    def get_model(self) -> type[Asset]:
        return self.door.model

    @property
    def context_object_id_name(self) -> str:
        return self.door.id_name
