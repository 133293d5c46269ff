"""What Cloudinary's public descriptions of its Upload and Admin APIs say, as far as the library relies on it.

https://cloudinary.com/documentation/image_upload_api_reference and …/admin_api: signed uploads in one or more parts,
destroy, download, one resource, resources by prefix. It keeps files in memory, and shows that we keep the contract;
whether Cloudinary does, only an account can show (tests/proof/test_cloudinary_live.py).
"""

import base64
import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.serving import make_server

from tests.processes import free_port

CLOUD, KEY, SECRET = "harbour", "314159", "a secret of the contract"
# What Cloudinary calls these formats.
FORMATS = {"jpeg": "jpg", "tif": "tiff"}
UNSIGNED = {"file", "api_key", "resource_type", "cloud_name", "signature"}
MODIFIED = "2026-01-02T03:04:05Z"


@dataclass
class CloudinaryServer:
    """Resources by type, delivery type and public id; requests; and what goes wrong next."""

    url: str
    resources: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    faults: list[Any] = field(default_factory=list)
    """Called one after the other in place of an answer; None lets a request through."""

    def environment(self) -> dict[str, str]:
        return {
            "CLOUDINARY_CLOUD_NAME": CLOUD,
            "CLOUDINARY_API_KEY": KEY,
            "CLOUDINARY_API_SECRET": SECRET,
            "CLOUDINARY_UPLOAD_PREFIX": self.url,
        }


def signature(params: dict[str, str]) -> str:
    """SHA-1 of the sorted parameters and the secret; "&" in a value is encoded since version 2 of signatures."""
    signed = {name: value for name, value in params.items() if value and name not in UNSIGNED}
    text = "&".join(f"{name}={value}".replace("&", "%26") for name, value in sorted(signed.items()))
    return hashlib.sha1((text + SECRET).encode()).hexdigest()  # noqa: S324 - theirs to choose


def _error(status: int, message: str) -> tuple[Response, int]:
    return jsonify({"error": {"message": message}}), status


def _app(server: CloudinaryServer) -> Flask:
    app = Flask("cloudinary")
    parts: dict[str, bytearray] = {}

    @app.before_request
    def note() -> Any:
        sent = {**request.args, **request.form}
        server.requests.append((request.method, request.path, sent))
        if server.faults and (fault := server.faults.pop(0)):
            return fault()
        if "/resources/" in request.path:
            wanted = "Basic " + base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
            return None if request.headers.get("Authorization") == wanted else _error(401, "unknown api_key")
        if sent.get("api_key") != KEY or sent.get("signature") != signature(sent):
            return _error(401, "Invalid Signature")
        if abs(time.time() - int(sent["timestamp"])) > 60 * 60:
            return _error(400, "Stale request")
        return None

    base = f"/v1_1/{CLOUD}"

    @app.post(f"{base}/<kind>/upload")
    def upload(kind: str) -> Any:
        data = request.files["file"].read()
        if (upload_id := request.headers.get("X-Unique-Upload-Id")) is not None:
            span, _slash, size = request.headers["Content-Range"].removeprefix("bytes ").partition("/")
            whole = parts.setdefault(upload_id, bytearray())
            if int(span.partition("-")[0]) != len(whole):
                return _error(400, "Parts out of order")
            whole += data
            if len(whole) < int(size):
                return jsonify({"done": False, "public_id": request.form["public_id"], "bytes": len(data)})
            data = bytes(parts.pop(upload_id))
        public_id, delivery = request.form["public_id"], request.form.get("type", "upload")
        if any(sign in public_id for sign in "?&#\\%<>"):
            return _error(400, "public_id contains invalid characters")
        ending = request.files["file"].filename.rpartition(".")[2].lower()
        told = {"public_id": public_id, "resource_type": kind, "type": delivery, "created_at": MODIFIED}
        told |= {"bytes": len(data), "version": 1}
        if kind != "raw":
            told["format"] = FORMATS.get(ending, ending)
        server.resources[kind, delivery, public_id] = {"data": data, "told": told}
        return jsonify(told)

    @app.post(f"{base}/<kind>/destroy")
    def destroy(kind: str) -> Any:
        key = kind, request.form.get("type", "upload"), request.form["public_id"]
        return jsonify({"result": "ok" if server.resources.pop(key, None) else "not found"})

    @app.get(f"{base}/<kind>/download")
    def download(kind: str) -> Any:
        if int(request.args.get("expires_at", time.time() + 60)) < time.time():
            return _error(401, "Expired")
        found = server.resources.get((kind, request.args.get("type", "upload"), request.args["public_id"]))
        return Response(found["data"]) if found else _error(404, "Resource not found")

    @app.get(f"{base}/resources/<kind>/<delivery>/<path:public_id>")
    def resource(kind: str, delivery: str, public_id: str) -> Any:
        found = server.resources.get((kind, delivery, public_id))
        return jsonify(found["told"]) if found else _error(404, f"Resource not found - {public_id}")

    @app.get(f"{base}/resources/<kind>/<delivery>")
    def resources(kind: str, delivery: str) -> Any:
        start, number = int(request.args.get("next_cursor") or 0), int(request.args["max_results"])
        prefix = request.args.get("prefix", "")
        found = [
            one["told"]
            for key, one in sorted(server.resources.items())
            if key[:2] == (kind, delivery) and key[2].startswith(prefix)
        ]
        more = {"next_cursor": str(start + number)} if len(found) > start + number else {}
        return jsonify({"resources": found[start : start + number], **more})

    return app


@contextmanager
def running_cloudinary() -> Iterator[CloudinaryServer]:
    port = free_port()
    server = CloudinaryServer(f"http://127.0.0.1:{port}")
    listening = make_server("127.0.0.1", port, _app(server), threaded=True)
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        thread.join(10)


def answers(status: int, body: Any = None) -> Any:
    """A fault: this status, with JSON or with text that is none."""
    return lambda: Response(body, status) if isinstance(body, str) else (jsonify(body), status)
