from typing import Any

from django.db.models import Model
from django.http import HttpRequest, JsonResponse
from django.urls import path, re_path
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.serializers import BaseSerializer
from wagtail.api.v2.views import BaseAPIViewSet
from wagtail.utils.urlpatterns import decorate_urlpatterns


class LibraryRouter(WagtailAPIRouter):
    """Wagtail's router, which also takes paths without their last slash and answers unknown ones in JSON.

    It knows models, too, that have no endpoint of their own and are only seen inside others.
    """

    def __init__(self, url_namespace: str):
        super().__init__(url_namespace)
        self._nested: list[type[BaseAPIViewSet]] = []
        self.serializer_classes: dict[Any, type[BaseSerializer]] = {}
        """Kept by ``LibraryViewSet``: to make one costs more than to serialize with it."""

    def register_nested(self, viewset: type[BaseAPIViewSet]) -> None:
        """Let this viewset decide how its model looks inside other objects, without paths of its own."""
        self._nested.append(viewset)

    def get_model_endpoint(self, model: type[Model]) -> tuple[str, type[BaseAPIViewSet]] | None:
        endpoint = super().get_model_endpoint(model)
        if endpoint:
            return endpoint
        return next(((one.name, one) for one in self._nested if issubclass(model, one.model)), None)

    def get_object_detail_urlpath(self, model: type[Model], pk: Any) -> str | None:
        if super().get_model_endpoint(model) is None:
            return None
        return super().get_object_detail_urlpath(model, pk)

    def get_urlpatterns(self) -> list:
        slashless = [
            path(name, viewset.as_view({"get": viewset.listing_action})) for name, viewset in self._endpoints.items()
        ]
        decorate_urlpatterns(slashless, self.wrap_view)
        return [*super().get_urlpatterns(), *slashless, re_path(r"", not_found)]


def not_found(request: HttpRequest) -> JsonResponse:
    """404 for a path that is none of the API's."""
    return JsonResponse({"message": "not found"}, status=404)
