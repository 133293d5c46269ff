"""What search engines and networks will show, live beside the fields, and hints how to do better."""

from typing import Any

from django.forms import Media
from django.forms.widgets import Script
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin.panels import Panel

PICTURES = ("social_image", "thumbnail", "featured_image", "poster", "cover")
"""Fields with a picture, in the order in which one of them is shared."""

TITLE_LENGTH, DESCRIPTION_LENGTH = 60, (50, 160)
"""Characters that results of search engines have room for on most screens; they cut by width, not by number."""


class SeoPanel(Panel):
    """The result of a search and the card of a network, as they will look with what stands in the form."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "blog/seo/panel.html"

        @cached_property
        def media(self) -> Media:
            # The stubs know of names only.
            module: Any = Script("blog/seo/panel.js", type="module")
            return Media(css={"all": ["blog/seo/panel.css"]}, js=[module])

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            page = self.instance
            # A page that is being added is below none yet.
            parent = page.get_parent() if page.pk else self.form.parent_page
            is_home = parent is None or parent.is_root()
            above = (page if is_home else parent.specific).get_full_url(self.request) or ""
            fields = self.form.fields
            return super().get_context_data(parent_context) | {
                "check_url": reverse("seo_check"),
                "page_id": page.pk or "",
                "parent_id": parent.pk if parent is not None else "",
                "above": above,
                "is_home": is_home,
                "pictures": ",".join(name for name in PICTURES if name in fields),
                "title_length": TITLE_LENGTH,
                "description_shortest": DESCRIPTION_LENGTH[0],
                "description_length": DESCRIPTION_LENGTH[1],
            }
