"""The media library in Wagtail's admin."""
