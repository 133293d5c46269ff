"""The networks that posts are shared on, and what each has room for."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from unicodedata import normalize

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wcwidth import iter_graphemes

ADDRESS = re.compile(r"https?://\S+")


def characters(text: str) -> int:
    """What readers take for one character each, joined emoji among them (Unicode Standard Annex 29)."""
    return _count(text, lambda _each: 1)


def weighted(text: str) -> int:
    """As X counts: most letters are one, those of East Asia and emoji two.

    https://github.com/twitter/twitter-text/blob/master/config/v3.json
    """
    return _count(normalize("NFC", text), _weight)


def with_bytes_of_emoji(text: str) -> int:
    """As Threads counts: an emoji is as many characters as it has bytes in UTF-8.

    https://developers.facebook.com/docs/threads/overview
    """
    return _count(text, lambda one: len(one.encode()) if _is_emoji(one) else len(one))


# Latin letters, and dashes and quotation marks; without what is or may join an emoji (© and ®), and line ends of two.
_PLAIN = r"\n\x20-\xa8\xaa-\xad\xaf-\u02ff\u2010-\u201f"
_AMONG_PLAIN = re.compile(f"(?<![^{_PLAIN}])[{_PLAIN}](?![^{_PLAIN}])")


def _count(text: str, weight: Callable[[str], int]) -> int:
    """The sum of what the characters weigh. A plain one among plain ones is one by itself, and is one in all ways of
    counting; looking at each would be a fifth of what a list of posts takes."""
    rest = _AMONG_PLAIN.sub("", text)
    return len(text) - len(rest) + sum(map(weight, iter_graphemes(rest)))


@dataclass(frozen=True)
class Network:
    """``limit`` is how much a text may measure, None for any length; ``link_length`` what each address counts as,
    None for its own length; ``hashtags`` how many are put into ready texts at most."""

    name: str
    label: str | Promise
    limit: int | None = None
    counting: Callable[[str], int] = characters
    link_length: int | None = None
    hashtags: int = 3

    def measure(self, text: str) -> int:
        """How much of the limit a text takes up."""
        if self.link_length is not None:
            text = ADDRESS.sub("x" * self.link_length, text)
        return self.counting(text)

    def fits(self, text: str) -> bool:
        return self.limit is None or self.measure(text) <= self.limit


NETWORKS = {
    network.name: network
    for network in (
        # https://docs.x.com/fundamentals/counting-characters
        Network("x", "X", 280, weighted, 23),
        # Not documented: above it, the Graph API answers with error 100.
        Network("facebook", "Facebook", 63_206),
        # Not documented either: what its editor lets through.
        Network("linkedin", "LinkedIn", 3000),
        # https://docs.joinmastodon.org/user/posting/; servers may allow more.
        Network("mastodon", "Mastodon", 500, link_length=23),
        # maxGraphemes in https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/feed/post.json
        Network("bluesky", "Bluesky", 300),
        # https://developers.facebook.com/docs/threads/overview; one hashtag, which is the topic.
        Network("threads", "Threads", 500, with_bytes_of_emoji, hashtags=1),
        # https://developers.facebook.com/docs/whatsapp/cloud-api/messages/text-messages
        Network("whatsapp", "WhatsApp", 4096, hashtags=0),
        Network("email", _("E-mail"), hashtags=0),
    )
}

# What v3.json names: Latin to Georgian, and the spaces, dashes and quotation marks of General Punctuation.
_LIGHT = (range(4352), range(8192, 8206), range(8208, 8224), range(8242, 8248))


def _weight(grapheme: str) -> int:
    if _is_emoji(grapheme):
        return 2
    return sum(1 if any(ord(char) in light for light in _LIGHT) else 2 for char in grapheme)


def _is_emoji(grapheme: str) -> bool:
    """A pictograph, a flag, or a sign that a selector or a key cap has made one."""
    return "\ufe0f" in grapheme or "\u20e3" in grapheme or any(ord(char) >= 0x1F000 for char in grapheme[:1])
