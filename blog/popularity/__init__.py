"""How often pages are seen: told by front ends, counted in bulk, and shown to editors."""
