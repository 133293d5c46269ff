"""What becomes of suggestions: an editor takes one over, in other words perhaps, or doesn't want to see it again."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.search import index

from media_library.exceptions import NotChanged
from media_library.models import Asset, CustomImage, Suggestion, Video

Field, State = Suggestion.Field, Suggestion.State

LOG_ACCEPT, LOG_REJECT = "media_library.accept_suggestion", "media_library.reject_suggestion"


def accept(suggestion: Suggestion, user: Any, text: str = "") -> None:
    """Write it on its asset, in other words if ``text`` says some, and mark it as checked by this user.

    Raises ``NotChanged`` when somebody has decided on it meanwhile, or for words that the field can't hold. Whoever
    calls has asked whether the user may change the asset.
    """
    with transaction.atomic():
        _decide(suggestion, user, State.ACCEPTED)
        asset = suggestion.asset.specific
        _write(asset, suggestion, " ".join(text.split()) or suggestion.text)
        log(instance=asset, action=LOG_ACCEPT, user=user, data=_what(suggestion, text), content_changed=True)


def reject(suggestion: Suggestion, user: Any) -> None:
    """Don't show it again. Raises ``NotChanged`` when somebody has decided on it meanwhile."""
    with transaction.atomic():
        _decide(suggestion, user, State.REJECTED)
        if suggestion.field == Field.VISIBLE_TEXT:
            # It is no longer found by these words.
            index.insert_or_update_object(suggestion.asset.specific)
        log(instance=suggestion.asset.specific, action=LOG_REJECT, user=user, data=_what(suggestion))


def _decide(suggestion: Suggestion, user: Any, state: str) -> None:
    now = timezone.now()
    mine = Suggestion.objects.filter(pk=suggestion.pk, state=State.OPEN)
    if not mine.update(state=state, decided_by=user, decided_at=now):
        raise NotChanged(_("Somebody has decided on this suggestion already. Load the page again."))
    suggestion.state, suggestion.decided_by, suggestion.decided_at = state, user, now


def _write(asset: Asset, suggestion: Suggestion, text: str) -> None:
    match suggestion.field:
        case Field.TAG:
            _require_fitting(text, 100)
            asset.tags.add(text)
            index.insert_or_update_object(asset)
        case Field.VISIBLE_TEXT:
            # Passages of one picture are suggested one by one.
            asset.visible_text = "\n".join(filter(None, (asset.visible_text, text)))
            asset.save()
        case Field.FOCAL_POINT:
            _focus(asset, suggestion)
        case name:
            _require_fitting(text, asset._meta.get_field(name).max_length)
            setattr(asset, name, text)
            asset.save()


def _focus(asset: Asset, suggestion: Suggestion) -> None:
    if isinstance(asset, Video):
        _focus_poster(asset, suggestion)
        return
    if not isinstance(asset, CustomImage) or not (asset.width and asset.height and suggestion.area):
        raise NotChanged(_("This picture can't have a focal point: it has no pixels."))
    left, top, width, height = suggestion.area
    asset.focal_point_x = round((left + width / 2) * asset.width)
    asset.focal_point_y = round((top + height / 2) * asset.height)
    asset.focal_point_width = round(width * asset.width)
    asset.focal_point_height = round(height * asset.height)
    # Its crops are made anew after commit.
    asset.save()


def _focus_poster(video: Video, suggestion: Suggestion) -> None:
    if video.poster_image_id is not None:
        raise NotChanged(_("A picture of the library is the poster now. Its focal point is on its own page."))
    video.poster_focus = suggestion.area
    video.save()


def _require_fitting(text: str, longest: int | None) -> None:
    if longest and len(text) > longest:
        raise NotChanged(_("This is too long: at most %(number)s characters. Shorten it.") % {"number": longest})


def _what(suggestion: Suggestion, text: str = "") -> dict[str, str]:
    return {"field": suggestion.field, "text": text or suggestion.text, "source": suggestion.source}
