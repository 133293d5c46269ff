"""Ready texts: what to paste where a page is shared, as each network has room for it."""

import unicodedata
from collections.abc import Iterable

from wcwidth import iter_graphemes

from blog.models import ContentPage, PostPage
from blog.seo.words import description_of
from blog.sharing.networks import NETWORKS, Network

LEAST_DESCRIPTION = 20
"""Characters below which the beginning of a description says nothing."""

ELLIPSIS = "…"


def texts_for(page: ContentPage, url: str) -> dict[str, str]:
    """By the names of networks: what an editor has written for it, with the address, or else the ready text."""
    own: dict[str, str] = getattr(page, "share_texts", {})
    written = {
        name: text if url in text else compose(NETWORKS[name], text, "", [], url)
        for name, text in own.items()
        if name in NETWORKS and text
    }
    return ready_texts(page, url) | written


def ready_texts(page: ContentPage, url: str) -> dict[str, str]:
    """By the names of networks: title, what the page is about, hashtags and address, each on lines of its own."""
    title = _one_line(page.social_title) or page.title
    description = _one_line(page.social_description) or description_of(page)
    return composed(title, description, hashtags_of(page), url)


def composed(title: str, description: str, hashtags: list[str], url: str) -> dict[str, str]:
    """By the names of networks: as much of this as each has room for."""
    return {
        network.name: compose(network, title, description, hashtags[: network.hashtags], url)
        for network in NETWORKS.values()
    }


def compose(network: Network, title: str, description: str, hashtags: list[str], url: str) -> str:
    """As much as fits. The address stands always; then what is said first is the most important."""
    title = _cut(title, network, before="", after=_joined("", url))
    if not network.fits(_joined(title, url)):
        return url
    end = url
    for number in range(1, len(hashtags) + 1):
        longer = _joined(" ".join(hashtags[:number]), url)
        if not network.fits(_joined(title, longer)):
            break
        end = longer
    about = _cut(description, network, before=f"{title}\n\n", after=_joined("", end))
    if about != description and len(about) < LEAST_DESCRIPTION:
        about = ""
    return _joined(title, about, end)


def hashtags_of(page: ContentPage) -> list[str]:
    """The tags of a post, ``night sky`` as ``#NightSky``."""
    if not isinstance(page, PostPage):
        return []
    return hashtags(tag.name for tag in page.tags.all())


def hashtags(names: Iterable[str]) -> list[str]:
    """Each once, in the order of the names; without those of which none can be made."""
    return [one for one in dict.fromkeys(map(hashtag, sorted(names))) if one]


def hashtag(name: str) -> str:
    """Letters, digits and the marks on them, and "" without a letter: networks take no number for a hashtag."""
    words = "".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in name).split()
    if not any(char.isalpha() for word in words for char in word):
        return ""
    return "#" + (words[0] if len(words) == 1 else "".join(word[:1].upper() + word[1:] for word in words))


def _joined(*parts: str) -> str:
    # An empty first part keeps the room between it and the next.
    return parts[0] + "".join(f"\n\n{part}" for part in parts[1:] if part)


def _cut(text: str, network: Network, before: str, after: str) -> str:
    """The text, or as much of it as fits between the others, up to the end of a word; "" where there is no room."""
    if network.fits(before + text + after):
        return text
    whole = _longest(text.split(" "), " ", network, before, after)
    cut, next_word = whole, text[len(whole) :].lstrip(" ").partition(" ")[0]
    if len(next_word) >= len(whole):
        # Languages without spaces are cut between characters.
        by_characters = _longest(list(iter_graphemes(text)), "", network, before, after)
        cut = whole if 2 * len(whole) >= len(by_characters) else by_characters
    return cut.rstrip(" ,;:–—-") + ELLIPSIS if cut else ""


def _longest(parts: list[str], glue: str, network: Network, before: str, after: str) -> str:
    """So many of the first parts as fit, by halving: longer is never shorter."""
    least, most = 0, len(parts)
    while least < most:
        middle = (least + most + 1) // 2
        if network.fits(before + glue.join(parts[:middle]) + ELLIPSIS + after):
            least = middle
        else:
            most = middle - 1
    return glue.join(parts[:least])


def _one_line(text: str) -> str:
    return " ".join(text.split())
