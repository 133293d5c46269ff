"""What writing by API v3 answers where the blog refuses it."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from blog.filing import CategoryKept
from media_library.api.problems import problem


def register(api: Any) -> None:
    api.add_exception_handler(CategoryKept, kept)


def kept(request: HttpRequest, error: CategoryKept) -> HttpResponse:
    return problem(409, "in_use", str(error))
