from typing import Any

from django.utils.text import slugify

from blog.slugs import free_slug
from media_library.admin.choosing.forms import ChosenMediaForm


class CategoryForm(ChosenMediaForm):
    """A category as editors and programs write it; its slug may be left to Darkroom."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        name, slug = cleaned.get("name") or "", cleaned.get("slug") or ""
        # What the browser has made of the name counts as made by itself.
        if name and "slug" in self.fields and (not slug or (not self.instance.pk and slug == slugify(name))):
            others = type(self.instance).objects.exclude(pk=self.instance.pk)
            cleaned["slug"] = free_slug(name, others, 100, "category")
        return cleaned
