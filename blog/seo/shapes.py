"""What the JSON looks like (media_library/api/shapes.py)."""

from typing import TypedDict


class SharedPicture(TypedDict):
    """The picture that networks show. Pixels; null until the crop for it is ready."""

    src: str
    width: int | None
    height: int | None
    alt: str


class ArticleFacts(TypedDict):
    """``article:…`` of Open Graph (https://ogp.me/#type_article). Moments in ISO 8601; ``author`` are names."""

    published_time: str | None
    modified_time: str | None
    author: list[str]
    section: str | None
    tag: list[str]


class OpenGraph(TypedDict):
    """``og:…`` (https://ogp.me/). ``article`` is null for what is none."""

    title: str
    description: str
    type: str
    url: str | None
    image: SharedPicture | None
    site_name: str
    article: ArticleFacts | None


class XCard(TypedDict):
    """``twitter:…`` of X. ``site`` is the account, such as ``@darkroom``, or empty."""

    card: str
    site: str
    title: str
    description: str
    image: str | None


class Seo(TypedDict):
    """What a page tells search engines and social networks, ready for ``<head>``.

    Put ``json_ld`` into a script element only with each ``<`` written as ``\\u003c``: titles may hold ``</script>``.
    """

    title: str
    description: str
    keywords: list[str]
    canonical_url: str | None
    no_index: bool
    og: OpenGraph
    x: XCard
    json_ld: list[dict[str, object]]


class ShareLink(TypedDict):
    """A link by which a visitor shares a page. ``text``, with the address in it, is what there is room for there."""

    network: str
    label: str
    url: str
    text: str
