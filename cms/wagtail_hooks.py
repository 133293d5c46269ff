from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks


# Before the scripts of apps, which may look for widgets that run.
@hooks.register("insert_global_admin_js", order=-10)
def start_widgets() -> SafeString:
    return format_html('<script type="module" src="{}"></script>', static("cms/js/widgets.js"))
