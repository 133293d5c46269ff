"""The last part of an address, made of a title or a name."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.coreutils import string_to_ascii

SUFFIX = 12
"""Letters that a number after a slug may take, with its hyphen."""


def free_slug(text: str, others: QuerySet, longest: int, otherwise: str, *, may_be_unicode: bool = False) -> str:
    """A slug of at most ``longest`` letters that none of ``others`` has, in one query.

    A long text is cut at a word, and what is taken gets a number: ``at-sea``, ``at-sea-2``. A text of which no slug
    can be made in letters that are allowed is written in Latin ones (``Море`` is ``more``, an emoji its name); where
    that leaves nothing either, it is ``otherwise``.
    """
    slug = slugify(text, allow_unicode=True) if may_be_unicode else ""
    slug = _cut(slug or slugify(string_to_ascii(text)) or otherwise, longest)
    # The beginning that all candidates share, however long their numbers are.
    start = _cut(slug, longest - SUFFIX)
    taken = set(others.filter(slug__startswith=start).values_list("slug", flat=True))
    candidate, number = slug, 1
    while candidate in taken:
        number += 1
        suffix = f"-{number}"
        candidate = _cut(slug, longest - len(suffix)) + suffix
    return candidate


def free_page_slug(title: str, siblings: QuerySet, otherwise: str) -> str:
    """As ``free_slug``, for a page beside these others."""
    may_be_unicode = getattr(settings, "WAGTAIL_ALLOW_UNICODE_SLUGS", True)
    longest = siblings.model._meta.get_field("slug").max_length
    return free_slug(title, siblings, longest, otherwise, may_be_unicode=may_be_unicode)


class SlugMixin:
    """Of the form of a page. An empty slug is made of the title; one that is taken is told, with one that is free."""

    instance: Any
    parent_page: Any
    fields: dict[str, Any]
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        parent = self.parent_page or (self.instance.get_parent() if self.instance.pk else None)
        if parent is None:
            return slug
        siblings = parent.get_children().not_page(self.instance)
        if not slug:
            title = self.cleaned_data.get("title") or self.instance.title
            return free_page_slug(title, siblings, self.instance.slug_without_title) if title else ""
        if siblings.filter(slug=slug).exists():
            raise ValidationError(
                _("Another page here has the address “%(slug)s”. Choose another one; “%(free)s” is free."),
                code="slug_taken",
                params={"slug": slug, "free": free_page_slug(slug, siblings, slug)},
            )
        return slug


def _cut(slug: str, longest: int) -> str:
    """No longer than that, and after a whole word if there is more than one."""
    if len(slug) <= longest:
        return slug
    return (slug[: longest + 1].rpartition("-")[0] or slug[:longest]).rstrip("-")
