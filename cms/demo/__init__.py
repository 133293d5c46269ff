"""The demo site's own media: landscapes, a short film and its sound, all drawn by code."""
