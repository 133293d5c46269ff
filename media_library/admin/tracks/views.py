"""Pages of the tracks of a film or a sound. Whoever may change the asset may change them."""

import json
from typing import Any

from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.views import generic
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import Button

from media_library.admin.facts import player
from media_library.admin.tracks.forms import EMPTY, LANGUAGES_LIST, TAKEN, EditTrackForm, TrackForm, line_of
from media_library.admin.tracks.furniture import LOG_ADD, LOG_DELETE, LOG_EDIT, kind_name, log_track, may_edit_tracks
from media_library.admin.tracks.languages import common_languages
from media_library.exceptions import UnacceptableFile
from media_library.models import Asset, Track
from media_library.video.captions import read_captions, to_srt
from media_library.video.tracks import delete_track, save_track

INDEXES: dict[str, str] = {
    Asset.Kind.VIDEO: "media_library_videos:index",
    Asset.Kind.AUDIO: "media_library_audio:index",
}
"""Where assets that may have tracks are listed."""

FORMATS = {"vtt": "text/vtt", "srt": "application/x-subrip"}


class TrackMixin(PermissionCheckedMixin):
    """For views that have ``asset_id`` or ``pk`` of a track in their address: 404 without it, refused to whoever may
    not change the asset."""

    permission_required = "change"

    @cached_property
    def track(self) -> Track:
        return get_object_or_404(Track.objects.select_related("asset"), pk=self.kwargs["pk"])

    @cached_property
    def asset(self) -> Asset:
        asset_id = self.kwargs.get("asset_id")
        asset = get_object_or_404(Asset, pk=asset_id) if asset_id else self.track.asset
        if asset.kind not in INDEXES:
            raise Http404
        return asset.specific

    def user_has_permission(self, permission: str) -> bool:
        return may_edit_tracks(self.request.user, self.asset)

    def user_has_permission_for_instance(self, permission: str, instance: Any) -> bool:
        return self.user_has_permission(permission)


class TrackPageMixin(TrackMixin):
    """The furniture of their pages."""

    model = Track
    header_icon = "openquote"
    index_url_name = None

    def get_object(self, queryset: Any = None) -> Track:
        return self.track

    def get_success_url(self) -> str:
        """The page of the asset, at its tracks."""
        return f"{self.asset_url}#tracks-section"

    @property
    def asset_url(self) -> str:
        return AdminURLFinder(self.request.user).get_edit_url(self.asset) or reverse("wagtailadmin_home")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(INDEXES[self.asset.kind]), "label": self.asset._meta.verbose_name_plural.capitalize()},
            {"url": self.asset_url, "label": self.asset.title},
            {"url": "", "label": self.get_page_subtitle()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "asset": self.asset,
            "languages": common_languages(),
            "languages_list": LANGUAGES_LIST,
        }

    def form_valid(self, form: TrackForm) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except IntegrityError:
            # Somebody has added the same one since the form looked.
            form.add_error("language", TAKEN)
            self.is_valid(form)
            return self.form_invalid(form)

    def save_instance(self) -> Track:
        track = self.form.save(commit=False)
        save_track(track)
        log_track(self.log_action, track, self.asset, self.request.user)
        if self.form.is_guessed:
            messages.warning(
                self.request,
                _(
                    "The file is not in UTF-8 and was read as Windows-1252. Look whether its special letters are "
                    "right."
                ),
            )
        return track


class AddTrackView(TrackPageMixin, generic.CreateView):
    form_class = TrackForm
    template_name = "media_library/tracks/add.html"
    page_title = gettext_lazy("Add captions or chapters")
    error_message = gettext_lazy("The captions could not be added due to errors.")
    submit_button_label = gettext_lazy("Add")
    submit_button_active_label = gettext_lazy("Adding…")
    log_action = LOG_ADD

    def get_initial_form_instance(self) -> Track:
        return Track(asset_id=self.asset.pk)

    def get_initial(self) -> dict[str, Any]:
        return {"is_default": False} | super().get_initial()

    def get_page_subtitle(self) -> str:
        return str(self.page_title)

    def get_add_url(self) -> str:
        return reverse("media_library_add_track", args=(self.asset.pk,))

    def get_edit_url(self) -> str:
        return reverse("media_library_edit_track", args=(self.object.pk,))

    def get_success_url(self) -> str:
        return super().get_success_url() if self.object.cue_count else self.get_edit_url()

    def get_success_buttons(self) -> list[Any]:
        return super().get_success_buttons() if self.object.cue_count else []

    def get_success_message(self, track: Track) -> str:
        if not track.cue_count:
            return _("“%(label)s” is added. Visitors get it as soon as it has a cue.") % {"label": track.label}
        return ngettext(
            "“%(label)s” is added, with one cue.", "“%(label)s” is added, with %(number)s cues.", track.cue_count
        ) % {"label": track.label, "number": track.cue_count}


class EditTrackView(TrackPageMixin, generic.EditView):
    form_class = EditTrackForm
    template_name = "media_library/tracks/edit.html"
    page_title = gettext_lazy("Edit captions or chapters")
    error_message = gettext_lazy("The captions could not be saved due to errors.")
    edit_url_name = "media_library_edit_track"
    delete_url_name = "media_library_delete_track"
    log_action = LOG_EDIT

    def get_object(self, queryset: Any = None) -> Track:
        # A form writes on its object, also what is refused.
        self.page_subtitle = _heading(self.track)
        return self.track

    def get_page_subtitle(self) -> str:
        return self.page_subtitle

    def get_success_url(self) -> str:
        return self.get_edit_url()

    def get_success_buttons(self) -> list[Any]:
        return [messages.button(f"{self.asset_url}#tracks-section", self.asset.title)]

    def get_success_message(self) -> str:
        return _("“%(label)s” is saved.") % {"label": self.object.label}

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        downloads = [
            Button(
                _("Download %(format)s") % {"format": form.upper()},
                url=reverse("media_library_download_track", args=(self.track.pk, form)),
                icon_name="download",
                priority=number,
            )
            for number, form in enumerate(FORMATS)
        ]
        return [*downloads, *super().header_more_buttons]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = player(self.asset)
        return super().get_context_data(**kwargs) | {
            "track": self.track,
            "poster": shown.poster,
            "transcodes": [one for one in shown.transcodes if not one.playlist and "mpegurl" not in one.mime_type],
            "texts": json.dumps(
                {
                    "cue": _("1 cue"),
                    "cues": _("%s cues"),
                    "line": _("Line %s"),
                    "unchecked": _("The text could not be checked. It will be when you save it."),
                }
            ),
        }


class DeleteTrackView(TrackPageMixin, generic.DeleteView):
    page_title = gettext_lazy("Delete captions or chapters")
    delete_url_name = "media_library_delete_track"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        # As on Wagtail's own pages of this kind, whose question stands below a large heading.
        return []

    def get_page_subtitle(self) -> str:
        return _heading(self.track)

    @property
    def confirmation_message(self) -> str:
        return ngettext(
            "Delete “%(label)s”, with its one cue? Players will not offer it any more.",
            "Delete “%(label)s”, with its %(number)s cues? Players will not offer it any more.",
            self.track.cue_count,
        ) % {"label": self.track.label, "number": self.track.cue_count}

    def delete_action(self) -> None:
        log_track(LOG_DELETE, self.track, self.asset, self.request.user)
        delete_track(self.track)

    def get_success_message(self) -> str:
        return _("“%(label)s” is deleted.") % {"label": self.track.label}


class DownloadTrackView(TrackMixin, View):
    """The text as a file, ``vtt`` or ``srt``, named after asset and language."""

    def get(self, request: HttpRequest, pk: int, form: str) -> HttpResponse:
        track = self.track
        text = track.text if form == "vtt" else to_srt(track.text)
        name = f"{slugify(self.asset.title) or track.kind}.{track.language}.{form}"
        return HttpResponse(
            text,
            content_type=f"{FORMATS[form]}; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
        )


class CheckTrackView(TrackMixin, View):
    """POST ``text`` and ``kind``: what the text will be when it is saved, ``{"text": "WEBVTT…", "cues": 2}``.

    Or why it can't be saved, ``{"message": "Line 14: …", "line": 14}``; ``line`` is null where no line is to blame.
    """

    def post(self, request: HttpRequest, pk: int) -> JsonResponse:
        kind = request.POST.get("kind", "")
        if kind not in Track.Kind.values:
            return JsonResponse({"message": _("Choose a kind."), "line": None})
        try:
            text = read_captions((request.POST.get("text") or EMPTY).encode(), kind)
        except UnacceptableFile as error:
            return JsonResponse({"message": str(error), "line": line_of(error)})
        return JsonResponse({"text": text, "cues": text.count("-->")})


def _heading(track: Track) -> str:
    return f"{kind_name(track)}: {track.label}"
