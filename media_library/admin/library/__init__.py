"""The library at /admin/media/: every asset that the user may see, of any kind, on one page.

``querying.py`` says what is shown; the rest is how.
"""
