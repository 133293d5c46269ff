"""From bytes to a trusted asset: what an upload really is, whether it is acceptable, and what it says of itself."""

from media_library.intake.inspection import Inspection, inspect, receive

__all__ = ["Inspection", "inspect", "receive"]
