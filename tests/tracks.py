"""Captions for tests."""

from typing import Any

from media_library.models import Asset, Track

CAPTIONS = "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nThe tide is out.\n"


def make_track(asset: Asset, kind: str = Track.Kind.CAPTIONS, **columns: Any) -> Track:
    """English captions of a film or a sound, not saved yet."""
    usual = {"language": "en", "label": "English", "text": CAPTIONS}
    return Track(**{"asset_id": asset.pk, "kind": kind} | usual | columns)
