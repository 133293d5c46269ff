from django.urls import URLPattern, path

from cms.delivery.admin.deliveries import DeliveryLogView, DeliveryView, SendAgainView, SendAllAgainView
from cms.delivery.admin.purges import PurgeReportView, TryAgainView

urlpatterns: list[URLPattern] = [
    path("reports/webhooks/", DeliveryLogView.as_view(), name="delivery_webhook_log"),
    path("reports/webhooks/results/", DeliveryLogView.as_view(results_only=True), name="delivery_webhook_log_results"),
    path("reports/webhooks/<int:pk>/", DeliveryView.as_view(), name="delivery_webhook_delivery"),
    path("reports/webhooks/<int:pk>/again/", SendAgainView.as_view(), name="delivery_webhook_again"),
    path("reports/webhooks/again/", SendAllAgainView.as_view(), name="delivery_webhook_again_all"),
    path("reports/cdn/", PurgeReportView.as_view(), name="delivery_purges"),
    path("reports/cdn/results/", PurgeReportView.as_view(results_only=True), name="delivery_purges_results"),
    path("reports/cdn/again/", TryAgainView.as_view(), name="delivery_purges_again"),
    path("reports/cdn/<int:pk>/again/", TryAgainView.as_view(), name="delivery_purge_again"),
]
