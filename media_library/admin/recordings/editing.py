"""One film or sound: its form, its player, where it is used, what happened to it, and its end."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.functional import Promise, cached_property
from django.utils.http import urlencode
from django.views.generic import DetailView
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views import generic
from wagtail.admin.views.generic.history import HistoryView
from wagtail.admin.views.generic.usage import UsageView
from wagtail.permissions import policy_registry

from media_library.admin.deletion import GuardedDeleteMixin
from media_library.admin.facts import player
from media_library.admin.permissions import ObjectPermissionMixin
from media_library.admin.recordings.kinds import OfKind
from media_library.admin.sound_facts import sound_player
from media_library.admin.usage import PlacesMixin
from media_library.models import Asset, Audio, Video

PLAYERS: dict[type[Asset], Any] = {Video: player, Audio: sound_player}
"""What the template of each kind needs to play it."""


class RecordingEditView(OfKind, generic.EditView):
    def get_template_names(self) -> list[str]:
        return [f"media_library/{self.kind.folder}/edit.html"]

    @property
    def success_message(self) -> Promise:
        return self.kind.words.updated

    @property
    def error_message(self) -> Promise:
        return self.kind.words.not_saved

    def get_object(self, queryset: QuerySet | None = None) -> Asset:
        recording = super().get_object(queryset)
        if not self.user_has_permission_for_instance("change", recording):
            raise PermissionDenied
        return recording

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
            self.kind.name: self.object,
            "asset": self.object,
            "next": self.next_url,
            "player": PLAYERS[self.model](self.object),
            "preview_template": f"media_library/{self.kind.folder}/preview.html",
            "preview_url": self.kind.url("preview", self.object.pk),
        }


class RecordingPreview(OfKind, DetailView):
    """The player and the facts of the edit page, which fetches them anew when the recording is ready."""

    http_method_names = ["get"]
    model: Any = None

    def get_object(self, queryset: QuerySet | None = None) -> Asset:
        recording = super().get_object(queryset)
        policy = policy_registry.get(recording)
        if not policy.user_has_permission_for_instance(self.request.user, "change", recording):
            raise PermissionDenied
        return recording

    def get_template_names(self) -> list[str]:
        return [f"media_library/{self.kind.folder}/preview.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"player": PLAYERS[self.model](self.object)}


class RecordingDeleteView(GuardedDeleteMixin, OfKind, ObjectPermissionMixin, generic.DeleteView):
    template_name = "media_library/recordings/confirm_delete.html"
    context_object_name = "asset"

    def get_page_title(self) -> Promise:
        return self.kind.words.delete


class RecordingUsageView(PlacesMixin, ObjectPermissionMixin, UsageView):
    pass


class RecordingHistoryView(ObjectPermissionMixin, HistoryView):
    any_permission_required = ("change", "delete")
