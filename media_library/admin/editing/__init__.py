"""Editing pictures in the admin: the page with the canvas, and the settings of collections."""
