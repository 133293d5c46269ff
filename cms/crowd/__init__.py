"""A library as large as one likes, to see how the admin bears it: rows like those of an editorial office, in bulk."""
