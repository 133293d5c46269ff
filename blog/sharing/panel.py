"""What to say where a page is shared, ready to be copied."""

from typing import Any

from django.forms import Media
from django.forms.widgets import Script
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel


class SharingPanel(Panel):
    """A text for each network, made of the draft as it was saved, with what it measures there and a link to share."""

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("heading", _("Share it"))
        super().__init__(*args, **kwargs)

    class BoundPanel(Panel.BoundPanel):
        template_name = "blog/sharing/panel.html"
        request: HttpRequest

        @cached_property
        def media(self) -> Media:
            # The stubs know of names only.
            module: Any = Script("blog/sharing/panel.js", type="module")
            return Media(css={"all": ["blog/sharing/panel.css"]}, js=[module])

        def is_shown(self) -> bool:
            return super().is_shown() and self.instance.pk is not None

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            # Models have panels, so these can't be there before models are.
            from blog.seo.surroundings import Surroundings
            from blog.sharing.links import share_links
            from blog.sharing.networks import NETWORKS

            links = share_links(self.instance, Surroundings([self.instance], self.request))
            return super().get_context_data(parent_context) | {
                "texts": [
                    {
                        **link,
                        "limit": NETWORKS[link["network"]].limit,
                        "measure": NETWORKS[link["network"]].measure(link["text"]),
                    }
                    for link in links
                ],
                "is_public": self.instance.live,
            }
