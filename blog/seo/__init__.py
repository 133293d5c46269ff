"""What search engines, social networks and feed readers are told of a page: one source for all doors."""
