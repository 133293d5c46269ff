"""Publishing in the admin: what stands against it is listed with links, and the draft is kept.

``doors`` are the ways to publish, ``notices`` what editors read, ``waiting`` is "Publish when ready".
See docs/decisions/0029.
"""

from media_library.admin.publishing.doors import NotPublishableMiddleware, hold_back_and_tell

__all__ = ["NotPublishableMiddleware", "hold_back_and_tell"]
