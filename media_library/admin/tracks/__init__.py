"""Captions and chapters in the admin: a panel on the page of a film or a sound, and pages to edit them."""
