"""What crawlers and feed readers ask for. A front end passes these paths on, with ``?site=`` if there are several."""

from django.urls import path

from blog.seo.feeds import json_feed, rss
from blog.seo.oembed import oembed
from blog.seo.sitemap import robots, sitemap

urlpatterns = [
    path("sitemap.xml", sitemap, name="sitemap"),
    path("robots.txt", robots, name="robots"),
    path("feed.xml", rss, name="feed"),
    path("oembed/", oembed, name="oembed"),
    path("feed.json", json_feed, name="json_feed"),
]
