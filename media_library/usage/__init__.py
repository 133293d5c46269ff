"""Where an asset is used: live, in drafts, and in scheduled revisions. See docs/decisions/0012."""

from media_library.usage.filtering import unused, used
from media_library.usage.places import Field, Place, State, places, places_in_bulk, usage_counts
from media_library.usage.recording import assets_of, record, record_all

__all__ = [
    "Field",
    "Place",
    "State",
    "assets_of",
    "places",
    "places_in_bulk",
    "record",
    "record_all",
    "unused",
    "usage_counts",
    "used",
]
