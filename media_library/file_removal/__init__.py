"""An app of its own, since it must be the last one to be ready. What it does stands in ``deletion/removal.py``."""
