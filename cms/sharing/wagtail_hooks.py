"""Registration only: what each of these does stands in cms/sharing/admin/."""

from wagtail import hooks

from blog.sharing.panel import POSTED_HOOK
from cms.sharing.admin import accounts, log

hooks.register("register_admin_viewset", accounts.AccountViewSet)
hooks.register("register_admin_urls", log.urls)
hooks.register("register_reports_menu_item", log.menu_item)
hooks.register("before_delete_page", log.warn_of_what_stays)
hooks.register(POSTED_HOOK, log.describe)
