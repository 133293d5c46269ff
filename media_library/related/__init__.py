"""Which assets resemble one, or a text, and why. See docs/decisions/0046.

Each reason is looked for by an index, among a bounded number of rows; all of them make one score.
"""

from media_library.related.resembling import Audience, related
from media_library.related.scoring import Reason, Related
from media_library.related.words import fitting

__all__ = ["Audience", "Reason", "Related", "fitting", "related"]
