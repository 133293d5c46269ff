"""A tus client for tests: one request at a time, so that each answer can be looked at."""

import base64
from collections.abc import Mapping
from typing import Any

from django.test import Client

UPLOADS = "/admin/media/uploads/"
PART_TYPE = "application/offset+octet-stream"
VERSION = {"Tus-Resumable": "1.0.0"}


def metadata(**values: str) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in values.items())


def create(
    client: Client,
    size: int,
    name: str = "harbour.jpg",
    headers: Mapping[str, str] | None = None,
    address: str = UPLOADS,
    **details: Any,
):
    said = metadata(filename=name, **{key: str(value) for key, value in details.items()})
    return client.post(
        address,
        data=b"",
        content_type="text/plain",
        headers={**VERSION, "Upload-Length": str(size), "Upload-Metadata": said},
    )


def patch(client: Client, url: str, offset: int, data: Any = b"", headers: Mapping[str, str] | None = None):
    sent = {**VERSION, "Upload-Offset": str(offset), **(headers or {})}
    # Django's client says nothing of the type where there is no body.
    return client.generic("PATCH", url, data, content_type=PART_TYPE, headers=sent, CONTENT_TYPE=PART_TYPE)


def head(client: Client, url: str):
    return client.head(url, headers=VERSION)


def send(client: Client, data: bytes, name: str = "harbour.jpg", **details: Any) -> dict[str, Any]:
    """Upload a whole file as the browser does; return what the server says of it, or of what is wrong with it."""
    created = create(client, len(data), name, **details)
    if created.status_code != 201:
        return created.json()
    url = created["Location"]
    finished = patch(client, url, 0, data)
    return client.get(url).json() if finished.status_code == 204 else finished.json()


def post(client: Client, address: str, **data: Any):
    return client.post(address, {key: str(value) for key, value in data.items()}, content_type="application/json")


def describe(client: Client, upload: dict[str, Any], **details: Any) -> dict[str, Any]:
    """Write these details about an upload, given as the server describes it."""
    return post(client, f"{upload['url']}details/", **details).json()
