"""Choosing assets: one chooser for all kinds, or for some of them, in forms, in blocks and in rich text.

``widgets.py`` and ``blocks.py`` are what forms and pages use; the rest is the modal that they open.
"""
