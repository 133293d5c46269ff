"""The trash in the admin: what is in it, restoring, and deleting for good."""
