"""Keeping the library in order: files that no row knows, rows whose file is gone, and what nobody uses."""
