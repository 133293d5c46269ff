"""Words that can be read in a picture: a sign, a poster, a screenshot. Editors find it by them.

Read by Tesseract, where the operator has installed it; nothing leaves this machine, and without it nothing is read.
"""

from media_library.insight.text.suggesting import suggest
from media_library.insight.text.tesseract import problem

__all__ = ["problem", "suggest"]
