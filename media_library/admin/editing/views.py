"""The page on which a picture is edited, and the two pictures that its canvas needs."""

import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.generic import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.permissions import policy_registry

from media_library.admin.editing import page
from media_library.admin.editing.forms import WatermarkForm
from media_library.editing import CARRY_OVER, check_watermark_text, edit, require_editable, unedited_size
from media_library.exceptions import MediaLibraryError, UnacceptableFile, UnacceptableRecipe
from media_library.imaging import preview
from media_library.imaging.operations import OwnWatermark, Recipe
from media_library.imaging.watermark import TEXT_LENGTH, Watermark
from media_library.imaging.watermark import preview as watermark_preview
from media_library.models import CollectionSettings, CustomImage
from media_library.templatetags.media_library_admin import asset_status


class ChangeImageMixin:
    """For views of one image: 404 without it, refused without the permission to change it."""

    @cached_property
    def image(self) -> CustomImage:
        image = get_object_or_404(CustomImage, pk=self.kwargs["image_id"])
        policy = policy_registry.get_by_type(CustomImage)
        if not policy.user_has_permission_for_instance(self.request.user, "change", image):
            raise PermissionDenied
        return image


class EditPictureView(ChangeImageMixin, WagtailAdminTemplateMixin, View):
    """GET shows the canvas; POST takes what was done on it::

        edits = {"recipe": {"rotate": 90}, "focal_point": [0.5, 0.25], "base": "1f0c..."}

    ``focal_point`` is in fractions of the edited picture, null for none, and left out where nobody touched it;
    ``base`` is the state that the page began with. Answers with ``{"base", "recipe", "status_html"}``; 400 with a
    ``message`` for edits that are refused, 409 when someone else has edited the picture in the meantime.
    """

    http_method_names = ["get", "head", "post"]
    page_title = gettext_lazy("Edit picture")
    header_icon = "image"
    template_name = "media_library/editing/edit_picture.html"

    def get(self, request: HttpRequest, image_id: int) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest, image_id: int) -> JsonResponse:
        image = self.image
        try:
            sent = _read(request.POST.get("edits", ""))
            if sent["base"] != page.fingerprint(image):
                message = _(
                    "Someone else has edited this picture in the meantime. Reload the page to see it; what you did "
                    "here is lost then."
                )
                return JsonResponse({"message": message}, status=409)
            recipe = Recipe.from_json(sent["recipe"])
            require_choosable_logo(image, recipe, request.user)
            edit(image, recipe, request.user, _focal_point(sent))
        except MediaLibraryError as error:
            return JsonResponse({"message": str(error)}, status=400)
        status = render_to_string("media_library/admin/asset_status.html", asset_status(image), request)
        return JsonResponse({"base": page.fingerprint(image), "recipe": image.recipe, "status_html": status})

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        image = self.image
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("wagtailimages:index"), "label": _("Images")},
            {"url": reverse("wagtailimages:edit", args=(image.pk,)), "label": image.title},
            {"url": "", "label": self.get_page_title(), "sublabel": image.title},
        ]

    def get_page_subtitle(self) -> str:
        return self.image.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = WatermarkForm.for_image(self.image)
        try:
            require_editable(self.image)
            size = unedited_size(self.image)
        except (UnacceptableFile, UnacceptableRecipe) as error:
            return context | {"image": self.image, "problem": str(error)}
        return context | {
            "image": self.image,
            "form": form,
            "media": form.media,
            "setup": page.setup(self.image, size),
            "texts": page.texts(),
            **page.controls(self.image),
        }


class PictureSourceView(ChangeImageMixin, View):
    """The unedited picture for the canvas: no more than 1600 pixels, without metadata, for its editors only."""

    @method_decorator(cache_control(private=True, max_age=24 * 60 * 60))
    def get(self, request: HttpRequest, image_id: int) -> HttpResponse:
        try:
            with self.image.file.open("rb") as file:
                return HttpResponse(preview.unedited_preview(file), content_type=preview.MIME_TYPE)
        except (UnacceptableFile, FileNotFoundError):
            return HttpResponse(
                _("The original of this picture can't be read."), status=404, content_type="text/plain"
            )


class WatermarkPreviewView(View):
    """A watermark by itself: ``?text=...`` or ``?image=12``. 400 with a ``message`` for what can't be drawn."""

    @method_decorator(cache_control(private=True, max_age=60 * 60))
    def get(self, request: HttpRequest) -> HttpResponse:
        text, image_id = request.GET.get("text", "").strip(), request.GET.get("image", "")
        try:
            if image_id:
                logo = choosable(request.user, int(image_id)) if image_id.isdecimal() else None
                if logo is None:
                    raise UnacceptableRecipe(_("You may not use this picture as a watermark. Choose another one."))
                mark = Watermark(picture=logo.as_watermark())
            else:
                if not text or len(text) > TEXT_LENGTH:
                    raise UnacceptableRecipe(
                        _("The text of the watermark may have %(number)s characters.") % {"number": TEXT_LENGTH}
                    )
                check_watermark_text(text)
                mark = Watermark(text)
            return HttpResponse(watermark_preview(mark), content_type=preview.MIME_TYPE)
        except MediaLibraryError as error:
            return JsonResponse({"message": str(error)}, status=400)
        except FileNotFoundError:
            return JsonResponse({"message": _("The file of this picture is missing.")}, status=400)


def require_choosable_logo(image: CustomImage, recipe: Recipe, user: Any) -> None:
    """Raise ``UnacceptableRecipe`` for a logo that is new on this image, and that the user may not choose."""
    mark = recipe.watermark
    if not isinstance(mark, OwnWatermark) or mark == image.get_recipe().watermark:
        return
    if mark.image is not None and not choosable(user, mark.image):
        raise UnacceptableRecipe(_("You may not use this picture as a watermark. Choose another one."))


def choosable(user: Any, image_id: int) -> CustomImage | None:
    """An image that this user may choose, change or delete; or that a collection shows as its watermark anyway."""
    policy = policy_registry.get_by_type(CustomImage)
    mine = policy.instances_user_has_any_permission_for(user, {"choose", "change", "delete"})
    if image := mine.filter(pk=image_id).first():
        return image
    return CustomImage.objects.filter(pk=image_id, pk__in=CollectionSettings.objects.values("watermark_image")).first()


def _read(text: str) -> dict[str, Any]:
    try:
        sent = json.loads(text)
    except ValueError:
        sent = None
    if not isinstance(sent, dict) or not {"recipe", "base"} <= sent.keys():
        raise UnacceptableRecipe(_("This list of edits can't be read. Reload the page and try again."))
    return sent


def _focal_point(sent: dict[str, Any]) -> Any:
    point = sent.get("focal_point", CARRY_OVER)
    if point is None or point == CARRY_OVER:
        return point
    is_point = isinstance(point, list) and len(point) == 2 and all(type(one) in (int, float) for one in point)
    if not is_point or not all(0 <= one <= 1 for one in point):
        raise UnacceptableRecipe(_("The focal point must lie inside the picture."))
    return tuple(point)
