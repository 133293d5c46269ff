"""``/feed.xml`` and ``/feed.json``: the newest posts, whole.

RSS 2.0 (https://www.rssboard.org/rss-specification) with content:encoded and Media RSS, and JSON Feed 1.1
(https://www.jsonfeed.org/version/1.1/). ``?category=`` and ``?author=`` take slugs, ``?locale=`` a language.
"""

import datetime
import json
from functools import cached_property
from typing import Any
from urllib.parse import urlencode, urljoin

from bs4 import BeautifulSoup
from django.contrib.syndication.views import Feed
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.feedgenerator import Enclosure, Rss201rev2Feed, SyndicationFeed
from django.utils.xmlutils import SimplerXMLGenerator
from wagtail.models import Locale

from blog.models import Category, Person, PostPage
from blog.seo.facts import authors_of
from blog.seo.media import own_picture
from blog.seo.public import for_everybody, home_of, public_pages, site_of
from blog.seo.surroundings import Surrounding, Surroundings
from blog.seo.words import description_of
from blog.seo.xml import in_xml
from media_library.api.library import library

MOST = 20
"""Posts of a feed."""

ADDRESSES = ("href", "src", "poster", "cite")
"""Attributes of HTML with an address, beside ``srcset``, which has a host already."""


class RssFeed(Rss201rev2Feed):
    """RSS 2.0; ``content_html`` and ``image`` of an item besides."""

    content_type = "application/rss+xml; charset=utf-8"

    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | {
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:media": "http://search.yahoo.com/mrss/",
        }

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["content_html"])
        if item["image"]:
            handler.addQuickElement("media:content", "", {"url": item["image"], "medium": "image"})


class JsonFeed(SyndicationFeed):
    """JSON Feed 1.1, from what Django's syndication framework gathers."""

    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile: Any, encoding: str) -> None:
        feed = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.feed["title"],
            "home_page_url": self.feed["link"],
            "feed_url": self.feed["feed_url"],
            "description": self.feed["description"],
            "language": self.feed["language"],
        }
        feed = _without_empty(feed) | {"items": [self._item(item) for item in self.items]}
        outfile.write(json.dumps(feed, ensure_ascii=False).encode(encoding))

    def _item(self, item: dict[str, Any]) -> dict[str, Any]:
        found = {
            "id": item["unique_id"],
            "url": item["link"],
            "title": item["title"],
            "content_html": item["content_html"],
            "summary": item["description"],
            "image": item["image"],
            "date_published": item["pubdate"].isoformat(),
            "date_modified": item["updateddate"].isoformat(),
            "authors": [{"name": name} for name in item["authors"]],
            "tags": list(item["categories"]),
            "attachments": [
                {"url": one.url, "mime_type": one.mime_type, "size_in_bytes": int(one.length)}
                for one in item["enclosures"]
            ],
        }
        # An item must have content, however little there is.
        return _without_empty(found) | {"content_html": item["content_html"]}


class Subscription:
    """What somebody subscribes to: the posts of a site in one language, of a category, or of an author.

    Raises ``Http404`` for a category, an author or a language that there is not.
    """

    def __init__(self, request: HttpRequest, path: str):
        self.request, self.path = request, path
        site, asked = site_of(request), request.GET
        self.locale = get_object_or_404(Locale, language_code=asked["locale"]) if asked.get("locale") else None
        self.locale = self.locale or site.root_page.locale
        self.category = self._asked_for(Category, asked.get("category"))
        self.author = self._asked_for(Person, asked.get("author"))
        if self.category is not None and not self.category.is_active:
            raise Http404("this category is not public")
        self._pages = public_pages(site)
        self._root = site.root_page

    @property
    def address(self) -> str:
        """Where the feed is found, on the site's own host."""
        names = ("category", "author", "locale")
        query = urlencode({name: self.request.GET[name] for name in names if self.request.GET.get(name)})
        return f"{self.home}{self.path}{'?' if query else ''}{query}"

    @cached_property
    def home(self) -> str:
        return home_of(self.request)

    @cached_property
    def posts(self) -> list[PostPage]:
        posts = PostPage.objects.filter(pk__in=self._pages.values("pk"), locale=self.locale)
        if self.category is not None:
            posts = posts.filter(Q(category=self.category) | Q(further_categories=self.category))
        if self.author is not None:
            posts = posts.filter(Q(author=self.author) | Q(further_authors__person=self.author))
        posts = posts.select_related("author", "category", "locale").prefetch_related(
            "tags", "further_authors__person"
        )
        return list(posts.distinct().order_by("-date", "-pk")[:MOST])

    @cached_property
    def around(self) -> Surroundings:
        library().expect(self.posts)
        return Surroundings(self.posts, self.request)

    @cached_property
    def site(self) -> Surrounding:
        return self.around.site(self._root)

    @property
    def of(self) -> str:
        """Whose, or about what: "" for all posts."""
        return ", ".join(str(one) for one in (self.category, self.author) if one is not None)

    def _asked_for(self, model: type[Any], slug: str | None) -> Any:
        return get_object_or_404(model, slug=slug) if slug else None


class PostsFeed(Feed):
    """One feed for one request, as Django's syndication framework asks for it."""

    def __init__(self, feed: Subscription, feed_type: type[SyndicationFeed]):
        self.feed, self.feed_type = feed, feed_type
        self.language = feed.locale.language_code

    def title(self) -> str:
        return in_xml(f"{self.feed.site.name}: {self.feed.of}" if self.feed.of else self.feed.site.name)

    def link(self) -> str:
        return self.feed.home

    def feed_url(self) -> str:
        return self.feed.address

    def description(self) -> str:
        return in_xml(self.feed.site.description or self.feed.site.tagline or self.feed.site.name)

    def items(self) -> list[PostPage]:
        return self.feed.posts

    def item_title(self, post: PostPage) -> str:
        return in_xml(post.title)

    def item_description(self, post: PostPage) -> str:
        return in_xml(description_of(post))

    def item_link(self, post: PostPage) -> str:
        return self.feed.around.address(post) or ""

    def item_guid(self, post: PostPage) -> str:
        """An address that stays when the post gets another one."""
        return f"{self.feed.home}#page-{post.pk}"

    item_guid_is_permalink = False

    def item_author_name(self, post: PostPage) -> str:
        return in_xml(", ".join(author.name for author in authors_of(post)))

    def item_pubdate(self, post: PostPage) -> datetime.datetime:
        """The moment, or the day that readers see where that is another one."""
        first = post.first_published_at
        if first is not None and timezone.localtime(first).date() == post.date:
            return first
        return timezone.make_aware(datetime.datetime.combine(post.date, datetime.time()))

    def item_updateddate(self, post: PostPage) -> datetime.datetime:
        return post.last_published_at or self.item_pubdate(post)

    def item_categories(self, post: PostPage) -> list[str]:
        category = [post.category.name] if post.category and post.category.is_active else []
        return [in_xml(name) for name in dict.fromkeys([*category, *sorted(tag.name for tag in post.tags.all())])]

    def item_enclosures(self, post: PostPage) -> list[Enclosure]:
        """The picture, as large as ``src`` is; readers that show one look here."""
        image = own_picture(post)
        if image is None:
            return []
        src = library().picture(image).src
        found = next((one for one in library().variants(image) if one.url == src), None)
        return [Enclosure(self.feed.around.absolute(src), str(found.bytes or 0), found.mime_type)] if found else []

    def item_extra_kwargs(self, post: PostPage) -> dict[str, Any]:
        image = own_picture(post)
        src = library().picture(image).src if image is not None else ""
        return {
            "content_html": in_xml(self._content(post)),
            "image": self.feed.around.absolute(src) if src else "",
            "authors": [in_xml(author.name) for author in authors_of(post)],
        }

    def _content(self, post: PostPage) -> str:
        context = {"page": post, "request": self.feed.request}
        html = "".join(block.render(context) for block in post.body)
        return with_hosts(html, self.item_link(post))


def with_hosts(html: str, base: str) -> str:
    """HTML in which each address has a host, by the address of the page that it stands on; scripts are left out."""
    soup = BeautifulSoup(html, "html.parser")
    for script in soup.find_all("script"):
        script.decompose()
    for name in ADDRESSES:
        for element in soup.select(f"[{name}]"):
            element[name] = urljoin(base, str(element[name]))
    return str(soup)


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [])}


@for_everybody
def rss(request: HttpRequest) -> HttpResponse:
    return PostsFeed(Subscription(request, "feed.xml"), RssFeed)(request)


@for_everybody
def json_feed(request: HttpRequest) -> HttpResponse:
    return PostsFeed(Subscription(request, "feed.json"), JsonFeed)(request)
