"""What to say where a picture, film, sound or document is shared, and at which address it is."""

from django.utils.translation import gettext as _

from blog.seo.surroundings import Surroundings
from blog.sharing.texts import composed, hashtags
from media_library import rights
from media_library.api.html import HLS
from media_library.api.library import Library, library, sharing
from media_library.models import Asset, Audio, CustomDocument, CustomImage, Video
from media_library.models.files import public_storage


class NotShared(Exception):
    """The asset is not for everybody. ``str()`` says why, and what to do."""


def shared_address(asset: Asset) -> str:
    """Where everybody finds an asset, of its own kind; raises ``NotShared``.

    Pictures, films and sounds are files that were made of them, by which ``/oembed/`` knows them, too.
    """
    with sharing():
        shared = library()
        shared.expect([asset])
        if not shared.may_show(asset):
            names = {"collection": asset.collection.name}
            raise NotShared(
                _("The collection “%(collection)s” is not open to everybody. Move it to one that is.") % names
            )
        if asset.status == Asset.Status.FAILED:
            raise NotShared(_("It could not be processed: see its status."))
        if asset.status != Asset.Status.READY:
            raise NotShared(_("It is being processed. Wait until it is ready."))
        if Asset.objects.filter(rights.expired(), pk=asset.pk).exists():
            raise NotShared(rights.describe(asset))
        if not isinstance(asset, CustomDocument) and getattr(public_storage(), "querystring_auth", False):
            raise NotShared(_("Addresses of media end after a while here, by a setting of the storage."))
        address = _address(asset, shared)
        if not address:
            raise NotShared(_("There is no file of it that everybody could open."))
        return Surroundings().absolute(address)


def asset_texts(asset: Asset, url: str) -> dict[str, str]:
    """By the names of networks: title, caption with credit, hashtags, and the address."""
    about = asset.caption or asset.description
    credit = _("Credit: %(credit)s") % {"credit": asset.credit} if asset.credit else ""
    said = " ".join(f"{about} {credit}".split())
    return composed(asset.title, said, hashtags(tag.name for tag in asset.tags.all()), url)


def _address(asset: Asset, shared: Library) -> str:
    match asset:
        case CustomImage():
            return shared.picture(asset).src
        case Video():
            return next((one.src for one in shared.film(asset).sources if one.type != HLS), "")
        case Audio():
            return shared.sound(asset).download or ""
        case CustomDocument():
            return asset.url
    return ""
