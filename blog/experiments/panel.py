from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel


class ExperimentsPanel(Panel):
    """The experiments on a post, with their results; for who may publish it."""

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("heading", _("Experiments"))
        super().__init__(*args, **kwargs)

    class BoundPanel(Panel.BoundPanel):
        template_name = "blog/admin/experiments_panel.html"
        request: HttpRequest

        def is_shown(self) -> bool:
            if not super().is_shown() or self.instance.pk is None:
                return False
            return self.instance.permissions_for_user(self.request.user).can_publish()

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            # Models have panels, so these can't be there before models are.
            from blog.experiments.results import results
            from blog.experiments.words import verdict

            found = list(self.instance.experiments.all())
            by_id = results(found)
            return super().get_context_data(parent_context) | {
                "experiments": [
                    {
                        "name": one.name,
                        "state": one.get_state_display(),
                        "verdict": verdict(by_id[one.pk]) if one.state != one.State.PLANNED else "",
                        "url": reverse("blog_experiments:inspect", args=[one.pk]),
                    }
                    for one in found
                ],
                "add_url": f"{reverse('blog_experiments:add')}?post={self.instance.pk}",
            }
