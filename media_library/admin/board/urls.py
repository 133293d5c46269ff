from django.urls import URLPattern, path

from media_library.admin.board.asset import AssetStatisticsView
from media_library.admin.board.dashboard import DashboardView
from media_library.admin.board.health import HealthView, KeepView

urlpatterns: list[URLPattern] = [
    path("media/dashboard/", DashboardView.as_view(), name="media_library_dashboard"),
    path("media/health/", HealthView.as_view(), name="media_library_health"),
    path("media/<int:pk>/statistics/", AssetStatisticsView.as_view(), name="media_library_statistics"),
    path("media/<int:pk>/keep/", KeepView.as_view(), name="media_library_keep"),
]
