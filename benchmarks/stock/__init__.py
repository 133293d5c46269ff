"""Wagtail as it comes, with a blog as its documentation has one: what Darkroom is compared with (comparison.py)."""
