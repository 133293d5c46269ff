"""Every public endpoint on one screen."""

from wagtail.api.v2.router import WagtailAPIRouter

api_v2 = WagtailAPIRouter("wagtailapi")
