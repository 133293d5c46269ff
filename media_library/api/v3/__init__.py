"""Wagtail's API v3 over the library's rules. See docs/decisions/0023.

``api`` makes the API that ``cms/api.py`` puts together from Wagtail's routers. ``assets`` has images and documents in
place of Wagtail's own, ``streams`` what StreamFields are there, and ``errors`` what Wagtail would answer with a 500.
"""
