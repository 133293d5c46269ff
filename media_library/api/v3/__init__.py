"""Wagtail's API v3 over the library's rules. See docs/decisions/0023.

``api`` makes the API that ``cms/api.py`` puts together from Wagtail's routers. ``assets`` has images and documents in
place of Wagtail's own; ``streams`` says what StreamFields are there, and ``forms`` what is wrong in them; ``requests``
and ``errors`` are about what Wagtail would answer with a 500.
"""
