from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks

from cms.security.two_factor import urls as two_factor


# Before the scripts of apps, which may look for widgets that run.
@hooks.register("insert_global_admin_js", order=-10)
def start_widgets() -> SafeString:
    return format_html('<script type="module" src="{}"></script>', static("cms/js/widgets.js"))


hooks.register("register_admin_urls", lambda: two_factor.urlpatterns)
hooks.register("register_account_menu_item", two_factor.account_item)
hooks.register("register_user_listing_buttons", two_factor.user_buttons)
