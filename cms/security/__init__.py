"""What keeps others out: policies of pages, the throttle of the login, the second factor."""
