"""Motion photos: a picture and the film that was in its file, each an asset by itself."""

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
