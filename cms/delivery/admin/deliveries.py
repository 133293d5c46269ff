"""The log of what was sent to webhooks, and sending it again."""

import json
from typing import Any

import django_filters
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.reports import ReportView
from wagtail.admin.widgets.button import HeaderButton

from cms.delivery import sending
from cms.delivery.admin.columns import AgainColumn, StateColumn
from cms.delivery.admin.webhooks import may_change, require_permission, send_after_commit
from cms.delivery.events import TEST, Event
from cms.delivery.models import State, Webhook, WebhookDelivery


class DeliveryFilterSet(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(label=gettext_lazy("State"), choices=State.choices)
    event = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Event"), choices=[*((name, name) for name in Event.values), (TEST, TEST)]
    )
    webhook = django_filters.ModelMultipleChoiceFilter(label=gettext_lazy("Webhook"), queryset=Webhook.objects.all())

    class Meta:
        model = WebhookDelivery
        fields = ("state", "event", "webhook")


class DeliveryLogView(ReportView):
    """What was sent and what waits, newest first; a fixed number of queries."""

    model = WebhookDelivery
    page_title = gettext_lazy("Webhook deliveries")
    header_icon = "mail"
    filterset_class = DeliveryFilterSet
    index_url_name = "delivery_webhook_log"
    index_results_url_name = "delivery_webhook_log_results"
    verbose_name_plural = gettext_lazy("webhook deliveries")
    default_ordering = "-created_at"
    table_classname = "listing sending-listing"
    list_export = [
        *("event", "event_id", "webhook.name", "state", "status_code", "seconds", "attempts"),
        *("created_at", "sent_at", "finished_at", "error"),
    ]
    export_headings = {"webhook.name": gettext_lazy("Webhook"), "event_id": "webhook-id"}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require_permission(request)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def columns(self) -> list[BaseColumn]:
        return [
            TitleColumn(
                "event",
                label=gettext_lazy("Event"),
                sort_key="event",
                get_url=lambda one: reverse("delivery_webhook_delivery", args=[one.pk]),
            ),
            Column("webhook", label=gettext_lazy("Webhook"), accessor="webhook.name", sort_key="webhook__name"),
            StateColumn("state", label=gettext_lazy("State"), sort_key="state"),
            Column("status_code", label=gettext_lazy("Status"), accessor=lambda one: one.status_code or ""),
            Column("seconds", label=gettext_lazy("Seconds"), accessor=seconds, sort_key="seconds"),
            Column("attempts", label=gettext_lazy("Attempts"), sort_key="attempts"),
            DateColumn("created_at", label=gettext_lazy("Created"), sort_key="created_at"),
            AgainColumn("again", self.request, "delivery_webhook_again", label=gettext_lazy("Action")),
        ]

    @property
    def header_buttons(self) -> list[HeaderButton]:
        if not failed(self.request).exists():
            return []
        url = f"{reverse('delivery_webhook_again_all')}?{self.request.GET.urlencode()}"
        return [HeaderButton(_("Send failed ones again"), url=url, icon_name="rotate")]

    def get_base_queryset(self) -> QuerySet[WebhookDelivery]:
        return WebhookDelivery.objects.select_related("webhook").defer("payload", "answer", "headers")

    def order_queryset(self, queryset: QuerySet[WebhookDelivery]) -> QuerySet[WebhookDelivery]:
        queryset = super().order_queryset(queryset)
        return queryset.order_by(*queryset.query.order_by, "-pk")


class DeliveryView(WagtailAdminTemplateMixin, View):
    """One message: what was sent, how it was signed, what was answered."""

    http_method_names = ["get"]
    page_title = gettext_lazy("Webhook delivery")
    header_icon = "mail"
    template_name = "delivery/webhook_delivery.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        require_permission(request)
        self.delivery = get_object_or_404(WebhookDelivery.objects.select_related("webhook"), pk=pk)
        context = self.get_context_data(delivery=self.delivery)
        context["body"] = json.dumps(self.delivery.payload, ensure_ascii=False, indent=2)
        return self.render_to_response(context)

    def get_page_subtitle(self) -> str:
        return self.delivery.event

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("delivery_webhook_log"), "label": _("Webhook deliveries")},
            {"url": "", "label": self.delivery.event},
        ]


class SendAgainView(View):
    """Send one again, with the same id: whoever has had it knows."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        require_permission(request)
        delivery = get_object_or_404(WebhookDelivery, pk=pk)
        with transaction.atomic():
            number = sending.send_again(WebhookDelivery.objects.filter(pk=pk))
            send_after_commit(delivery.webhook_id)
        if number:
            messages.success(request, _("The message is sent again."))
        else:
            messages.warning(request, _("The message is being sent already."))
        return redirect("delivery_webhook_delivery", pk)


class SendAllAgainView(WagtailAdminTemplateMixin, View):
    """Ask, and send again all that have failed among those that the log shows."""

    http_method_names = ["get", "post"]
    page_title = gettext_lazy("Send failed ones again")
    header_icon = "rotate"
    template_name = "delivery/again.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require_permission(request)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        number = failed(request).count()
        question = ngettext(
            "%(number)s message has failed. Shall it be sent again?",
            "%(number)s messages have failed. Shall they be sent again?",
            number,
        ) % {"number": number}
        back = f"{reverse('delivery_webhook_log')}?{request.GET.urlencode()}"
        return self.render_to_response(self.get_context_data(number=number, question=question, back=back))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("delivery_webhook_log"), "label": _("Webhook deliveries")},
            {"url": "", "label": self.get_page_title()},
        ]

    def post(self, request: HttpRequest) -> HttpResponse:
        with transaction.atomic():
            rows = WebhookDelivery.objects.filter(pk__in=list(failed(request).values_list("pk", flat=True)))
            webhook_ids = set(rows.values_list("webhook", flat=True))
            number = sending.send_again(rows)
            send_after_commit(*webhook_ids)
        messages.success(
            request,
            ngettext("%(number)s message is sent again.", "%(number)s messages are sent again.", number)
            % {"number": number},
        )
        return redirect("delivery_webhook_log")


class DeliveryLogMenuItem(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return may_change(request.user)


def failed(request: HttpRequest) -> QuerySet[WebhookDelivery]:
    """Those that have failed, among those that the log shows with these filters."""
    filters = DeliveryFilterSet(request.GET, queryset=WebhookDelivery.objects.all(), request=request)
    shown = filters.qs if filters.is_valid() else WebhookDelivery.objects.none()
    return shown.filter(state=State.FAILED)


def seconds(delivery: WebhookDelivery) -> str:
    return "" if delivery.seconds is None else f"{delivery.seconds:.2f}"
