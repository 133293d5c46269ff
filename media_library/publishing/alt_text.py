"""Pictures that say nothing to somebody who can't see them."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from media_library.models import Asset
from media_library.publishing.checks import Concern, Level, register_check
from media_library.publishing.content import Content

MISSING_ALT_TEXT = "missing_alt_text"


@register_check
def check_alt_text(content: Content) -> Iterator[Concern]:
    """Pictures without an alt text where they stand; without one in the library, where that is what is shown."""
    if (level := Level.of("alt_text")) == Level.OFF:
        return
    pictures = content.assets.filter(kind=Asset.Kind.IMAGE)
    here = {
        pk: missing
        for pk, places in content.places.items()
        if (missing := tuple(place for place in places if place.described is False))
    }
    from_library = {
        pk: tuple(place for place in places if place.described is None) for pk, places in content.places.items()
    }
    for asset in pictures.filter(Q(pk__in=here) | Q(alt_text="")):
        names = {"title": asset.title}
        if asset.pk in here:
            sentence = _("“%(title)s” has no alt text where it stands here. Add one, or mark it as decorative.")
            yield Concern(asset, sentence % names, level == Level.BLOCK, MISSING_ALT_TEXT, here[asset.pk])
        if not asset.alt_text and (asset.pk in content.through or from_library[asset.pk]):
            sentence = _("“%(title)s” has no alt text in the library. Say there what can be seen.")
            places = from_library.get(asset.pk, ())
            yield Concern(asset, sentence % names, level == Level.BLOCK, MISSING_ALT_TEXT, places)
