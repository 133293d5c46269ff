"""Films and sounds in the admin, at /admin/videos/ and /admin/audio/: the same furniture as Wagtail's images.

What differs between the two stands in kinds.py; every view is told its kind.
"""
