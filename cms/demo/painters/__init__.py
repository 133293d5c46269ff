"""One module for each landscape: how it is composed and coloured."""
