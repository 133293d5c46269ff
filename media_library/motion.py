"""Motion photos: a picture and the film that was in its file, each an asset by itself."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import ReferenceIndex

from media_library.exceptions import NotReplaced
from media_library.models import Asset, CustomImage, Video
from media_library.signals import tell_changed
from media_library.usage.places import User

LOG_SEPARATE = "media_library.separate_film"


def join(image: CustomImage, film: Video | None) -> None:
    """Let a picture have this film, which it uses from now on, or none."""
    with transaction.atomic():
        CustomImage.objects.filter(pk=image.pk).update(motion=film, holds_film=False)
        image.motion, image.holds_film = film, False
        # update() sends no signal.
        ReferenceIndex.create_or_update_for_object(image)
        tell_changed(image.kind, [image.pk])


def take_along(image: CustomImage, folder: int | None) -> None:
    """Let the film follow its picture, which was in this folder: who may see the one may see the other.

    It stays where it is if it was elsewhere already, or if another picture in that folder has it, too.
    """
    if image.motion_id is None or image.collection_id == folder:
        return
    film = Video.objects.filter(pk=image.motion_id, collection=folder).first()
    if film is None or film.stills.filter(collection=folder, trashed_at=None).exclude(pk=image.pk).exists():
        return
    film.collection_id = image.collection_id
    film.save(update_fields=["collection", "updated_at"])


def films_beside(assets: Iterable[Asset]) -> list[int]:
    """The ids of the films that motion photos among these assets have in their own folder."""
    folders = {(one.motion_id, one.collection_id) for one in assets if isinstance(one, CustomImage) and one.motion_id}
    if not folders:
        return []
    films = Video.objects.filter(pk__in={film for film, _folder in folders}).values_list("pk", "collection_id")
    return [film for film, folder in films if (film, folder) in folders]


def separate(image: CustomImage, user: User | None) -> None:
    """Make a motion photo a still. Its film stays in the library, and may be deleted then."""
    if image.motion_id is not None:
        data = {"film": image.motion_id}
        with transaction.atomic():
            join(image, None)
            log(instance=image, action=LOG_SEPARATE, user=user, data=data, content_changed=True)


def replace_film(image: CustomImage, old: Asset, new: Asset) -> None:
    """Put another film in the place of a motion photo's. Raises ``NotReplaced`` for what is no film."""
    if image.motion_id != old.pk:
        return
    film = new.specific
    if not isinstance(film, Video):
        raise NotReplaced(_("Only a film can take the place of a motion photo's film."))
    join(image, film)
