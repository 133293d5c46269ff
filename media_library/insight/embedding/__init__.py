"""A model of the operator's that puts pictures and words into one space (CLIP, SigLIP): near is alike.

Off unless ``INSIGHT_MODEL_DIR`` names a folder with it (manifest.py). Nothing leaves this machine.
"""

from media_library.insight.embedding.catching_up import SOURCE, catch_up, forget_word
from media_library.insight.embedding.index import looking_like, nearest, standing_out, vector_of
from media_library.insight.embedding.model import is_on, problem, usable_model

__all__ = [
    "SOURCE",
    "catch_up",
    "forget_word",
    "is_on",
    "looking_like",
    "nearest",
    "problem",
    "standing_out",
    "usable_model",
    "vector_of",
]
