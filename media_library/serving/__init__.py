"""How files leave that are not simply public: by signed addresses with an end, in parts, with headers that guard.

See docs/decisions/0037.
"""

from media_library.serving.addresses import NAMES_OTHERS, private_address, read_private_address
from media_library.serving.documents import serve_document
from media_library.serving.files import Served, file_response
from media_library.serving.privacy import collections_below, restrictions_of

__all__ = [
    "NAMES_OTHERS",
    "Served",
    "collections_below",
    "file_response",
    "private_address",
    "read_private_address",
    "restrictions_of",
    "serve_document",
]
