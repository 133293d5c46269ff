"""Links by which visitors share a page: plain links, so no network learns of anybody who doesn't follow one."""

from urllib.parse import quote, urlencode

from django.utils.translation import gettext as _

from blog.models import ContentPage, EventPage, GalleryPage, PostPage
from blog.seo.shapes import ShareLink
from blog.seo.surroundings import Surroundings

SHARED = (PostPage, EventPage, GalleryPage)
"""The page types that visitors share."""


def share_links(page: ContentPage, around: Surroundings) -> list[ShareLink]:
    """Where a page can be shared; empty while it has no address.

    The forms are those that each network documents: X web intents, Facebook's sharer, LinkedIn's share-offsite,
    https://share.joinmastodon.org, Bluesky's action intents, WhatsApp's click to chat, and RFC 6068 for e-mail.
    """
    url = around.address(page)
    if not url:
        return []
    title = page.social_title or page.title
    both = f"{title} {url}"
    return [
        _link("x", "X", "https://x.com/intent/post?", text=title, url=url),
        _link("facebook", "Facebook", "https://www.facebook.com/sharer/sharer.php?", u=url),
        _link("linkedin", "LinkedIn", "https://www.linkedin.com/sharing/share-offsite/?", url=url),
        # After a hash: the choice of a server happens in the browser.
        _link("mastodon", "Mastodon", "https://share.joinmastodon.org/#", text=both),
        _link("bluesky", "Bluesky", "https://bsky.app/intent/compose?", text=both),
        _link("whatsapp", "WhatsApp", "https://wa.me/?", text=both),
        _link("email", _("E-mail"), "mailto:?", subject=title, body=url),
    ]


def _link(network: str, label: str, base: str, **query: str) -> ShareLink:
    # A space is %20: programs for mail show a plus as it is.
    return {"network": network, "label": label, "url": base + urlencode(query, quote_via=quote)}
