"""Images and documents in API v3, at the addresses and in the shape of Wagtail's own routers.

Wagtail's list every image to everybody: those in the trash, and whatever the search index knows of cameras and places;
and hand out the original. Here they are for those who work with them, by token: what a user may see in the admin.
Writing is Wagtail's own code, which comes past our forms (intake) and our actions (the trash, permission for each).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router
from ninja.pagination import LimitOffsetPagination, paginate
from wagtail.api.v3.auth import BearerTokenAuth
from wagtail.api.v3.pagination import WagtailLimitOffsetPagination
from wagtail.api.v3.schemas import read_generator
from wagtail.api.v3.schemas.params import APIFieldFilterSchema, OrderingSchema, SearchSchema
from wagtail.documents.api.v3 import router as stock_documents
from wagtail.images.api.v3 import router as stock_images
from wagtail.permissions import policy_registry

from media_library.api.library import library
from media_library.models import Asset, CustomDocument, CustomImage

images = Router(tags=["images"], auth=BearerTokenAuth())
documents = Router(tags=["documents"], auth=BearerTokenAuth())

Endpoint = Callable[..., Any]

StockImageMeta = stock_images.ImageDetailSchema.model_fields["meta"].annotation


class ImageMeta(StockImageMeta):  # type: ignore[valid-type]
    """``download_url`` is the largest rendition: the original is private."""

    @staticmethod
    def resolve_download_url(image: CustomImage) -> str | None:
        return library().relative(library().picture(image).largest) or None


ImageDetail = read_generator.extend_schema(
    stock_images.ImageDetailSchema, "ImageDetailSchema", {"meta": (ImageMeta, ..., None)}
)
DocumentDetail = stock_documents.DocumentDetailSchema


class Pagination(WagtailLimitOffsetPagination):
    """Wagtail's. What a page of images shows of the library comes in one query for all of them."""

    def paginate_queryset(self, queryset: QuerySet, pagination: Any, request: HttpRequest, **params: Any) -> Any:
        page = super().paginate_queryset(queryset, pagination, request, **params)
        page["items"] = list(page["items"])
        library().expect(page["items"])
        return page


def visible(request: HttpRequest, model: type[Asset]) -> QuerySet:
    """What the user may choose, change or delete, without what is in the trash."""
    policy = policy_registry.get_by_type(model)
    found = policy.instances_user_has_any_permission_for(request.user, {"choose", "change", "delete"})
    return found.select_related("collection").prefetch_related("tags").order_by("pk")


def listed(
    request: HttpRequest,
    model: type[Asset],
    fields: list[str],
    ordering: OrderingSchema,
    search: SearchSchema,
    page: LimitOffsetPagination.Input,
) -> QuerySet:
    filters = APIFieldFilterSchema.with_exclude_schemas(
        raw_params=request.GET, schemas=(OrderingSchema, SearchSchema), base_fields=fields
    )
    found = filters.filter_queryset(visible(request, model))
    return search.search_queryset(request, ordering.order_queryset(found, page, base_fields=fields))


def among_visible(model: type[Asset], endpoint: Endpoint) -> Endpoint:
    """404 for what the user doesn't see. Of the rest, Wagtail's actions ask whether they may do this to it: 403."""

    @wraps(endpoint)
    def serve(request: HttpRequest, **kwargs: Any) -> Any:
        key = next(value for name, value in kwargs.items() if name.endswith("_id"))
        get_object_or_404(visible(request, model), pk=key)
        return endpoint(request, **kwargs)

    return serve


@images.get("/", response=list[ImageDetail], url_name="list_images", operation_id="images_list")  # type: ignore[valid-type]
@paginate(Pagination, pass_parameter="page")  # noqa: S106
def list_images(
    request: HttpRequest, ordering: Query[OrderingSchema], search: Query[SearchSchema], **kwargs: Any
) -> QuerySet:
    return listed(request, CustomImage, stock_images.BASE_IMAGE_READ_FIELDS, ordering, search, kwargs["page"])


@images.get("/{image_id}/", response=ImageDetail, url_name="detail_image", operation_id="images_detail")
def get_image(request: HttpRequest, image_id: int) -> CustomImage:
    return get_object_or_404(visible(request, CustomImage), pk=image_id)


@documents.get("/", response=list[DocumentDetail], url_name="list_documents", operation_id="documents_list")  # type: ignore[valid-type]
@paginate(Pagination, pass_parameter="page")  # noqa: S106
def list_documents(
    request: HttpRequest, ordering: Query[OrderingSchema], search: Query[SearchSchema], **kwargs: Any
) -> QuerySet:
    fields = stock_documents.BASE_DOCUMENT_READ_FIELDS
    return listed(request, CustomDocument, fields, ordering, search, kwargs["page"])


@documents.get("/{document_id}/", response=DocumentDetail, url_name="detail_document", operation_id="documents_detail")
def get_document(request: HttpRequest, document_id: int) -> CustomDocument:
    return get_object_or_404(visible(request, CustomDocument), pk=document_id)


images.post("/", response={201: ImageDetail}, url_name="create_image", operation_id="images_create")(
    stock_images.create_image
)
images.patch("/{image_id}/", response=ImageDetail, url_name="update_image", operation_id="images_update")(
    among_visible(CustomImage, stock_images.update_image)
)
images.delete("/{image_id}/", response={204: None}, url_name="delete_image", operation_id="images_delete")(
    among_visible(CustomImage, stock_images.delete_image)
)
documents.post("/", response={201: DocumentDetail}, url_name="create_document", operation_id="documents_create")(
    stock_documents.create_document
)
documents.patch(
    "/{document_id}/", response=DocumentDetail, url_name="update_document", operation_id="documents_update"
)(among_visible(CustomDocument, stock_documents.update_document))
documents.delete("/{document_id}/", response={204: None}, url_name="delete_document", operation_id="documents_delete")(
    among_visible(CustomDocument, stock_documents.delete_document)
)
