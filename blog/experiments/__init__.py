"""Two pictures for a place of a post: shown to half of all visitors each, counted without knowing them, compared."""
