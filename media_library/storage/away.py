"""Whether an error says that a storage is away for now, so that work on a file may go right another time."""

import errno
from collections.abc import Iterator

import botocore.exceptions
import cloudinary.exceptions
import urllib3.exceptions

UNREACHABLE = (
    botocore.exceptions.ConnectionError,
    botocore.exceptions.HTTPClientError,
    cloudinary.exceptions.GeneralError,
    cloudinary.exceptions.RateLimited,
    urllib3.exceptions.HTTPError,
)
FULL_OR_GONE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.ESTALE, errno.ENOTCONN}


def is_away(error: BaseException) -> bool:
    """Whether a bucket, Cloudinary or a disk can't be reached, is overloaded or is full: no fault of the file.

    A file that is missing, or that a storage refuses, is another matter, and so is a key that is wrong: a bucket
    answers 403 for what isn't there, too.
    """
    return any(_says_so(one) for one in _chain(error))


def _says_so(error: BaseException) -> bool:
    if isinstance(error, botocore.exceptions.ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return status >= 500 or status == 429
    if isinstance(error, OSError) and error.errno in FULL_OR_GONE:
        return True
    # What the SDK has no class for is the network's, or an answer that it doesn't know, such as 503.
    return isinstance(error, UNREACHABLE) or type(error) is cloudinary.exceptions.Error


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what it came from: drivers wrap those of the network in their own."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
