import datetime
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from taggit.models import TaggedItemBase
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from blog.blocks.body import BodyBlock
from blog.contents import reading_time
from blog.experiments.panel import ExperimentsPanel
from blog.models.content_page import ContentPage
from blog.sharing.fields import TextsField
from blog.sharing.panel import AccountsPanel, PostedPanel, SharingPanel
from blog.visible import Visible
from media_library.api.library import library


class PostTag(TaggedItemBase):
    """A tag on a post."""

    content_object = ParentalKey("blog.PostPage", on_delete=models.CASCADE, related_name="tagged_items")


class PostAuthor(Orderable):
    """Somebody who wrote a post together with its author."""

    page = ParentalKey("blog.PostPage", on_delete=models.CASCADE, related_name="further_authors")
    person = models.ForeignKey(
        "blog.Person", verbose_name=_("person"), on_delete=models.CASCADE, related_name="further_posts"
    )

    panels = [FieldPanel("person")]
    api_fields = [APIField("person", writable=True)]


class RelatedPost(Orderable):
    """A post that an editor chose to stand beside another one."""

    page = ParentalKey("blog.PostPage", on_delete=models.CASCADE, related_name="chosen_posts")
    post = models.ForeignKey("blog.PostPage", verbose_name=_("post"), on_delete=models.CASCADE, related_name="+")

    panels = [PageChooserPanel("post")]
    api_fields = [APIField("post", writable=True)]


class PostPage(ContentPage):
    """A post."""

    summary = models.TextField(
        _("summary"),
        blank=True,
        max_length=400,
        help_text=_("What the post is about, in one or two sentences. Shown in lists and above the post."),
    )
    date = models.DateField(
        _("date"), default=timezone.localdate, help_text=_("The day that readers see. It decides the order of posts.")
    )
    featured_image = models.ForeignKey(
        "media_library.CustomImage",
        verbose_name=_("featured image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The picture at the top of the post, in lists, and where the post is shared."),
    )
    thumbnail = models.ForeignKey(
        "media_library.CustomImage",
        verbose_name=_("thumbnail"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Another picture for lists. Leave it empty to use the featured image."),
    )
    author = models.ForeignKey(
        "blog.Person",
        verbose_name=_("author"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="posts",
    )
    category = models.ForeignKey(
        "blog.Category",
        verbose_name=_("category"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="posts",
    )
    further_categories = ParentalManyToManyField(
        "blog.Category",
        verbose_name=_("further categories"),
        blank=True,
        related_name="further_posts",
        help_text=_("Where the post is listed besides."),
    )
    series = models.ForeignKey(
        "blog.Series",
        verbose_name=_("series"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="posts",
        help_text=_("Posts that belong together, in their order."),
    )
    series_part = models.PositiveIntegerField(
        _("part"), null=True, blank=True, help_text=_("1 for the first post of the series.")
    )
    tags = ClusterTaggableManager(
        through=PostTag,
        blank=True,
        verbose_name=_("tags"),
        help_text=_("Words by which related posts are found. Separate them with commas."),
    )
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("body"))
    share_texts = TextsField(_("own texts for networks"), db_default={})
    share_on = ParentalManyToManyField(
        "blog.SharingAccount",
        verbose_name=_("accounts"),
        blank=True,
        related_name="+",
        help_text=_("It is posted there once, when it is public."),
    )

    pictures = ("thumbnail", "featured_image")

    content_panels = [
        *ContentPage.content_panels,
        FieldPanel("summary"),
        FieldPanel("featured_image"),
        FieldPanel("body"),
        MultiFieldPanel(
            [
                FieldPanel("date"),
                FieldPanel("author"),
                InlinePanel("further_authors", label=_("Author"), heading=_("Further authors")),
                FieldPanel("category"),
                FieldPanel("further_categories"),
                FieldPanel("tags"),
            ],
            heading=_("About this post"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("series"), FieldPanel("series_part")]),
                InlinePanel("chosen_posts", label=_("Related post"), heading=_("Related posts")),
                FieldPanel("thumbnail"),
            ],
            heading=_("In lists and beside it"),
            classname="collapsed",
        ),
    ]
    promote_panels = [
        *ContentPage.promote_panels,
        SharingPanel("share_texts"),
        MultiFieldPanel([AccountsPanel("share_on"), PostedPanel()], heading=_("Post it when it is published")),
        ExperimentsPanel(),
    ]
    search_fields = [
        *ContentPage.search_fields,
        index.SearchField("summary", boost=2),
        index.AutocompleteField("summary"),
        index.SearchField("body"),
        index.RelatedFields("tags", [index.SearchField("name")]),
        index.RelatedFields("author", [index.SearchField("name")]),
        index.FilterField("date"),
        index.FilterField("category"),
        index.FilterField("author"),
        index.FilterField("series"),
    ]
    api_fields = [
        *(
            APIField(name, writable=True)
            for name in (
                *("summary", "date", "featured_image", "thumbnail", "author", "further_authors"),
                *("category", "further_categories", "tags", "series", "series_part", "chosen_posts", "body"),
            )
        ),
        *ContentPage.api_fields,
    ]

    # A copy is another post: it goes nowhere by itself.
    exclude_fields_in_copy = [*ContentPage.exclude_fields_in_copy, "share_on", "share_texts"]
    parent_page_types = ["blog.BlogIndexPage"]
    subpage_types: list[str] = []
    template = "blog/post_page.html"

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        # The newest of all, and of a category, are asked for again and again.
        indexes = [
            models.Index(fields=["date"], name="blog_post_date"),
            models.Index(fields=["category", "date"], name="blog_post_category_date"),
        ]

    @property
    def listed_date(self) -> datetime.date:
        return self.date

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        # It looks posts up, so it can't be there before they are.
        from blog.api.newsroom import Newsroom

        newsroom = Newsroom(self._beside)
        people = newsroom.authors(self)
        library().attach(people)
        related = newsroom.related(self)
        library().attach(related)
        return super().get_context(request, *args, **kwargs) | {
            "authors": [{"person": one, "page": newsroom.page_of(one, self.locale_id)} for one in people],
            "categories": newsroom.categories(self),
            "parts": newsroom.parts(self),
            "related": related,
            "reading_time": reading_time(self.body),
        }

    def _beside(self) -> Visible:
        """Public pages of the tree that this one is in: those of its site, in its language."""
        return Visible((self.path[: 2 * Page.steplen],), library().restricted_pages)
