from django.urls import URLPattern, path

from media_library.admin.jobs.control import CancelView, RetryView
from media_library.admin.jobs.report import JobReportView

urlpatterns: list[URLPattern] = [
    path("reports/processing/", JobReportView.as_view(), name="media_library_jobs"),
    path("reports/processing/results/", JobReportView.as_view(results_only=True), name="media_library_jobs_results"),
    path("media/<int:pk>/cancel/", CancelView.as_view(), name="media_library_cancel"),
    path("media/<int:pk>/retry/", RetryView.as_view(), name="media_library_retry"),
]
