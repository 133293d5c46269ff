"""One film: its form, its player, where it is used, what happened to it, and its end."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views import generic
from wagtail.admin.views.generic.history import HistoryView
from wagtail.admin.views.generic.usage import UsageView

from media_library.admin.deletion import GuardedDeleteMixin
from media_library.admin.facts import player
from media_library.admin.forms import VideoForm
from media_library.admin.permissions import ObjectPermissionMixin, video_permission_policy
from media_library.admin.usage import PlacesMixin
from media_library.models import Video


class VideoEditView(generic.EditView):
    template_name = "media_library/videos/edit.html"
    form_class = VideoForm
    success_message = gettext_lazy("Video '%(object)s' updated.")
    error_message = gettext_lazy("The video could not be saved due to errors.")

    def get_object(self, queryset: QuerySet | None = None) -> Video:
        video = super().get_object(queryset)
        if not self.user_has_permission_for_instance("change", video):
            raise PermissionDenied
        return video

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}

    @cached_property
    def next_url(self) -> str:
        return get_valid_next_url_from_request(self.request)

    def get_success_url(self) -> str:
        return self.next_url or super().get_success_url()

    def get_delete_url(self) -> str:
        url = super().get_delete_url()
        return f"{url}?{urlencode({'next': self.next_url})}" if self.next_url else url

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {
            "video": self.object,
            "next": self.next_url,
            "player": player(self.object),
            "usage_url": self.get_usage_url(),
            "usage_count": self.object.get_usage().count(),
        }


@require_GET
@cache_control(private=True, no_store=True)
def video_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The player and the facts of the edit page, which fetches them anew when the film is ready."""
    video = get_object_or_404(Video, pk=pk)
    if not video_permission_policy.user_has_permission_for_instance(request.user, "change", video):
        raise PermissionDenied
    return render(request, "media_library/videos/preview.html", {"video": video, "player": player(video)})


class VideoDeleteView(GuardedDeleteMixin, ObjectPermissionMixin, generic.DeleteView):
    template_name = "media_library/videos/confirm_delete.html"
    page_title = gettext_lazy("Delete video")
    context_object_name = "video"
    success_message = gettext_lazy("Video '%(object)s' deleted.")

    @property
    def confirmation_message(self) -> str:
        return _("Are you sure you want to delete this video?")


class VideoUsageView(PlacesMixin, ObjectPermissionMixin, UsageView):
    pass


class VideoHistoryView(ObjectPermissionMixin, HistoryView):
    any_permission_required = ("change", "delete")
