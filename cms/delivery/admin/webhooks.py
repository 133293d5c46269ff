"""Webhooks in the admin: who is told of what, with which secret, and whether it arrives."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import policy_registry

from cms.delivery.admin.receivers import ReceiverIndexView, read_address
from cms.delivery.events import Event
from cms.delivery.models import Webhook
from cms.delivery.webhooks import line, outbox, tasks

LATEST = 5
"""Deliveries on the page of a webhook; all of them are in the log."""


class WebhookForm(forms.ModelForm):
    url = forms.URLField(
        label=_("URL"),
        max_length=2000,
        assume_scheme="https",
        help_text=_("Where messages are sent to, by POST. Use https:// wherever it is to be had."),
    )
    events = forms.MultipleChoiceField(
        label=_("Events"), choices=Event.choices, widget=forms.CheckboxSelectMultiple, initial=Event.values
    )

    class Meta:
        model = Webhook
        fields = ["name", "url", "events", "is_active"]
        help_texts = {
            "is_active": _("One that is switched off is told nothing; what waits for it waits on."),
        }

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        read_address(url)
        return url

    def save(self, commit: bool = True) -> Webhook:
        if self.instance.is_active and {"is_active", "url"} & set(self.changed_data):
            # A new beginning.
            self.instance.failures, self.instance.failing_since = 0, None
            self.instance.not_before, self.instance.notice = None, ""
        return super().save(commit)


class WebhookIndexView(ReceiverIndexView):
    address_column = Column("url", label=_("URL"), classname="sending-url")
    state_template_name = "delivery/webhook_state.html"


class WebhookCreateView(generic.CreateView):
    def get_success_url(self) -> str:
        # The secret is what whoever has made it needs next.
        return reverse("webhooks:secret", args=[self.object.pk])


class WebhookEditView(generic.EditView):
    template_name = "delivery/webhook.html"

    def get_success_url(self) -> str:
        return reverse("webhooks:edit", args=[self.object.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "deliveries": self.object.deliveries.all()[:LATEST],
            "log_url": f"{reverse('delivery_webhook_log')}?webhook={self.object.pk}",
        }


class WebhookView(View):
    """A page or an act for one webhook. 403 for those who may not change it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require_permission(request)
        self.webhook = get_object_or_404(Webhook, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)


class TestView(WebhookView):
    """Send a message that says nothing."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        with transaction.atomic():
            delivery = outbox.queue_test(self.webhook)
            send_after_commit(self.webhook.pk)
        return redirect("delivery_webhook_delivery", delivery.pk)


class SecretView(WagtailAdminTemplateMixin, WebhookView):
    """The secret, for the receiver; by POST, a new one."""

    http_method_names = ["get", "post"]
    page_title = gettext_lazy("Secret")
    header_icon = "key"
    template_name = "delivery/secret.html"

    def get_page_subtitle(self) -> str:
        return self.webhook.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("webhooks:index"), "label": _("Webhooks")},
            {"url": reverse("webhooks:edit", args=[self.webhook.pk]), "label": self.webhook.name},
            {"url": "", "label": self.get_page_title()},
        ]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.render_to_response(self.get_context_data(webhook=self.webhook))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        line.renew_secret(self.webhook)
        messages.success(
            request, gettext("There is a new secret. For a day, messages are signed with the old one, too.")
        )
        return redirect("webhooks:secret", pk)


class WebhookViewSet(ModelViewSet):
    model = Webhook
    name = "webhooks"
    icon = "link-external"
    menu_label = _("Webhooks")
    menu_order = 700
    add_to_settings_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    search_fields = ["name", "url"]
    search_backend_name = None
    list_filter = ["is_active"]
    index_view_class = WebhookIndexView
    add_view_class = WebhookCreateView
    edit_view_class = WebhookEditView
    edit_template_name = "delivery/webhook.html"

    def get_form_class(self, for_update: bool = False) -> type[WebhookForm]:
        return WebhookForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("test/<int:pk>/", TestView.as_view(), name="test"),
            path("secret/<int:pk>/", SecretView.as_view(), name="secret"),
        ]


def may_change(user: Any) -> bool:
    """Whether this user may see and change webhooks, and what was sent to them."""
    return policy_registry.get_by_type(Webhook).user_has_permission(user, "change")


def require_permission(request: HttpRequest) -> None:
    if not may_change(request.user):
        raise PermissionDenied


def send_after_commit(*webhook_ids: int) -> None:
    """Let workers send at once, also to those that are given a rest."""

    def send() -> None:
        for webhook_id in webhook_ids:
            tasks.send_webhooks_task.delay(webhook_id)

    line.wake(Webhook.objects.filter(pk__in=webhook_ids))
    transaction.on_commit(send, robust=True)


webhook_viewset = WebhookViewSet()
