"""Columns of what is sent to other servers."""

from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from wagtail.admin.ui.tables import BaseColumn

from cms.delivery.models import State


class StateColumn(BaseColumn):
    cell_template_name = "delivery/state_cell.html"


class AgainColumn(BaseColumn):
    """A button that sends one again."""

    cell_template_name = "delivery/again_cell.html"

    def __init__(self, name: str, request: HttpRequest, url_name: str, **kwargs: Any):
        super().__init__(name, **kwargs)
        self.request, self.url_name = request, url_name

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        has_tried = instance.state != State.QUEUED or instance.attempts
        return super().get_cell_context_data(instance, parent_context) | {
            "again_url": reverse(self.url_name, args=[instance.pk]) if has_tried else "",
            "csrf_token": get_token(self.request),
        }
