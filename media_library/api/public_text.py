"""What visitors can read of an asset: searching must not give away what they can't."""

from functools import reduce
from operator import or_

from django.db.models import Q

from media_library.models import Asset

FIELDS = ("title", "description", "alt_text", "caption", "credit", "licence", "tags__name")
"""The texts of the public objects; ``alt`` may be the description."""


def in_public_text(word: str) -> Q:
    """Whether one word is in any of them. Of documents, the name of the file is public."""
    texts = (Q((f"{name}__icontains", word)) for name in FIELDS)
    return reduce(or_, texts, Q(kind=Asset.Kind.DOCUMENT, filename__icontains=word))
