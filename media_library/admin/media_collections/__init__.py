"""Media collections in the admin: the list of them, and the page on which one is put together."""
