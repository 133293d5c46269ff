"""Categories in the admin: the tree as a list, in an order that editors give it."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.utils import quote, unquote
from django.db import transaction
from django.db.models import Case, Model, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.ui.tables import BaseColumn, BooleanColumn, TitleColumn
from wagtail.admin.views.generic import ReorderView
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from blog.filing import count_posts, why_kept
from blog.models import Category
from blog.signals import categories_sorted

INDENT = "\N{NO-BREAK SPACE}" * 6
"""Before a name, for each category above: spaces are seen, and not read out."""


class CategoryIndexView(IndexView):
    """The whole tree, to be dragged or moved with the keyboard; what is searched or filtered comes as a plain list."""

    default_ordering = "sort_order"

    @cached_property
    def tree(self) -> Any:
        return Category.tree()

    @cached_property
    def columns(self) -> list[BaseColumn]:
        counts = count_posts(self.tree)

        def branch(category: Category) -> str:
            return INDENT * self.tree.depth(category.pk) * bool(self.show_ordering_column) + category.name

        usage = Category.snippet_viewset.get_url_name("usage")
        return [
            self._get_title_column_class(TitleColumn)(
                "name", label=_("Name"), accessor=branch, sort_key="name", get_url=self.get_edit_url
            ),
            BooleanColumn("is_active", label=_("Active"), sort_key="is_active"),
            BooleanColumn("is_featured", label=_("Featured"), sort_key="is_featured"),
            TitleColumn(
                "posts",
                label=_("Posts"),
                accessor=lambda category: str(counts[category.pk].own),
                get_url=lambda category: reverse(usage, args=[quote(category.pk)]),
            ),
        ]

    def order_queryset(self, queryset: QuerySet[Category]) -> QuerySet[Category]:
        if not self.show_ordering_column or not self.tree.places:
            return super().order_queryset(queryset)
        return queryset.order_by(Case(*(When(pk=pk, then=Value(place)) for pk, place in self.tree.places.items())))


class CategoryReorderView(ReorderView):
    """Moves a category among its siblings, with all below it, to the side of the place where it was dropped."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        moved = get_object_or_404(Category, pk=unquote(str(kwargs["pk"])))
        with transaction.atomic():
            # Two editors may drag in the same moment.
            list(Category.objects.select_for_update().order_by("pk").values_list("pk"))
            order = list(Category.tree().places)
            order.remove(moved.pk)
            position = request.GET.get("position", "")
            order.insert(int(position) if position.isdecimal() and len(position) < 9 else len(order), moved.pk)
            siblings = Category.objects.filter(parent=moved.parent_id).in_bulk()
            for place, pk in enumerate(pk for pk in order if pk in siblings):
                siblings[pk].sort_order = place
            Category.objects.bulk_update(siblings.values(), ["sort_order"])
            categories_sorted.send(Category)
        return JsonResponse({"success": True})


class CategoryViewSet(SnippetViewSet):
    model = Category
    icon = "folder-open-inverse"
    list_filter = ["is_active", "is_featured", "parent"]
    sort_order_field = "sort_order"
    index_view_class = CategoryIndexView
    reorder_view_class = CategoryReorderView


def refuse_deletion(request: HttpRequest, objects: Iterable[Model]) -> HttpResponse | None:
    """Say why categories can't be deleted, one or many, before anybody is asked whether they want it."""
    reasons = [reason for one in objects if isinstance(one, Category) and (reason := why_kept(one))]
    if not reasons:
        return None
    for reason in reasons:
        messages.error(request, reason)
    return redirect(Category.snippet_viewset.get_url_name("list"))
