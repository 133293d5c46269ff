"""Experiments in the admin: a list, a form, and the result of each. Those of posts that the user may publish."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.history import HistoryView
from wagtail.admin.views.generic.usage import UsageView
from wagtail.admin.viewsets.model import ModelViewSet

from blog.editorial.permissions import page_policy
from blog.experiments.results import Result, results
from blog.experiments.words import verdict
from blog.models import Experiment, PostPage
from media_library.admin.board.charts import Cell, Chart, percent, plain
from media_library.admin.choosing.cards import pictures
from media_library.admin.permissions import ObjectPermissionMixin
from media_library.models import CustomImage

NAME = "blog_experiments"


class ExperimentIndexView(generic.IndexView):
    page_title = gettext_lazy("Experiments")
    default_ordering = "-starts_at"

    def get_base_queryset(self) -> QuerySet[Experiment]:
        mine = self.permission_policy.instances_user_has_any_permission_for(self.request.user, {"change"})
        return mine.select_related("post")

    @cached_property
    def columns(self) -> list[BaseColumn]:
        return [
            TitleColumn("name", label=_("Name"), sort_key="name", get_url=self.get_inspect_url),
            Column("post", label=_("Post"), accessor="post.title"),
            Column("slot", label=_("Place"), accessor="get_slot_display", sort_key="slot"),
            Column("state", label=_("State"), accessor="get_state_display", sort_key="state"),
            DateColumn("starts_at", label=_("Starts"), sort_key="starts_at"),
            DateColumn("ends_at", label=_("Ends"), sort_key="ends_at"),
        ]


class AloneMixin:
    """Of two editors who begin one in the same place at the same moment, the second one is told."""

    def form_valid(self: Any, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[misc]
        except IntegrityError:
            form.add_error(
                None, _("Somebody has just begun another one in this place of the post. Let that one end first.")
            )
            # Wagtail notes here what it says above the form.
            self.is_valid(form)
            return self.form_invalid(form)


class ExperimentCreateView(AloneMixin, generic.CreateView):
    def get_initial_form_instance(self) -> Experiment:
        """For the post that the address names, with the picture that is there."""
        asked = self.request.GET.get("post", "")
        experiment = Experiment()
        if asked.isascii() and asked.isdecimal() and len(asked) < 10:
            mine = page_policy().instances_user_has_permission_for(self.request.user, "publish")
            post = PostPage.objects.filter(pk=int(asked), pk__in=mine.values("pk")).first()
            if post is not None:
                experiment.post, experiment.variant_a_id = post, post.thumbnail_id or post.featured_image_id
        return experiment


class ExperimentEditView(AloneMixin, generic.EditView):
    def get_object(self, queryset: QuerySet | None = None) -> Experiment:
        experiment = super().get_object(queryset)
        if not self.user_has_permission_for_instance("change", experiment):
            raise PermissionDenied
        return experiment


class ExperimentDeleteView(ObjectPermissionMixin, generic.DeleteView):
    pass


class ExperimentHistoryView(ObjectPermissionMixin, HistoryView):
    pass


class ExperimentUsageView(ObjectPermissionMixin, UsageView):
    pass


class ResultView(ObjectPermissionMixin, generic.InspectView):
    """Both pictures, how often either was clicked by who saw it, and whether that differs."""

    template_name = "blog/admin/experiment.html"
    page_title = gettext_lazy("Result")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        experiment: Experiment = self.object
        result = results([experiment])[experiment.pk]
        return super().get_context_data(**kwargs) | {
            "experiment": experiment,
            "post_url": reverse("wagtailadmin_pages:edit", args=[experiment.post_id]),
            "verdict": verdict(result),
            "variants": variants(experiment, result),
            "charts": [rates_chart(result)],
        }


def variants(experiment: Experiment, result: Result) -> list[dict[str, Any]]:
    """Both pictures with their counts. A fixed number of queries."""
    images = CustomImage.objects.in_bulk([pk for pk in (experiment.variant_a_id, experiment.variant_b_id) if pk])
    shown = pictures(images.values(), sharp=True)
    counts = result.outcomes
    return [
        {
            "name": name,
            "image": images.get(pk or 0),
            "picture": shown.get(pk or 0),
            "shown": plain(seen),
            "clicked": plain(clicked),
            "is_ahead": result.winner == name.lower(),
        }
        for name, pk, seen, clicked in (
            ("A", experiment.variant_a_id, counts.a_shown, counts.a_clicked),
            ("B", experiment.variant_b_id, counts.b_shown, counts.b_clicked),
        )
    ]


def rates_chart(result: Result) -> Chart:
    is_told = result.outcomes.a_shown or result.outcomes.b_shown
    rates = [("A", result.a), ("B", result.b)] if is_told else []
    return Chart(
        name="rates",
        title=_("Clicks by those who saw it"),
        label=_("Picture"),
        headings=[_("Clicked"), _("At least"), _("At most")],
        rows=[(name, [Cell(number, percent(number)) for number in rate]) for name, rate in rates],
        empty=_("No front end has told of it yet."),
        unit="percent",
        note=_("“At least” and “at most” are what it is with 95% confidence (Wilson)."),
        colours=[1, 5, 5],
    )


class ExperimentViewSet(ModelViewSet):
    model = Experiment
    name = NAME
    url_prefix = "experiments"
    icon = "rotate"
    menu_label = gettext_lazy("Experiments")
    menu_order = 450
    add_to_admin_menu = True
    index_view_class = ExperimentIndexView
    add_view_class = ExperimentCreateView
    edit_view_class = ExperimentEditView
    delete_view_class = ExperimentDeleteView
    history_view_class = ExperimentHistoryView
    usage_view_class = ExperimentUsageView
    inspect_view_enabled = True
    inspect_view_class = ResultView
    inspect_template_name = "blog/admin/experiment.html"
    copy_view_enabled = False
    list_filter = ["state", "slot"]
    search_fields = ["name", "post__title"]
    search_backend_name = None
