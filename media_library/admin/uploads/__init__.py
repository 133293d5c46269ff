"""Several files at a time, by drag and drop: each is sent, judged and edited by itself, whatever its kind."""
