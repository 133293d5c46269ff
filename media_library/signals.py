"""What the library tells others, after the commit of what it is about. Receivers that fail harm nobody."""

from django.dispatch import Signal

asset_ready = Signal()
"""An asset is ready, or there is something of it that can be shown: ``asset_id``. May be sent several times."""

asset_failed = Signal()
"""An asset could not be processed, after all attempts, or somebody has stopped the work on it: ``asset_id``."""

media_host_changed = Signal()
"""Media are fetched from another host now, so that all answers with their addresses are out of date: ``host``. Sent
until no receiver fails."""
