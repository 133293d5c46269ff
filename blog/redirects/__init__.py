"""Addresses that have moved: Wagtail's redirects, for front ends, for templates, and without going in circles."""
