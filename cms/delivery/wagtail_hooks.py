"""Registration only: what each of these does stands in cms/delivery/admin/."""

from django.templatetags.static import static
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from cms.delivery.admin import purges, urls
from cms.delivery.admin.deliveries import DeliveryLogMenuItem
from cms.delivery.admin.webhooks import WebhookViewSet, webhook_viewset


@hooks.register("register_admin_viewset")
def register_webhooks() -> WebhookViewSet:
    return webhook_viewset


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    return urls.urlpatterns


@hooks.register("register_reports_menu_item")
def register_delivery_log() -> DeliveryLogMenuItem:
    url = reverse("delivery_webhook_log")
    return DeliveryLogMenuItem(_("Webhook deliveries"), url, name="webhook-deliveries", icon_name="mail", order=1400)


@hooks.register("insert_global_admin_css")
def admin_css() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("delivery/css/delivery.css"))


hooks.register("register_reports_menu_item", purges.menu_item)
