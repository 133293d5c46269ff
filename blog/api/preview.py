import json
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.signing import BadSignature, SignatureExpired
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from rest_framework.request import Request
from wagtail.api.v2.utils import BadRequestError
from wagtail.models import Page
from wagtail_headless_preview.models import HeadlessPreviewMixin, PagePreview

from blog.api.pages import PagesAPIViewSet


class PagePreviewAPIViewSet(PagesAPIViewSet):
    """A draft by its signed token: ``?content_type=blog.postpage&token=…``, as the admin hands them to the front end.

    Answers the detail of the page as if the draft were published, and is never stored by anyone. A token is good for
    ``settings.PREVIEW_TOKEN_MAX_AGE`` seconds.
    """

    name = "page_preview"
    listing_action = "preview_view"
    known_query_parameters = PagesAPIViewSet.known_query_parameters | {
        "content_type",
        "token",
        "in_preview_panel",
    }

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def preview_view(self, request: Request, pk: int | None = None) -> HttpResponse:
        """The draft. Clients that exist put a number at the end of the path, which means nothing."""
        return self.detail_view(request, pk)

    def find_base_object(self) -> Page:
        model = _previewed_model(self.request.GET.get("content_type", ""))
        token = self.request.GET.get("token", "")
        try:
            # Every preview that an editor opens or refreshes gets a new token, so the age only bounds how long an
            # address that was passed on shows the draft.
            value = model.get_preview_signer().unsign(token, max_age=settings.PREVIEW_TOKEN_MAX_AGE)
        except SignatureExpired as error:
            raise BadRequestError("this preview has expired; open it again in the admin") from error
        except BadSignature as error:
            raise BadRequestError("token is missing or not valid") from error
        content_type = ContentType.objects.get_for_model(model)
        preview = PagePreview.objects.filter(content_type=content_type, token=token).first()
        page = preview and _draft(model, json.loads(preview.content_json), value)
        if page is None:
            raise Http404("this draft is gone; open its preview again in the admin")
        return page

    @classmethod
    def get_urlpatterns(cls) -> list:
        view = cls.as_view({"get": "preview_view"})
        return [path("", view, name="listing"), path("<int:pk>/", view, name="detail"), path("<int:pk>", view)]


def _draft(model: type[Page], content: dict[str, Any], value: str) -> Page | None:
    """The page as it was written, at the place where it, or its parent, is now: either may have been moved since.

    ``value`` is what the token signs. None where that page, or the parent of a new one, is no longer there.
    """
    if content["pk"] is not None:
        page = model.objects.filter(pk=content["pk"]).first()
        return page and page.with_content_json(content)
    signed = dict(part.split("=", 1) for part in value.split(";"))
    parent = Page.objects.filter(pk=signed["parent_id"]).first()
    if parent is None:
        return None
    page = model.from_serializable_data(content)
    page.depth = parent.depth + 1
    # Below its parent, behind all that is there: where it would be.
    page.path = page._get_path(parent.path, page.depth, parent.numchild + 1)
    page.set_url_path(parent)
    return page


def _previewed_model(content_type: str) -> type[Page]:
    """The page model that ``blog.postpage`` names. Raises ``BadRequestError`` for what has no previews."""
    try:
        model = apps.get_model(content_type)
    except (LookupError, ValueError) as error:
        raise BadRequestError("content_type is missing or unknown") from error
    if not issubclass(model, HeadlessPreviewMixin):
        raise BadRequestError("content_type has no previews")
    return model
