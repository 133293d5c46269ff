"""Columns of what is sent to other servers."""

from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.ui.tables import BaseColumn

from cms.delivery.models import State


class StateColumn(BaseColumn):
    """How it is, as the template says of ``object``."""

    cell_template_name = "delivery/state_cell.html"

    def __init__(self, name: str, template_name: str = "delivery/state.html", **kwargs: Any):
        super().__init__(name, **kwargs)
        self.template_name = template_name


class AgainColumn(BaseColumn):
    """A button that sends one again."""

    cell_template_name = "delivery/again_cell.html"

    def __init__(self, name: str, request: HttpRequest, url_name: str, **kwargs: Any):
        super().__init__(name, **kwargs)
        self.request, self.url_name = request, url_name

    def may_be_sent(self, instance: Any) -> bool:
        return bool(instance.state != State.QUEUED or instance.attempts)

    def get_label(self, instance: Any) -> str:
        return _("Send again")

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        return super().get_cell_context_data(instance, parent_context) | {
            "again_url": reverse(self.url_name, args=[instance.pk]) if self.may_be_sent(instance) else "",
            "again_label": self.get_label(instance),
            "csrf_token": get_token(self.request),
        }
