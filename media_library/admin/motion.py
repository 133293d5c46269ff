"""Parting with the film of a motion photo."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.log_actions import LogActionRegistry

from media_library.admin.editing.views import ChangeImageMixin
from media_library.motion import LOG_SEPARATE, separate


class SeparateFilmView(ChangeImageMixin, View):
    """Make a motion photo a still. Its film stays in the library."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, image_id: int) -> HttpResponse:
        film = self.image.motion
        separate(self.image, request.user)
        if film is not None:
            text = _(
                "The picture is a still now. Its film, “%(title)s”, stays in the library, and can be deleted there."
            )
            messages.success(request, text % {"title": film.title})
        return redirect("wagtailimages:edit", image_id)


def register_log_actions(actions: LogActionRegistry) -> None:
    actions.register_action(
        LOG_SEPARATE, gettext_lazy("Separate the film of a motion photo"), gettext_lazy("Film separated")
    )
