from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.search import index

from blog.models.category import Category
from blog.models.content_page import ContentPage
from blog.models.post import PostPage
from media_library.api.library import library

POSTS_PER_PAGE = 12


class BlogIndexPage(ContentPage):
    """The list of posts, which are the pages below it. May be a site's root."""

    intro = models.TextField(
        _("introduction"), blank=True, help_text=_("One or two sentences below the title: what is this blog about?")
    )

    content_panels = [*ContentPage.content_panels, FieldPanel("intro")]
    search_fields = [*ContentPage.search_fields, index.SearchField("intro")]
    api_fields = [APIField("intro", writable=True), *ContentPage.api_fields]

    parent_page_types = ["wagtailcore.Page", "blog.LandingPage"]
    subpage_types = [
        "blog.PostPage",
        "blog.LandingPage",
        "blog.GalleryPage",
        "blog.EventPage",
        "blog.PersonPage",
        "blog.FormPage",
    ]
    template = "blog/blog_index_page.html"

    class Meta:
        verbose_name = _("blog")
        verbose_name_plural = _("blogs")

    @property
    def listed_summary(self) -> str:
        return super().listed_summary or self.intro

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        tree = Category.tree()
        categories = {one.slug: one for one in Category.objects.filter(pk__in=tree.visible)}
        category = categories.get(request.GET.get("category", ""))
        posts = PostPage.objects.child_of(self).live().public().select_related("author", "category")
        if category is not None:
            filed = Q(category=category) | Q(pk__in=category.further_posts.values("pk"))
            posts = posts.filter(filed)
        posts = posts.defer_streamfields().order_by("-date", "-pk")
        page = Paginator(posts, POSTS_PER_PAGE).get_page(request.GET.get("p"))
        page.object_list = list(page.object_list)
        library().attach(page.object_list)
        return super().get_context(request, *args, **kwargs) | {
            "posts": page,
            "category": category,
            "categories": sorted(categories.values(), key=lambda one: tree.places[one.pk]),
        }
