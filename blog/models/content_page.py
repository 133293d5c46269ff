from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.models import Page, Revision
from wagtail.search import index

from blog.contents import table_of_contents
from blog.editorial.forms import EditorialPageForm, WrittenEditorialPageForm
from blog.editorial.permissions import EditorialPermissionTester, User
from blog.editorial.publication import PUBLICATION, PublishAction
from blog.models.front_end import FrontEndMixin
from blog.popularity.panel import ViewsPanel
from blog.seo.panel import SeoPanel
from blog.slugs import free_page_slug
from media_library.api.library import library

SCHEDULE = ("go_live_at", "expire_at")
"""When a page is to be seen: for who writes pages by API v3, and nothing that visitors are told."""

SEO = ("keywords", "canonical_url", "no_index", "social_title", "social_description", "social_image")
"""What search engines and social networks are told, as it is written; readers of the API get ``seo``, filled in."""


class ContentPage(FrontEndMixin, Page):
    """What every page of Darkroom has: an address on the front end, words for search engines, and who published it."""

    keywords = models.CharField(
        _("keywords"),
        max_length=255,
        blank=True,
        help_text=_("Words that somebody may look for. Separate with commas."),
    )
    canonical_url = models.URLField(
        _("canonical address"),
        max_length=1000,
        blank=True,
        help_text=_("Only if this was first published elsewhere: the address there, which search engines shall show."),
    )
    no_index = models.BooleanField(
        _("hide from search engines"),
        default=False,
        help_text=_("The page stays public, and is left out of the sitemap."),
    )
    social_title = models.CharField(
        _("title when shared"), max_length=255, blank=True, help_text=_("Leave it empty to use the title.")
    )
    social_description = models.TextField(
        _("description when shared"), blank=True, max_length=400, help_text=_("Leave it empty to use the summary.")
    )
    social_image = models.ForeignKey(
        "media_library.CustomImage",
        verbose_name=_("picture when shared"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("1200 by 630 pixels or larger. Without one, a card is made of picture and title."),
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("published by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)

    slug: str

    pictures: tuple[str, ...] = ()
    """Fields that hold its picture, or that of an object (``person.portrait``), the best one for lists first. What is
    empty falls back on those after it, and ``social_image`` on all of them."""

    base_form_class = EditorialPageForm
    api_base_form_class = WrittenEditorialPageForm
    exclude_fields_in_copy = [*PUBLICATION]
    promote_panels = [
        *Page.promote_panels,
        MultiFieldPanel(
            [FieldPanel("keywords"), FieldPanel("canonical_url"), FieldPanel("no_index")],
            heading=_("For search engines"),
        ),
        MultiFieldPanel(
            [FieldPanel("social_title"), FieldPanel("social_description"), FieldPanel("social_image")],
            heading=_("When shared"),
        ),
        SeoPanel(heading=_("How it will look")),
        ViewsPanel(),
    ]
    settings_panels = [
        *Page.settings_panels,
        MultiFieldPanel([FieldPanel(name, read_only=True) for name in PUBLICATION], heading=_("Publication")),
    ]
    search_fields = [*Page.search_fields, index.SearchField("keywords")]
    api_fields = [
        *(APIField(name, writable=True) for name in (*SCHEDULE, *SEO)),
        *(APIField(name) for name in PUBLICATION),
    ]

    class Meta:
        abstract = True

    @property
    def slug_without_title(self) -> str:
        """The slug of a page whose title has nothing to make one of, as the word for its type: ``post``."""
        return slugify(self._meta.model_name.removesuffix("page"))

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self.fill_slug()
        super().full_clean(*args, **kwargs)

    def minimal_clean(self) -> None:
        self.fill_slug()
        super().minimal_clean()

    def fill_slug(self) -> None:
        """Make a slug of the title, if there is none and it is known where the page will be."""
        if self.slug:
            return
        # API v3 knows the parent of a page that has no place in the tree yet.
        parent = getattr(self, "_cached_parent_obj", None) or (self.get_parent() if self.path else None)
        if parent is not None:
            siblings = parent.get_children().not_page(self)
            self.slug = free_page_slug(self.title, siblings, self.slug_without_title)

    @property
    def listed_summary(self) -> str:
        """A sentence or two for lists."""
        return getattr(self, "summary", "") or self.search_description

    @property
    def listed_date(self) -> date | None:
        """The day, or the moment, that lists show; None where the page is not of any day."""
        return None

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        library().attach([self])
        context = super().get_context(request, *args, **kwargs)
        if (body := getattr(self, "body", None)) is not None:
            context["table_of_contents"] = table_of_contents(body)
            # Only here are they known to be unique.
            for block, entry in zip(body.blocks_by_name("heading"), context["table_of_contents"], strict=False):
                block.value.anchor = entry["id"]
        return context

    def permissions_for_user(self, user: User) -> EditorialPermissionTester:
        return EditorialPermissionTester(user, self)

    def publish(self, revision: Revision, *args: Any, skip_permission_checks: bool = False, **kwargs: Any) -> None:
        PublishAction(revision, *args, **kwargs).execute(skip_permission_checks=skip_permission_checks)

    def with_content_json(self, content: dict[str, Any]) -> Self:
        page = super().with_content_json(content)
        page.published_by_id, page.published_at = self.published_by_id, self.published_at
        return page
