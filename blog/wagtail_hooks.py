from django.conf import settings
from django.http import HttpRequest
from wagtail import hooks
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from blog.admin import categories
from blog.editorial import doors, publication
from blog.experiments.admin import ExperimentViewSet
from blog.forms import submissions
from blog.models import Person, Series
from blog.popularity import report
from blog.redirects import admin as redirects
from blog.seo import checking as seo
from blog.sharing import sheet
from blog.userbar import let_front_ends_check
from media_library.admin.asset_links import LINKS_HOOK


class PersonViewSet(SnippetViewSet):
    model = Person
    icon = "user"
    list_display = ["name", "role"]


class SeriesViewSet(SnippetViewSet):
    model = Series
    icon = "list-ol"
    list_display = ["title", "description"]


hooks.register("construct_wagtail_userbar", let_front_ends_check)


@hooks.register("construct_settings_menu")
def hide_locales_where_there_is_one(request: HttpRequest, menu_items: list) -> None:
    if not settings.WAGTAIL_I18N_ENABLED:
        menu_items[:] = [item for item in menu_items if item.name != "locales"]


@hooks.register("register_admin_urls", order=-1)
def register_redirect_urls() -> list:
    return redirects.urls()


register_snippet(PersonViewSet)
register_snippet(categories.CategoryViewSet)
register_snippet(SeriesViewSet)
hooks.register("register_admin_viewset", ExperimentViewSet)
hooks.register("before_delete_snippet", categories.refuse_deletion)
hooks.register("register_admin_urls", lambda: submissions.urlpatterns)
hooks.register("register_admin_urls", lambda: seo.urlpatterns)
hooks.register("construct_page_chooser_queryset", doors.only_seen)
hooks.register("construct_reports_menu", doors.only_their_reports)
# After Wagtail's and the library's own of the same name, which they take the place of.
hooks.register("register_actions", publication.register_actions, order=10)
for action in doors.BULK_ACTIONS:
    hooks.register("register_bulk_action", action, order=10)
hooks.register("register_admin_urls", report.urls)
hooks.register("register_admin_urls", sheet.urls)
hooks.register(LINKS_HOOK, sheet.links)
hooks.register("register_reports_menu_item", report.menu_item)
