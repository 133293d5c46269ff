"""From bytes to a trusted asset: what an upload really is, whether it is acceptable, and what it says of itself."""

from media_library.intake.filling import forget_location, forget_locations, take_over_found, take_over_tags
from media_library.intake.inspection import Inspection, inspect, receive
from media_library.intake.sniff import kind_of, likely_kind

__all__ = [
    "Inspection",
    "forget_location",
    "forget_locations",
    "inspect",
    "kind_of",
    "likely_kind",
    "receive",
    "take_over_found",
    "take_over_tags",
]
