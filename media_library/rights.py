"""Until when an asset may be shown, and under which licence."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from media_library.conf import conf
from media_library.models import Asset
from media_library.publishing import Concern, Content, register_check


@dataclass(frozen=True)
class Licence:
    """A licence that is known by its name; ``url`` is empty for what is an agreement and no text."""

    name: str
    url: str = ""


_CC = "https://creativecommons.org"
LICENCES = (
    Licence("All rights reserved"),
    Licence("CC0 1.0", f"{_CC}/publicdomain/zero/1.0/"),
    Licence("CC BY 4.0", f"{_CC}/licenses/by/4.0/"),
    Licence("CC BY-SA 4.0", f"{_CC}/licenses/by-sa/4.0/"),
    Licence("CC BY-ND 4.0", f"{_CC}/licenses/by-nd/4.0/"),
    Licence("CC BY-NC 4.0", f"{_CC}/licenses/by-nc/4.0/"),
    Licence("CC BY-NC-SA 4.0", f"{_CC}/licenses/by-nc-sa/4.0/"),
    Licence("CC BY-NC-ND 4.0", f"{_CC}/licenses/by-nc-nd/4.0/"),
    Licence("CC BY 3.0", f"{_CC}/licenses/by/3.0/"),
    Licence("CC BY-SA 3.0", f"{_CC}/licenses/by-sa/3.0/"),
    Licence("CC BY 2.0", f"{_CC}/licenses/by/2.0/"),
    Licence("CC BY-SA 2.0", f"{_CC}/licenses/by-sa/2.0/"),
    Licence("Public Domain Mark 1.0", f"{_CC}/publicdomain/mark/1.0/"),
    Licence("Rights-managed"),
    Licence("Royalty-free"),
    Licence("Editorial use only"),
)
"""What the form offers; anything else may be written, too."""

_URLS = {licence.name.casefold(): licence.url for licence in LICENCES if licence.url}


def licence_url(name: str) -> str:
    """Where the text of a licence is, by its name in whatever case; empty for one that isn't known."""
    return _URLS.get(" ".join(name.split()).casefold(), "")


def expired(day: date | None = None, prefix: str = "") -> Q:
    """Assets that may not be shown any more on that day, today by default. ``prefix`` leads to them: ``asset__``."""
    return Q((f"{prefix}expires_on__lt", day or timezone.localdate()))


def expiring_soon(day: date | None = None, prefix: str = "") -> Q:
    """Assets that may still be shown, for ``EXPIRY_WARNING_DAYS`` more days at most."""
    day = day or timezone.localdate()
    return Q((f"{prefix}expires_on__range", (day, day + timedelta(days=conf.EXPIRY_WARNING_DAYS))))


def describe(asset: Asset, day: date | None = None) -> str:
    """One sentence on the end of the right to show an asset; empty where it is far, or none."""
    day, last = day or timezone.localdate(), asset.expires_on
    if last is None or last > day + timedelta(days=conf.EXPIRY_WARNING_DAYS):
        return ""
    names = {"title": asset.title, "day": date_format(last)}
    if last < day:
        return _("“%(title)s” may not be shown after %(day)s. Take it out, or extend the right to it.") % names
    return _("“%(title)s” may be shown until %(day)s only.") % names


def label(asset: Asset) -> str:
    """The same in two or three words, for listings."""
    last = asset.expires_on
    if last is None or not describe(asset):
        return ""
    if last < timezone.localdate():
        return _("Rights ended")
    return _("Until %(day)s") % {"day": date_format(last, "SHORT_DATE_FORMAT")}


@register_check
def check(content: Content) -> Iterator[Concern]:
    """What has expired by the day of publishing blocks; what will soon is told."""
    for asset in content.assets.filter(expired(content.day)):
        yield Concern(asset, describe(asset, content.day), blocks=True, code="expired")
    for asset in content.assets.filter(expiring_soon(content.day)):
        yield Concern(asset, describe(asset, content.day), blocks=False, code="expiring")
