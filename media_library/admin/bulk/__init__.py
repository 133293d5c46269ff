"""Bulk actions in the admin: the dialog, operations with their progress and results, the table of texts, downloads."""
