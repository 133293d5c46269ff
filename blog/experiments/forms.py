from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from blog.editorial.permissions import page_policy
from media_library.admin.choosing.forms import ChosenMediaForm


class ExperimentForm(ChosenMediaForm):
    """Whoever experiments on a post decides what its readers see: they must be allowed to publish it."""

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        post = data.get("post")
        user = self.for_user
        if post is not None and user and not page_policy().user_has_permission_for_instance(user, "publish", post):
            self.add_error("post", ValidationError(_("You may not publish this post.")))
        return data
