"""The table of texts: one row for each file, a page at a time, saved row by row."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminAutoHeightTextInput

from media_library.admin.bulk.operations import INDEX_TITLE, own_operations
from media_library.admin.facts import thumbnail_urls_of
from media_library.bulk import may
from media_library.bulk.loading import load
from media_library.bulk.texts import FIELDS, fields_of, finish_page, save_texts, text_of
from media_library.exceptions import NotChanged
from media_library.models import Asset, BulkBatch, BulkOperation

LABELS = {
    "title": gettext_lazy("Title"),
    "alt_text": gettext_lazy("Alt text"),
    "credit": gettext_lazy("Credit"),
    "caption": gettext_lazy("Caption"),
}


class RowForm(forms.Form):
    """The texts of one asset, and beside each, hidden, what was shown when the page was made."""

    def __init__(self, asset: Asset, data: QueryDict | None = None):
        self.asset = asset
        self.texts = {name: text_of(asset, name) for name in fields_of(asset)}
        shown = {f"shown_{name}": text for name, text in self.texts.items()}
        super().__init__(data, prefix=f"row-{asset.pk}", initial=self.texts | shown, auto_id="%s")
        for name in self.texts:
            field: Any = Asset._meta.get_field(name).formfield()
            field.label, field.help_text = f"{LABELS[name]}: {asset.title}", ""
            if name in ("alt_text", "caption"):
                field.widget = AdminAutoHeightTextInput(attrs={"rows": 1})
            field.widget.attrs |= {"aria-label": field.label, "data-column": name}
            self.fields[name] = field
            self.fields[f"shown_{name}"] = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def cells(self) -> list[dict[str, Any]]:
        """A cell for each column, also for one that this asset has nothing for."""
        return [
            {"label": LABELS[name], "field": self[name], "shown": self[f"shown_{name}"]} if name in self.texts else {}
            for name in FIELDS
        ]

    def is_sent(self) -> bool:
        return self.add_prefix("title") in self.data

    def save(self, user: Any, operation: BulkOperation) -> bool:
        """Save what was changed; False, with an error at its place, if that can't be done."""
        if not self.is_valid():
            return False
        shown = {name: self.cleaned_data[f"shown_{name}"] for name in self.texts}
        wanted = {name: self.cleaned_data[name] for name in self.texts}
        try:
            theirs = save_texts(self.asset.pk, shown, wanted, user, operation.pk)
        except NotChanged as error:
            self.add_error(None, str(error))
            return False
        for name, text in theirs.items():
            # Seen now: saving once more overwrites it.
            self.data[self.add_prefix(f"shown_{name}")] = text  # type: ignore[index]
            now = (
                _("Somebody else has written “%(text)s”.") % {"text": text} if text else _("Somebody else emptied it.")
            )
            self.add_error(name, now + " " + _("Save again to write yours over it."))
        return not theirs


class TextsView(WagtailAdminTemplateMixin, TemplateView):
    """One page of the table. What could not be saved is shown again as it was typed; the rest is saved."""

    template_name = "media_library/bulk/texts.html"
    page_title = gettext_lazy("Edit texts")
    header_icon = "edit"

    @cached_property
    def operation(self) -> BulkOperation:
        found = own_operations(self.request.user).filter(pk=self.kwargs["pk"], action=BulkOperation.Action.TEXTS)
        operation = found.exclude(state=BulkOperation.State.CANCELLED).first()
        if operation is None or operation.user_id != self.request.user.pk:
            raise Http404
        return operation

    @cached_property
    def number(self) -> int:
        """Which page this is; without one in the address, the first that is not done."""
        if "p" in self.request.GET:
            page = self.request.GET["p"]
            if not (page.isascii() and page.isdigit() and len(page) < 8 and 1 <= int(page) <= self.pages):
                raise Http404
            return int(page)
        undone = self.operation.batches.filter(is_done=False).first()
        return undone.number + 1 if undone else 1

    @cached_property
    def pages(self) -> int:
        return self.operation.batches.count()

    @cached_property
    def batch(self) -> BulkBatch:
        return self.operation.batches.get(number=self.number - 1)

    @cached_property
    def assets(self) -> list[Asset]:
        return [asset for asset in load(self.batch.asset_ids) if may(self.request.user, "change", asset)]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("media_library_operations"), "label": INDEX_TITLE},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = kwargs.pop("rows", None) or [RowForm(asset) for asset in self.assets]
        thumbnails = thumbnail_urls_of(self.assets)
        finder = AdminURLFinder(self.request.user)
        address = reverse("media_library_operation_texts", args=(self.operation.pk,))
        return super().get_context_data(**kwargs) | {
            "operation": self.operation,
            "labels": [LABELS[name] for name in FIELDS],
            "rows": [
                {"form": row, "thumbnail": thumbnails.get(row.asset.pk), "edit_url": finder.get_edit_url(row.asset)}
                for row in rows
            ],
            "number_gone": len(self.batch.asset_ids) - len(self.assets),
            "page": self.number,
            "pages": self.pages,
            "previous_url": f"{address}?p={self.number - 1}" if self.number > 1 else "",
            "next_url": f"{address}?p={self.number + 1}" if self.number < self.pages else "",
            "action_url": f"{address}?p={self.number}",
            "has_errors": any(row.is_bound and row.errors for row in rows),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        data = request.POST.copy()
        rows, wrong = [], 0
        for asset in self.assets:
            row = RowForm(asset, data)
            if not row.is_sent():
                # Came into view since the page was made.
                rows.append(RowForm(asset))
            elif row.save(request.user, self.operation):
                # As it is now, with what others have written into it meanwhile.
                rows.append(RowForm(next(iter(load([asset.pk])), asset)))
            else:
                rows.append(row)
                wrong += 1
        if wrong:
            messages.error(request, self.describe_wrong(wrong))
            return self.render_to_response(self.get_context_data(rows=rows), status=422)
        finish_page(self.batch)
        messages.success(
            request, _("Page %(page)s of %(pages)s is saved.") % {"page": self.number, "pages": self.pages}
        )
        context = self.get_context_data(rows=rows)
        done = reverse("media_library_operation", args=(self.operation.pk,))
        return redirect(context["next_url"] or done)

    def describe_wrong(self, wrong: int) -> str:
        return ngettext(
            "%(number)s row could not be saved; it says why. All others are saved.",
            "%(number)s rows could not be saved; they say why. All others are saved.",
            wrong,
        ) % {"number": wrong}
