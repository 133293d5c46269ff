"""What CDNs are asked to forget, by URL through Wagtail's own backends, and by tag where they can.

Wagtail's backends log what goes wrong and go on; these raise ``PurgeFailed`` instead, so that it is tried again.
Formats are those of the public descriptions: https://developers.cloudflare.com/api/resources/cache/methods/purge/,
https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateInvalidation.html,
https://www.fastly.com/documentation/reference/api/purging/ and
https://github.com/varnish/varnish-modules/blob/master/src/vmod_xkey.vcc.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import requests
from wagtail.contrib.frontend_cache.backends import (
    AzureFrontDoorBackend,
    BaseBackend,
    CloudflareBackend,
    CloudfrontBackend,
)

from cms.delivery.webhooks.posting import retry_after

CONNECT_SECONDS, READ_SECONDS = 5, 10


class PurgeFailed(Exception):
    """A CDN did not do as it was asked, for this reason; ``wait`` is how long it wants to be left alone."""

    def __init__(self, reason: str, wait: timedelta | None = None):
        super().__init__(reason)
        self.wait = wait


class Purger(BaseBackend):
    """A backend that says so when it fails. ``purge_tags`` is there for those that know tags.

    No call takes more than so many URLs, or tags.
    """

    urls_at_a_time = 30
    tags_at_a_time = 0

    def purge_tags(self, tags: Sequence[str]) -> None:
        raise NotImplementedError


class Cloudflare(CloudflareBackend, Purger):
    """By URL, and by tag, 30 in a request."""

    tags_at_a_time = 30

    def __init__(self, params: dict[str, Any]):
        super().__init__(params)
        if api := params.get("API"):
            zone = self.cloudflare_zoneid
            self.cloudflare_purge_endpoint_url = f"{api}/client/v4/zones/{zone}/purge_cache"

    def purge_tags(self, tags: Sequence[str]) -> None:
        self._purge({"tags": list(tags)})

    def _purge_urls(self, urls: Sequence[str]) -> None:
        self._purge({"files": list(urls)})

    def _purge(self, what: dict[str, list[str]]) -> None:
        if self.cloudflare_token:
            headers = {"Authorization": f"Bearer {self.cloudflare_token}"}
        else:
            headers = {"X-Auth-Email": self.cloudflare_email, "X-Auth-Key": self.cloudflare_api_key}
        answer = ask("POST", self.cloudflare_purge_endpoint_url, headers, what)
        if not (isinstance(answer, dict) and answer.get("success") is True):
            raise PurgeFailed(f"Cloudflare did not confirm the purge: {_shown(answer)}")


class Fastly(Purger):
    """By URL, and by surrogate key, 256 in a request."""

    tags_at_a_time = 256

    def __init__(self, params: dict[str, Any]):
        super().__init__(params)
        self.api = params.get("API") or "https://api.fastly.com"
        self.service = params["SERVICE_ID"]
        self.headers = {"Fastly-Key": params["TOKEN"], "Accept": "application/json"}

    def purge_tags(self, tags: Sequence[str]) -> None:
        answer = ask("POST", f"{self.api}/service/{self.service}/purge", self.headers, {"surrogate_keys": list(tags)})
        if not isinstance(answer, dict) or set(tags) - set(answer):
            raise PurgeFailed(f"Fastly did not confirm the purge: {_shown(answer)}")

    def purge(self, url: str) -> None:
        answer = ask("POST", f"{self.api}/purge/{url.partition('://')[2]}", self.headers)
        if not isinstance(answer, dict) or answer.get("status") != "ok":
            raise PurgeFailed(f"Fastly did not confirm the purge: {_shown(answer)}")


class HTTPCache(Purger):
    """A cache of one's own, or several, that take ``PURGE``; ``LOCATIONS`` are their addresses."""

    def __init__(self, params: dict[str, Any]):
        super().__init__(params)
        self.locations = [one.rstrip("/") for one in params["LOCATIONS"]]

    def purge(self, url: str) -> None:
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._purge_everywhere(path, {"Host": parts.netloc})

    def _purge_everywhere(self, path: str, headers: dict[str, str]) -> None:
        for location in self.locations:
            # 404 is what some say of what they don't hold.
            ask("PURGE", location + path, headers, expects_json=False, fine=(404,))


class Varnish(HTTPCache):
    """Varnish with vmod_xkey, which forgets by tag; docs/cdn.md has the VCL."""

    tags_at_a_time = 100

    def purge_tags(self, tags: Sequence[str]) -> None:
        self._purge_everywhere("/", {"xkey": " ".join(tags)})


class CloudFront(CloudfrontBackend, Purger):
    """By path, as many as may be under way at once. Keys come from the environment, or the machine's role."""

    urls_at_a_time = 1000

    def __init__(self, params: dict[str, Any]):
        import boto3
        from botocore.config import Config

        super().__init__(params)
        patience = Config(
            connect_timeout=CONNECT_SECONDS, read_timeout=READ_SECONDS, retries={"total_max_attempts": 2}
        )
        # Wagtail's waits for a minute, five times.
        self.client = boto3.client("cloudfront", config=patience)

    def _create_invalidation(self, distribution_id: str, paths: Sequence[str]) -> None:
        from botocore.exceptions import BotoCoreError, ClientError
        from botocore.parsers import ResponseParserError

        try:
            self.client.create_invalidation(
                DistributionId=distribution_id,
                InvalidationBatch={
                    "Paths": {"Quantity": len(paths), "Items": sorted(paths)},
                    "CallerReference": str(uuid.uuid4()),
                },
            )
        except ClientError as error:
            told = error.response.get("Error", {})
            raise PurgeFailed(f"CloudFront: {told.get('Code')}: {told.get('Message')}") from error
        except (BotoCoreError, ResponseParserError) as error:
            raise PurgeFailed(f"CloudFront: {error}") from error


class AzureFrontDoor(AzureFrontDoorBackend, Purger):
    """By path. Needs azure-mgmt-frontdoor and azure-identity, which Darkroom doesn't bring."""

    urls_at_a_time = 100

    def _purge_content(self, paths: Sequence[str]) -> None:
        from azure.core.exceptions import AzureError

        try:
            self._make_purge_call(self._get_client(), list(paths))
        except AzureError as error:
            raise PurgeFailed(f"Azure Front Door: {error}") from error


def ask(
    method: str,
    url: str,
    headers: dict[str, str],
    body: Any = None,
    *,
    expects_json: bool = True,
    fine: Iterable[int] = (),
) -> Any:
    """Send a request, and return the JSON that is answered. Raises ``PurgeFailed`` for any answer but 2xx."""
    try:
        response = requests.request(
            method,
            url,
            headers=headers,
            json=body,
            timeout=(CONNECT_SECONDS, READ_SECONDS),
            allow_redirects=False,
        )
    except requests.RequestException as error:
        # Its message may hold the address of a server inside, which is the operator's own; no key stands in it.
        raise PurgeFailed(f"The CDN can't be reached: {type(error).__name__}") from error
    if not (200 <= response.status_code < 300 or response.status_code in fine):
        wait = retry_after(response.headers.get("Retry-After"))
        raise PurgeFailed(f"The CDN answers with status {response.status_code}: {_shown(response.text)}", wait)
    if not expects_json:
        return None
    try:
        return response.json()
    except ValueError as error:
        raise PurgeFailed(f"What the CDN answers is no JSON: {_shown(response.text)}") from error


def _shown(answer: Any) -> str:
    return str(answer).replace("\x00", "")[:500]
