"""What the front end needs, for editors: where a picture is too small, what is asked for, and what was posted."""
