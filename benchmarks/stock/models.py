"""A post with the fields of Darkroom's that Wagtail knows; its picture in three sizes, as Wagtail's guide has it."""

from django.db import models
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail import blocks
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.images.api.fields import ImageRenditionField
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Page

SIZES = {"small": "width-320|format-webp", "medium": "width-640|format-webp", "large": "width-1280|format-webp"}


class Person(models.Model):
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=100)
    bio = models.TextField()

    api_fields = ["name", "role", "bio"]

    def __str__(self) -> str:
        return self.name


class Category(models.Model):
    name = models.CharField(max_length=100)
    slug = models.SlugField()
    description = models.TextField()

    api_fields = ["name", "slug", "description"]

    def __str__(self) -> str:
        return self.name


class PostTag(TaggedItemBase):
    content_object = ParentalKey("stock.PostPage", on_delete=models.CASCADE, related_name="tagged_items")


class PostPage(Page):
    summary = models.TextField()
    date = models.DateField()
    featured_image = models.ForeignKey("wagtailimages.Image", null=True, on_delete=models.SET_NULL, related_name="+")
    author = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    category = models.ForeignKey(Category, null=True, on_delete=models.SET_NULL, related_name="+")
    tags = ClusterTaggableManager(through=PostTag)
    body = StreamField(
        [
            ("heading", blocks.StructBlock([("text", blocks.CharBlock()), ("level", blocks.CharBlock())])),
            ("rich_text", blocks.RichTextBlock()),
            (
                "image",
                blocks.StructBlock(
                    [
                        ("image", ImageChooserBlock()),
                        ("alt_text", blocks.CharBlock()),
                        ("decorative", blocks.BooleanBlock(required=False)),
                        ("caption", blocks.CharBlock(required=False)),
                    ]
                ),
            ),
            (
                "quote",
                blocks.StructBlock(
                    [
                        ("text", blocks.TextBlock()),
                        ("attribution", blocks.CharBlock()),
                        ("source", blocks.URLBlock(required=False)),
                    ]
                ),
            ),
        ]
    )

    api_fields = [
        APIField("summary"),
        APIField("date"),
        APIField("featured_image"),
        *(
            APIField(f"featured_image_{name}", serializer=ImageRenditionField(spec, source="featured_image"))
            for name, spec in SIZES.items()
        ),
        APIField("author"),
        APIField("category"),
        APIField("tags"),
        APIField("body"),
    ]
