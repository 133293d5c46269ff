"""Films in the admin, at /admin/videos/: the same furniture as Wagtail's images."""
