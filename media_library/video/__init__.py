"""Films: what they are, their posters, and what browsers play."""
