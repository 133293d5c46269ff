"""Files on their way into the library: in parts, over many requests, or fetched from an address by a worker.

Knows no HTTP and no forms. ``sessions`` is what happens to an upload, ``parts`` its bytes on disk, ``fetching`` and
``addresses`` what comes from elsewhere. Who may add what where, and what becomes of it, is said by whoever registers
the Wagtail hook ``judge_upload`` (admin/uploads/doors.py).
"""

from media_library.uploads.sessions import abandon, amend, clean_details, create, finish, offset, receive, remove_stale

__all__ = ["abandon", "amend", "clean_details", "create", "finish", "offset", "receive", "remove_stale"]
