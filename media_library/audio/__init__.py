"""Sounds: what they are, what they say of themselves, what browsers play, and how they look."""
