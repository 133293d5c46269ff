"""Objects in a bucket of S3, or of a service that speaks as S3 does.

Keys are boto3's to find (environment, profile, role of the machine), and never stand in ``OPTIONS``: Wagtail puts a
storage's arguments into its queue.
"""

import base64
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NoReturn

from botocore.config import Config
from django.utils.encoding import filepath_to_uri
from django.utils.http import content_disposition_header
from storages.backends.s3 import S3Storage

from media_library import cache_tags
from media_library.storage.content_types import content_type
from media_library.storage.files import StoredFile

FOR_EVER = "public, max-age=31536000, immutable"
"""A name holds a hash of the bytes, so no address ever answers anything else."""

SPOOL_BYTES = 8 * 1024**2
"""From this size on, what is read from a bucket is on disk, and not in memory."""

CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 5, 30, 4
"""A bucket that is away must not hold a request for minutes; workers try again by themselves."""


class S3Files(S3Storage):
    """What both buckets have in common.

    ``OPTIONS`` are django-storages' own: ``bucket_name``, ``location``, ``region_name``, ``endpoint_url``...
    """

    cache_control = ""

    def __init__(self, **settings: Any):
        # Services other than Amazon's rarely have a host name for each bucket, and know no newer checksums.
        compatible = {"addressing_style": "path"} if settings.get("endpoint_url") else {}
        settings.setdefault(
            "client_config",
            Config(
                signature_version="s3v4",
                s3=compatible,
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )
        # django-storages keeps what it reads in memory unless it is told how much.
        settings.setdefault("max_memory_size", SPOOL_BYTES)
        super().__init__(**settings)

    def get_object_parameters(self, name: str) -> dict[str, Any]:
        """With each object goes what it is, and for how long caches may keep it."""
        known = {"ContentType": content_type(name), "CacheControl": self.cache_control}
        return known | super().get_object_parameters(name)

    def walk(self, folder: str = "") -> Iterator[StoredFile]:
        """Yield all files below ``folder``, a thousand in one request, with their sizes and times."""
        location = f"{self.location.strip('/')}/" if self.location.strip("/") else ""
        for one in self.bucket.objects.filter(Prefix=location + (f"{folder}/" if folder else "")):
            if not one.key.endswith("/"):
                yield StoredFile(one.key.removeprefix(location), one.size, one.last_modified)


class S3Originals(S3Files):
    """What editors uploaded: private, and never overwritten."""

    cache_control = "private, no-store"

    def get_default_settings(self) -> dict[str, Any]:
        return super().get_default_settings() | {
            "file_overwrite": False,
            "querystring_auth": True,
            # Of the public files only.
            "custom_domain": None,
            "cloudfront_key_id": None,
            "cloudfront_key": None,
        }

    def url(self, name: str, *args: Any, **kwargs: Any) -> NoReturn:  # type: ignore[override]
        raise NotImplementedError("Originals are private and have no URL. Use a rendition or the serve view.")

    def signed_url(self, name: str, seconds: int, filename: str, mime_type: str, *, as_attachment: bool) -> str:
        """An address at which whoever has it gets the file for so many seconds, under ``filename``."""
        disposition = content_disposition_header(as_attachment, filename) or "inline"
        parameters = {"ResponseContentDisposition": disposition, "ResponseContentType": mime_type}
        return super().url(name, parameters, expire=seconds)


class S3Renditions(S3Files):
    """What workers made: read by anybody at plain addresses, or with ``querystring_auth`` at signed ones.

    Signed addresses are CloudFront's where ``AWS_CLOUDFRONT_KEY_ID`` and ``AWS_CLOUDFRONT_KEY`` are set and there is
    a ``custom_domain``, else presigned ones of S3. CloudFront's stay the same for half their life, so that browsers
    can keep what they got.
    """

    cache_control = FOR_EVER

    def get_default_settings(self) -> dict[str, Any]:
        return super().get_default_settings() | {"file_overwrite": True, "querystring_auth": False}

    def signed_url(self, name: str, seconds: int) -> str:
        """An address with an end, whether plain ones work or not."""
        if self.has_cloudfront:
            return self._by_cloudfront(name, int(time.time()) + seconds)
        place = {"Bucket": self.bucket_name, "Key": self._normalize_name(name)}
        client = self.connection.meta.client
        return str(client.generate_presigned_url("get_object", Params=place, ExpiresIn=seconds))

    def signed_cookies(self, folder: str, seconds: int) -> dict[str, str]:
        """Cookies, by name, with which CloudFront gives everything below ``folder`` at plain addresses for so long.

        A custom policy with a wildcard, as the CloudFront Developer Guide has it under "Set signed cookies using a
        custom policy": one policy names one resource. Needs ``has_cloudfront``.
        """
        signer = self.cloudfront_signer
        ends = datetime.fromtimestamp(int(time.time()) + seconds, UTC)
        policy = signer.build_policy(f"{self.plain_url(folder)}/*", ends).encode()
        return {
            "CloudFront-Policy": _cookie_value(policy),
            "CloudFront-Signature": _cookie_value(signer.rsa_signer(policy)),
            "CloudFront-Key-Pair-Id": signer.key_id,
        }

    @property
    def has_cloudfront(self) -> bool:
        """Whether addresses on the custom domain are signed for CloudFront."""
        return bool(self.custom_domain and self.cloudfront_signer)

    def plain_url(self, name: str) -> str:
        """The address on the custom domain, unsigned."""
        return f"{self.url_protocol}//{self.custom_domain}/{filepath_to_uri(self._normalize_name(name))}"

    def url(self, name: str, parameters: Any = None, expire: int | None = None, http_method: Any = None) -> str:
        if not self.querystring_auth:
            return super().url(name, parameters, expire, http_method)
        half = max(1, (expire or self.querystring_expire) // 2)
        # An address has half its life before it at least; a cached response leaves some of that to its last reader.
        cache_tags.valid_for(half // 2)
        if self.has_cloudfront and not parameters:
            return self._by_cloudfront(name, (int(time.time()) // half + 2) * half)
        return super().url(name, parameters, expire, http_method)

    def _by_cloudfront(self, name: str, ends: int) -> str:
        moment = datetime.fromtimestamp(ends, UTC)
        return str(self.cloudfront_signer.generate_presigned_url(self.plain_url(name), date_less_than=moment))


def _cookie_value(data: bytes) -> str:
    """Base64 with the three characters that CloudFront takes in place of those that a cookie can't hold."""
    return base64.b64encode(data).translate(bytes.maketrans(b"+=/", b"-_~")).decode()
