"""Manifests for tests."""

import json
from typing import Any

from media_library import manifests
from media_library.imaging.slots import read_slots
from media_library.models import PresetManifest

HERO = {"aspect": "2:1", "widths": [100, 200], "formats": ["webp", "fallback"]}
TEXT = {"aspect": None, "widths": [200], "formats": ["webp", "fallback"]}


def put_in_force(**slots: Any) -> PresetManifest:
    """Post a manifest with these slots in nobody's name. Known at once, though a test's transaction never ends."""
    row, _is_new = manifests.post(read_slots(json.dumps({"slots": slots}).encode()), user=None)
    manifests.refresh()
    return row
