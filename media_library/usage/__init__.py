"""Where an asset is used: live, in drafts, and in scheduled revisions. See docs/decisions/0012."""

from media_library.usage.filtering import unused, used
from media_library.usage.places import Field, Place, State, describe_field, places, places_in_bulk, usage_counts
from media_library.usage.recording import assets_of, record, record_all
from media_library.usage.rewriting import Outcome, Replacement, original, replace_everywhere, rewrite_by

__all__ = [
    "Field",
    "Outcome",
    "Place",
    "Replacement",
    "State",
    "assets_of",
    "describe_field",
    "original",
    "places",
    "places_in_bulk",
    "record",
    "record_all",
    "replace_everywhere",
    "rewrite_by",
    "unused",
    "usage_counts",
    "used",
]
