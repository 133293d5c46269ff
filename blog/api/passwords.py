"""Pages behind a shared password."""

from typing import Any

from django.http import HttpRequest
from wagtail.api.querysets import get_public_pages_queryset
from wagtail.models import Page

LARGEST_ID = 2**31 - 1
"""Of a page: what the database's integers hold."""


class PasswordRequired(Exception):
    pass


def open_page(request: HttpRequest, pk: int, model: type[Page]) -> Any:
    if pk > LARGEST_ID:
        return None
    return get_public_pages_queryset(request, model).filter(pk=pk).first()
