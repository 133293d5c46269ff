"""A distribution of CloudFront whose viewers need signed addresses or cookies, as the CloudFront Developer Guide says
under "Serve private content with signed URLs and signed cookies". Behind it stands a bucket."""

import base64
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from botocore.exceptions import ClientError
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

SIGNING = ("Expires", "Policy", "Signature", "Key-Pair-Id")
"""Parameters that are no part of the address that is signed; cookies have ``CloudFront-`` before them."""


class Refused(Exception):
    """403, and why."""


@dataclass
class Distribution:
    """``ahead`` is how many seconds its clock is before ours."""

    domain: str
    bucket: str
    client: Any
    key: RSAPrivateKey
    key_id: str = "K2JCJMDEHXQW5F"
    ahead: int = 0

    def environment(self) -> dict[str, str]:
        """What an operator sets."""
        return {
            "S3_CUSTOM_DOMAIN": self.domain,
            "CLOUDFRONT_KEY_ID": self.key_id,
            "CLOUDFRONT_PRIVATE_KEY": self.pem(),
        }

    def pem(self) -> str:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()

    def get(self, url: str, cookies: SimpleCookie | None = None) -> bytes:
        """What a browser with these cookies gets at an address. Raises ``Refused``."""
        found = urlsplit(url)
        assert (found.scheme, found.hostname) == ("https", self.domain)
        query = dict(parse_qsl(found.query))
        signing = {name: query.pop(name) for name in SIGNING if name in query}
        plain = found._replace(query=urlencode(query)).geturl()
        # Where both come, the address decides.
        self._require(signing or _sent(cookies or SimpleCookie(), self.domain, found.path), plain)
        try:
            return self.client.get_object(Bucket=self.bucket, Key=found.path.removeprefix("/"))["Body"].read()
        except ClientError as error:
            raise Refused("AccessDenied") from error

    def _require(self, signing: Mapping[str, str], url: str) -> None:
        if signing.get("Key-Pair-Id") != self.key_id:
            raise Refused("MissingKey")
        policy = (
            _decoded(signing["Policy"])
            if "Policy" in signing
            # A canned policy is put together anew, character for character.
            else b'{"Statement":[{"Resource":"%s","Condition":{"DateLessThan":{"AWS:EpochTime":%d}}}]}'
            % (url.encode(), int(signing["Expires"]))
        )
        try:
            self.key.public_key().verify(_decoded(signing["Signature"]), policy, PKCS1v15(), SHA1())  # noqa: S303
        except InvalidSignature as error:
            raise Refused("AccessDenied: signature") from error
        (statement,) = json.loads(policy)["Statement"]
        resource = re.escape(statement["Resource"]).replace(r"\*", ".*").replace(r"\?", ".")
        if not re.fullmatch(resource, url):
            raise Refused("AccessDenied: resource")
        if statement["Condition"]["DateLessThan"]["AWS:EpochTime"] <= time.time() + self.ahead:
            raise Refused("AccessDenied: expired")


def distribution(domain: str, bucket: str, client: Any) -> Distribution:
    return Distribution(domain, bucket, client, _key())


@cache
def _key() -> RSAPrivateKey:
    """To make one takes a while."""
    return generate_private_key(public_exponent=65537, key_size=2048)


def _sent(cookies: SimpleCookie, host: str, path: str) -> dict[str, str]:
    """Those that a browser sends (RFC 6265, sections 5.1.3 and 5.1.4), by the names of the parameters."""
    return {
        name.removeprefix("CloudFront-"): one.value
        for name, one in cookies.items()
        if f".{host}".endswith(f".{one['domain']}") and path.startswith(one["path"])
    }


def _decoded(text: str) -> bytes:
    return base64.b64decode(text.translate(str.maketrans("-_~", "+=/")), validate=True)
