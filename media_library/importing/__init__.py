"""A whole folder or bucket of files into the library, by the intake that every upload goes through."""
