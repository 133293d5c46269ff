"""Pixels: the only room that imports PIL."""
