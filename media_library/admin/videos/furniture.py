"""Where the rest of Wagtail's admin speaks of films: home page, search, collections, groups."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.forms.collections import collection_member_permission_formset_factory
from wagtail.admin.navigation import get_site_for_user
from wagtail.admin.search import SearchArea
from wagtail.admin.site_summary import SummaryItem
from wagtail.models import Collection

from media_library.admin.permissions import video_permission_policy
from media_library.models import Video

EDITING = ("add", "change", "delete")

GroupVideoPermissionFormSet = collection_member_permission_formset_factory(
    Video,
    [
        ("add_video", _("Add"), _("Add/edit videos you own")),
        ("change_video", _("Edit"), _("Edit any video")),
        ("choose_video", _("Choose"), _("Select videos in choosers")),
    ],
    "media_library/videos/group_permissions.html",
)


class VideosSearchArea(SearchArea):
    def is_shown(self, request: HttpRequest) -> bool:
        return video_permission_policy.user_has_any_permission(request.user, EDITING)


class VideosSummaryItem(SummaryItem):
    # Images stand at 200, documents at 300.
    order = 210
    template_name = "media_library/videos/site_summary.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        videos = video_permission_policy.instances_user_has_any_permission_for(self.request.user, {*EDITING, "choose"})
        return {"total": videos.count(), "site_name": get_site_for_user(self.request.user)["site_name"]}

    def is_shown(self) -> bool:
        return video_permission_policy.user_has_any_permission(self.request.user, EDITING)


def videos_search_area() -> VideosSearchArea:
    return VideosSearchArea(
        _("Videos"), reverse("media_library_videos:index"), name="videos", icon_name="media", order=210
    )


def describe_collection(collection: Collection) -> dict[str, Any] | None:
    """What stands on the page that deletes a collection: how many films are in it, and a link to them."""
    count = Video.objects.filter(collection=collection).count()
    if not count:
        return None
    return {
        "count": count,
        "count_text": ngettext("%(count)s video", "%(count)s videos", count) % {"count": count},
        "url": f"{reverse('media_library_videos:index')}?collection_id={collection.pk}",
    }
