"""What was sent, for editors: Wagtail's own view, in which files can be fetched."""

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views import View
from wagtail.contrib.forms.models import FormSubmission
from wagtail.contrib.forms.utils import get_forms_for_user
from wagtail.contrib.forms.views import SubmissionsListView as StockSubmissionsListView

from blog.models.form import FormFile

_FORMULA = re.compile(r"[=@\t\r]|[+-](?![\d\s()/.-]*$)")
"""How a cell begins that a spreadsheet calculates (OWASP, "CSV Injection"). Numbers and telephone numbers are none."""


class SubmissionsListView(StockSubmissionsListView):
    """Names of files lead to the files, in the list and in what is exported."""

    def get_base_queryset(self) -> QuerySet[FormSubmission]:
        return super().get_base_queryset().prefetch_related("files")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if not self.is_export:
            names = [heading["name"] for heading in context["data_headings"]]
            for row, submission in zip(context["data_rows"], context["submissions"], strict=True):
                for file in submission.files.all():
                    if file.field_name in names:
                        link = format_html('<a href="{}">{}</a>', file_url(file), file.filename)
                        row["fields"][names.index(file.field_name)] = link
        return context

    def to_row_dict(self, item: FormSubmission) -> dict[str, Any]:
        row = super().to_row_dict(item)
        for name, value in row.items():
            if isinstance(value, str) and _FORMULA.match(value):
                row[name] = f"'{value}"
        for file in item.files.all():
            if file.field_name in row:
                row[file.field_name] = settings.WAGTAILADMIN_BASE_URL + file_url(file)
        return row


class FormFileView(View):
    """A file that a visitor sent, for those who may read the answers. It is saved, and never shown."""

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        file = get_object_or_404(FormFile.objects.select_related("submission"), pk=pk)
        if not get_forms_for_user(request.user).filter(pk=file.submission.page_id).exists():
            raise PermissionDenied
        try:
            content = file.file.open("rb")
        except FileNotFoundError as error:
            raise Http404(_("This file is no longer there.")) from error
        response = FileResponse(content, as_attachment=True, filename=file.filename, content_type=file.mime_type)
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response["Cache-Control"] = "private, no-store"
        return response


def file_url(file: FormFile) -> str:
    return reverse("blog_form_file", args=[file.pk])


urlpatterns: list[URLPattern] = [path("forms/files/<int:pk>/", FormFileView.as_view(), name="blog_form_file")]
