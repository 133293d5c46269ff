"""Files that a program sends straight to S3, in parts, to addresses that are signed for each.

The object lies beside the originals until a worker has read it, and has taken it in like any other file; then it goes.
S3's own words: a multipart upload has an id, and each part an ETag.
"""

import logging
import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.utils.translation import gettext as _

from media_library.exceptions import DamagedFile, StorageAway, UploadError
from media_library.models import UploadSession
from media_library.models.files import originals_storage

logger = logging.getLogger(__name__)

FOLDER = "incoming"
PART_BYTES = 16 * 1024**2
MAX_PARTS = 10_000
"""S3 takes no more."""
URL_SECONDS = 60 * 60
BLOCK = 64 * 1024

GONE = {"NoSuchUpload", "NoSuchKey", "404"}
WRONG_PARTS = {"InvalidPart", "InvalidPartOrder", "EntityTooSmall", "MalformedXML", "InvalidRequest"}


def is_available() -> bool:
    """Whether originals are kept on S3."""
    return hasattr(originals_storage(), "bucket")


def begin(session: UploadSession) -> None:
    """Prepare the bucket for a file. Raises ``StorageAway``."""
    with _told():
        answer = _client().create_multipart_upload(**_place(session))
    session.multipart_id = answer["UploadId"]
    session.save(update_fields=["multipart_id", "updated_at"])


def part_size(session: UploadSession) -> int:
    """Bytes of each part but the last."""
    return max(PART_BYTES, math.ceil((session.size or 0) / MAX_PARTS))


def part_count(session: UploadSession) -> int:
    return math.ceil((session.size or 0) / part_size(session))


def part_urls(session: UploadSession, numbers: Iterable[int]) -> dict[int, str]:
    """Addresses to PUT these parts to, counted from 1; good for an hour."""
    with _told():
        return {
            number: _client().generate_presigned_url(
                "upload_part",
                Params=_place(session) | {"UploadId": session.multipart_id, "PartNumber": number},
                ExpiresIn=URL_SECONDS,
            )
            for number in numbers
        }


def complete(session: UploadSession, etags: Mapping[int, str]) -> None:
    """Put the parts together, so that a worker may get the file (fetching.py). Doing it twice does no harm.

    Raises ``UploadError`` for parts that are others, ``StorageAway``, or ``DamagedFile`` if the file isn't as long as
    was announced, and then it is gone.
    """
    if session.source_url:
        return
    parts = [{"PartNumber": number, "ETag": etags[number]} for number in sorted(etags)]
    with _told():
        try:
            _client().complete_multipart_upload(
                **_place(session), UploadId=session.multipart_id, MultipartUpload={"Parts": parts}
            )
        except ClientError as error:
            if _code(error) in WRONG_PARTS:
                raise UploadError(_("These are not the parts that have arrived. Send what is missing.")) from error
            # Put together a moment ago by a request whose answer was lost.
            if _code(error) not in GONE:
                raise
        size = _client().head_object(**_place(session))["ContentLength"]
    if size != session.size:
        problem = DamagedFile(_("This file is not as long as was announced. Send it again."))
        session.state, session.reason = UploadSession.State.REFUSED, str(problem)
        session.save(update_fields=["state", "reason", "updated_at"])
        discard(session)
        raise problem
    session.source_url = f"s3:{_place(session)['Key']}"
    session.save(update_fields=["source_url", "updated_at"])


def blocks(session: UploadSession) -> Iterator[bytes]:
    """The bytes of the object. Raises ``StorageAway``."""
    with _told():
        yield from _client().get_object(**_place(session))["Body"].iter_chunks(BLOCK)


def discard(session: UploadSession) -> None:
    """Remove what is in the bucket of an upload, whole or in parts."""
    if not session.multipart_id or not is_available():
        return
    try:
        with _told():
            try:
                _client().abort_multipart_upload(**_place(session), UploadId=session.multipart_id)
            except ClientError as error:
                if _code(error) not in GONE:
                    raise
            _client().delete_object(**_place(session))
    except StorageAway:
        # When its row expires, it is tried again; a rule of the bucket may have the last word.
        logger.warning("What %s has left in the bucket could not be removed", session, exc_info=True)
        return
    UploadSession.objects.filter(pk=session.pk).update(multipart_id="")


def _place(session: UploadSession) -> dict[str, str]:
    storage: Any = originals_storage()
    location = storage.location.strip("/")
    key = f"{FOLDER}/{session.pk.hex}"
    return {"Bucket": storage.bucket_name, "Key": f"{location}/{key}" if location else key}


def _client() -> Any:
    storage: Any = originals_storage()
    return storage.connection.meta.client


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (ClientError, BotoCoreError, OSError) as error:
        raise StorageAway(_("The storage doesn't answer just now. Try again in a moment.")) from error
