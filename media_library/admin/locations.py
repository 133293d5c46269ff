"""Where photographs were taken, when editors move them."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from media_library.intake import forget_locations


def forget_locations_after_moving(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    """Hook ``after_bulk_action``: moving in bulk updates rows without saving them, so no signal comes."""
    if action_type == "add_to_collection":
        forget_locations()
    return None
