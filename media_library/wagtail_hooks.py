"""Registration only: what each of these does stands in media_library/admin/."""

from functools import partial

from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.admin_url_finder import register_admin_url_finder
from wagtail.snippets.models import register_snippet

from media_library.admin import deletion, rights_home, usage
from media_library.admin.board import furniture as board_furniture
from media_library.admin.board import urls as board_urls
from media_library.admin.bulk import furniture as bulk_furniture
from media_library.admin.bulk import urls as bulk_urls
from media_library.admin.choosing import furniture as choosing_furniture
from media_library.admin.choosing.viewset import media_chooser_viewset
from media_library.admin.duplicates import furniture as duplicates_furniture
from media_library.admin.duplicates import report as duplicates_report
from media_library.admin.duplicates import urls as duplicates_urls
from media_library.admin.editing import collections as collection_settings
from media_library.admin.editing import furniture as editing_furniture
from media_library.admin.editing import urls as editing_urls
from media_library.admin.jobs import urls as job_urls
from media_library.admin.jobs.report import JobReportMenuItem
from media_library.admin.library import furniture as library_furniture
from media_library.admin.library import urls as library_urls
from media_library.admin.locations import forget_locations_after_moving
from media_library.admin.media_collections import furniture as media_collections_furniture
from media_library.admin.media_collections.chooser import media_collection_chooser_viewset
from media_library.admin.media_collections.viewset import media_collection_viewset
from media_library.admin.posters import focus_poster, pick_poster, poster_crops
from media_library.admin.presets import furniture as presets_furniture
from media_library.admin.presets import urls as presets_urls
from media_library.admin.publishing import doors as publishing
from media_library.admin.publishing import urls as publishing_urls
from media_library.admin.publishing import waiting as publishing_waiting
from media_library.admin.recordings import furniture
from media_library.admin.recordings.kinds import KINDS
from media_library.admin.recordings.viewset import audio_viewset, video_viewset
from media_library.admin.status import asset_status
from media_library.admin.suggestions import furniture as suggestions_furniture
from media_library.admin.suggestions import urls as suggestions_urls
from media_library.admin.tracks import furniture as tracks_furniture
from media_library.admin.tracks import urls as tracks_urls
from media_library.admin.trash import furniture as trash_furniture
from media_library.admin.trash import urls as trash_urls
from media_library.admin.uploads import furniture as upload_furniture
from media_library.admin.uploads import urls as upload_urls
from media_library.admin.uploads.doors import judge
from media_library.admin.url_finder import AssetURLFinder
from media_library.admin.versions import furniture as versions_furniture
from media_library.admin.versions import urls as versions_urls
from media_library.admin.vocabulary import VocabularyViewSet
from media_library.imaging.filter_operations import OPERATIONS
from media_library.models import Asset, CollectionSettings
from media_library.rich_text import register_handlers

register_admin_url_finder(Asset, AssetURLFinder)
register_admin_url_finder(CollectionSettings, collection_settings.CollectionSettingsURLFinder)
for kind in KINDS:
    hooks.register("register_group_permission_panel", partial(furniture.permission_formset, kind))
    hooks.register("describe_collection_contents", partial(furniture.describe_collection, kind))
for viewset in (media_collection_chooser_viewset, media_collection_viewset, video_viewset, audio_viewset):
    hooks.register("register_admin_viewset", lambda viewset=viewset: viewset)
# After Wagtail's own, whose widgets it takes the place of.
hooks.register("register_admin_viewset", lambda: media_chooser_viewset, order=10)
hooks.register("register_image_operations", lambda: OPERATIONS)
hooks.register("register_admin_menu_item", library_furniture.menu_item)
hooks.register("register_admin_menu_item", upload_furniture.menu_item)
hooks.register("insert_global_admin_css", upload_furniture.styles)
hooks.register("insert_global_admin_js", upload_furniture.script)
hooks.register("register_icons", upload_furniture.add_icons)
hooks.register("judge_upload", judge)
hooks.register("construct_main_menu", library_furniture.only_the_library)
hooks.register("register_admin_search_area", library_furniture.search_area)
hooks.register("construct_search", library_furniture.only_the_library)
hooks.register("construct_homepage_summary_items", library_furniture.summaries, order=10)
hooks.register("register_admin_urls", lambda: library_urls.urlpatterns)
# After Wagtail's own of the same name, which they take the place of.
hooks.register("register_bulk_action", deletion.ImageDeleteBulkAction, order=10)
hooks.register("register_bulk_action", deletion.DocumentDeleteBulkAction, order=10)
hooks.register("register_actions", deletion.register_actions)
hooks.register("register_reports_menu_item", board_furniture.dashboard_item)
hooks.register("register_reports_menu_item", board_furniture.health_item)
hooks.register("register_reports_menu_item", presets_furniture.menu_item)
hooks.register("register_permissions", presets_furniture.permissions)
hooks.register("register_admin_urls", lambda: presets_urls.urlpatterns)
hooks.register("register_actions", publishing.register_actions)
hooks.register("register_log_actions", publishing_waiting.register_log_actions)
hooks.register("register_page_action_menu_item", publishing_waiting.menu_item)
hooks.register("before_publish_page", publishing.refuse_publishing)
hooks.register("before_publish", publishing.refuse_publishing)
hooks.register("before_bulk_action", publishing.refuse_publishing_in_bulk)
hooks.register("before_edit_page", publishing.warn)
hooks.register("before_edit_snippet", publishing.warn)
hooks.register("construct_homepage_panels", rights_home.add_panel)
hooks.register("register_settings_menu_item", collection_settings.menu_item)
hooks.register("register_icons", editing_furniture.add_icons)
hooks.register("register_icons", furniture.add_icons)
hooks.register("after_bulk_action", editing_furniture.redevelop_moved)
hooks.register("register_log_actions", editing_furniture.register_log_actions)
hooks.register("register_log_actions", tracks_furniture.register_log_actions)
hooks.register("register_log_actions", bulk_furniture.register_log_actions)
hooks.register("register_reports_menu_item", bulk_furniture.menu_item)
hooks.register("register_log_actions", media_collections_furniture.register_log_actions)
hooks.register("register_log_actions", trash_furniture.register_log_actions)
hooks.register("register_reports_menu_item", trash_furniture.menu_item)
hooks.register("describe_collection_contents", trash_furniture.describe_collection)
hooks.register("before_serve_document", trash_furniture.serve_no_trash)
hooks.register("register_admin_urls", lambda: trash_urls.urlpatterns)
hooks.register("register_admin_urls", lambda: tracks_urls.urlpatterns)
hooks.register("register_log_actions", versions_furniture.register_log_actions)
hooks.register("register_log_actions", duplicates_furniture.register_log_actions)
hooks.register("register_admin_urls", lambda: duplicates_urls.urlpatterns)
hooks.register("register_reports_menu_item", duplicates_report.menu_item)
hooks.register("register_log_actions", suggestions_furniture.register_log_actions)
hooks.register("register_admin_urls", lambda: suggestions_urls.urlpatterns)
hooks.register("register_reports_menu_item", suggestions_furniture.menu_item)
register_snippet(VocabularyViewSet)
hooks.register("register_admin_urls", lambda: versions_urls.urlpatterns)
hooks.register("after_bulk_action", forget_locations_after_moving)
# After Wagtail's own, which are registered at order 0.
hooks.register("register_rich_text_features", register_handlers, order=10)


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    return [
        path("media/status/", asset_status, name="media_library_asset_status"),
        path("media/<int:pk>/poster/", pick_poster, name="media_library_pick_poster"),
        path("media/<int:pk>/poster/crops/", poster_crops, name="media_library_poster_crops"),
        path("media/<int:pk>/poster/focus/", focus_poster, name="media_library_focus_poster"),
        *upload_urls.urlpatterns,
        *board_urls.urlpatterns,
        *editing_urls.urlpatterns,
        *job_urls.urlpatterns,
        *bulk_urls.urlpatterns,
        *publishing_urls.urlpatterns,
    ]


@hooks.register("register_admin_urls", order=-10)
def register_guarded_views() -> list[URLPattern]:
    return [
        *deletion.urlpatterns,
        *usage.urlpatterns,
        *library_furniture.urlpatterns,
        *upload_urls.in_place_of_wagtails,
        *media_chooser_viewset.get_wagtails_urlpatterns(),
    ]


@hooks.register("register_reports_menu_item")
def register_job_report() -> JobReportMenuItem:
    url = reverse("media_library_jobs")
    return JobReportMenuItem(_("Processing"), url, name="processing", icon_name="tasks", order=1200)


@hooks.register("insert_global_admin_css")
def admin_css() -> SafeString:
    names = ("admin", "chooser/modal", "chooser/cards", "chooser/files", "chooser/field")
    sheets = ((static(f"media_library/css/{name}.css"),) for name in names)
    return format_html_join("", '<link rel="stylesheet" href="{}">', sheets)


@hooks.register("insert_global_admin_js")
def admin_js() -> SafeString:
    return format_html(
        '<script type="module" src="{}" data-asset-status-url="{}"></script>'
        '<script type="module" src="{}"></script>{}',
        static("media_library/js/asset-status.js"),
        reverse("media_library_asset_status"),
        static("media_library/js/publishing.js"),
        choosing_furniture.script(),
    )
