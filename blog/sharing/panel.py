"""What to say where a page is shared, and where it is posted when it is published."""

from typing import Any

from django.forms import CheckboxSelectMultiple, Media
from django.forms.widgets import Script
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, Panel

POSTED_HOOK = "describe_postings"
"""Whoever posts pages tells here what has become of it: ``fn(page, user) -> list[{"text", "url", "is_error"}]``."""


class SharingPanel(Panel):
    """A text for each network, made of the draft as it was saved, with what it measures there and a link to share.

    With the name of a ``TextsField``, an editor may write others.
    """

    def __init__(self, field_name: str = "", **kwargs: Any):
        kwargs.setdefault("heading", _("Share it"))
        super().__init__(**kwargs)
        self.field_name = field_name

    def clone_kwargs(self) -> dict[str, Any]:
        return super().clone_kwargs() | {"field_name": self.field_name}

    def get_form_options(self) -> dict[str, Any]:
        return {"fields": [self.field_name]} if self.field_name else {}

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
            from blog.sharing.links import measured, share_links
            from blog.sharing.networks import NETWORKS

            links = share_links(self.instance, Surroundings([self.instance], self.request))
            own = self._own_texts(list(NETWORKS))
            return super().get_context_data(parent_context) | {
                "texts": [link | {"own": own.get(link["network"])} for link in measured(links)],
                "errors": self.form[self.panel.field_name].errors if own else [],
                "is_public": self.instance.live,
            }

        def _own_texts(self, networks: list[str]) -> dict[str, dict[str, Any]]:
            name = self.panel.field_name
            if not name or name not in self.form.fields:
                return {}
            bound = self.form[name]
            widgets = bound.field.widget.get_context(bound.html_name, bound.value(), {})["widget"]["subwidgets"]
            return dict(zip(networks, widgets, strict=True))


class AccountsPanel(FieldPanel):
    """The accounts to which a post goes; nothing as long as there are none."""

    def __init__(self, field_name: str, **kwargs: Any):
        kwargs.setdefault("widget", CheckboxSelectMultiple)
        super().__init__(field_name, **kwargs)

    class BoundPanel(FieldPanel.BoundPanel):
        def is_shown(self) -> bool:
            from blog.models import SharingAccount

            return super().is_shown() and SharingAccount.objects.exists()


class PostedPanel(Panel):
    """What has become of the postings of a page."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "blog/sharing/posted.html"
        request: HttpRequest

        def is_shown(self) -> bool:
            return super().is_shown() and self.instance.pk is not None and bool(self.postings)

        @cached_property
        def postings(self) -> list[dict[str, Any]]:
            describe = hooks.get_hooks(POSTED_HOOK)
            return [one for tell in describe for one in tell(self.instance, self.request.user)]

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return super().get_context_data(parent_context) | {"postings": self.postings}
