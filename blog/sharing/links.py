"""Links by which visitors share a page: plain links, so no network learns of anybody who doesn't follow one."""

from typing import Any
from urllib.parse import quote, urlencode

from blog.models import ContentPage, EventPage, GalleryPage, PostPage
from blog.seo.shapes import ShareLink
from blog.seo.surroundings import Surroundings
from blog.sharing.networks import NETWORKS
from blog.sharing.texts import texts_for

SHARED = (PostPage, EventPage, GalleryPage)
"""The page types that visitors share."""


def share_links(page: ContentPage, around: Surroundings) -> list[ShareLink]:
    """Where a page can be shared, with a text for each; empty while it has no address."""
    url = around.address(page)
    if not url:
        return []
    texts = texts_for(page, url)
    return links_with(texts, page.social_title or page.title, url)


def links_with(texts: dict[str, str], title: str, url: str) -> list[ShareLink]:
    """For each network, where an address is shared with a title, and the text for it."""
    return [
        {"network": name, "label": str(network.label), "url": share_link(name, title, url), "text": texts[name]}
        for name, network in NETWORKS.items()
    ]


def measured(links: list[ShareLink]) -> list[dict[str, Any]]:
    """With what each text measures on its network, and the limit there, for templates."""
    return [
        {**link, "limit": NETWORKS[link["network"]].limit, "measure": NETWORKS[link["network"]].measure(link["text"])}
        for link in links
    ]


def share_link(network: str, title: str, url: str) -> str:
    """Where a browser goes to share an address.

    The forms are those that each network documents: X and Threads web intents, Facebook's sharer, LinkedIn's
    share-offsite, https://share.joinmastodon.org, Bluesky's action intents, WhatsApp's click to chat, and RFC 6068
    for e-mail.
    """
    match network:
        case "x":
            return _link("https://x.com/intent/post?", text=title, url=url)
        case "facebook":
            return _link("https://www.facebook.com/sharer/sharer.php?", u=url)
        case "linkedin":
            return _link("https://www.linkedin.com/sharing/share-offsite/?", url=url)
        case "threads":
            return _link("https://www.threads.com/intent/post?", text=title, url=url)
        case "mastodon":
            # After a hash: the choice of a server happens in the browser.
            return _link("https://share.joinmastodon.org/#", text=f"{title} {url}")
        case "bluesky":
            return _link("https://bsky.app/intent/compose?", text=f"{title} {url}")
        case "whatsapp":
            return _link("https://wa.me/?", text=f"{title} {url}")
    return _link("mailto:?", subject=title, body=url)


def _link(base: str, **query: str) -> str:
    # A space is %20: programs for mail show a plus as it is.
    return base + urlencode(query, quote_via=quote)
