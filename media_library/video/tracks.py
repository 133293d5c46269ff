"""Tracks of films and sounds, and the public files of these."""

from django.db import transaction

from media_library.models import Track
from media_library.models.files import public_storage
from media_library.superseding import named_files, supersede

TEXT_ON_SCREEN = (Track.Kind.CAPTIONS, Track.Kind.SUBTITLES)
"""Kinds of which a player shows one at a time."""


def save_track(track: Track) -> None:
    """Save a track, whose text comes from ``read_captions``; its former file stays for some weeks.

    If it is on by itself, no other of its kind is any more: HTML allows one for each kind, and one for captions and
    subtitles together (https://html.spec.whatwg.org/multipage/media.html#attr-track-default).
    """
    alike = TEXT_ON_SCREEN if track.kind in TEXT_ON_SCREEN else (track.kind,)
    try:
        with transaction.atomic():
            stored = Track.objects.select_for_update().filter(pk=track.pk).values_list("file", flat=True)
            former = set(stored)
            track.save()
            if track.is_default:
                others = Track.objects.filter(asset=track.asset_id, kind__in=alike, is_default=True)
                others.exclude(pk=track.pk).update(is_default=False)
            name = str(track.file.name)
            supersede(track.asset, former - {name}, kept=[name])
    except BaseException:
        # Stored before the row could not be written.
        name = str(track.file.name)
        if name not in named_files(track.asset_id):
            public_storage().delete(name)
        raise


def delete_track(track: Track) -> None:
    """Delete a track; its file stays for some weeks."""
    with transaction.atomic():
        supersede(track.asset, [str(track.file.name)])
        track.delete()
