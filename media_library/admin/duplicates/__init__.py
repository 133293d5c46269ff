"""What is in the library twice: the report, merging, and what other pages ask about it."""
