"""May this be published? What stands against it, of the media that it uses. See docs/decisions/0019 and 0029.

``content`` is what is looked at: an object as it stands in memory, its media and where they stand. ``checks`` are
registered, so each room says what it knows: ``readiness`` of work that goes on or has failed, ``alt_text`` of pictures
that nobody has described, and rights.py of rights that have ended. ``waiting`` publishes as soon as media are ready.

Whoever publishes asks here; the last net are the signals of saving (signal_handlers.py), which every way of publishing
comes past: Wagtail's admin, its API v3, schedules, workflows, and Python.
"""

from media_library.publishing import alt_text, readiness  # noqa: F401
from media_library.publishing.checks import (
    Concern,
    Level,
    concerns,
    going_live,
    is_being_published,
    obstacles,
    register_check,
    require_publishable,
)
from media_library.publishing.content import Content, Place
from media_library.publishing.readiness import FAILED, UNFINISHED, only_unfinished

__all__ = [
    "FAILED",
    "UNFINISHED",
    "Concern",
    "Content",
    "Level",
    "Place",
    "concerns",
    "going_live",
    "is_being_published",
    "obstacles",
    "only_unfinished",
    "register_check",
    "require_publishable",
]
