"""Directus beside stock Wagtail, for ``comparison.py``: the same posts, read through its public policy.

What its API is asked for is as much of a post as stock Wagtail tells: its columns, and what is behind its relations.
"""

import contextlib
import json
import sqlite3
import urllib.request
import uuid
from pathlib import Path
from typing import Any

from benchmarks.node import NodePeer

VERSION = "11.3.5"
PUBLIC = "abf8a154-5b1c-4a46-ac9c-7300570f4f17"
"""The policy of whoever doesn't log in, as Directus's own migrations make it."""

LINKS = {"posts_pictures": ("pictures", "directus_files"), "posts_tags": ("tags", "tags")}
"""Tables between posts and others: the field of a post, and what it leads to."""

FIELDS = "fields=*,featured_image.*,author.*,category.*,tags.tags_id.*,pictures.directus_files_id.*"


class Directus(NodePeer):
    """``environment`` is what it is configured by beside the database."""

    urls = {
        "list": f"/items/posts?{FIELDS}&limit=20",
        "lists in turn": f"/items/posts?{FIELDS}&limit=20&offset=20",
        "post": f"/items/posts/{{pk}}?{FIELDS}",
        "posts in turn": f"/items/posts/{{pk}}?{FIELDS}",
    }
    program = "node_modules/directus/cli.js"
    ready = "/server/ping"

    def __init__(self, name: str, folder: Path, **environment: str):
        settings = {
            "HOST": "127.0.0.1",
            "DB_CLIENT": "sqlite3",
            "DB_FILENAME": "data.sqlite3",
            "SECRET": "of-a-benchmark-that-nobody-else-can-reach",
            "ADMIN_EMAIL": "admin@example.com",
            "ADMIN_PASSWORD": "of-a-benchmark",
            "TELEMETRY": "false",
            "LOG_LEVEL": "error",
            "PRESSURE_LIMITER_ENABLED": "false",
            "CACHE_ENABLED": "false",
        }
        super().__init__(f"{name}, Directus {VERSION}", folder / "directus", **(settings | environment))
        self.is_stamped = environment.get("CACHE_ENABLED") != "true"

    def install(self) -> None:
        (self.folder / "package.json").write_text("{}")
        self.run("npm", "install", "--no-audit", "--no-fund", f"directus@{VERSION}", "sqlite3")

    def fill(self, posts: list[dict[str, Any]], port: int) -> None:
        self.run("npx", "directus", "bootstrap")
        # By one process: each remembers the tables there are.
        with self.serving(port, ["node", self.program, "start"]):
            make_tables(f"http://127.0.0.1:{port}", self.environment)
        with contextlib.closing(sqlite3.connect(self.folder / "data.sqlite3")) as database, database:
            fill(database, posts)


def make_tables(address: str, environment: dict[str, str]) -> None:
    """Collections, relations, and leave for everybody to read them, over Directus's API."""

    def send(path: str, body: Any, token: str = "") -> Any:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        request = urllib.request.Request(address + path, json.dumps(body).encode(), headers)  # noqa: S310
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            read = answer.read()
        return json.loads(read)["data"] if read else None

    login = {"email": environment["ADMIN_EMAIL"], "password": environment["ADMIN_PASSWORD"]}
    token = send("/auth/login", login)["access_token"]

    def field(name: str, kind: str = "string", **meta: Any) -> dict[str, Any]:
        return {"field": name, "type": kind, "schema": {} if kind != "alias" else None, "meta": meta}

    def table(name: str, *fields: dict[str, Any]) -> None:
        key = {"field": "id", "type": "integer", "schema": {"is_primary_key": True, "has_auto_increment": True}}
        send("/collections", {"collection": name, "schema": {}, "meta": {}, "fields": [key, *fields]}, token)

    def relation(
        table: str, name: str, to: str, field_of_many: str | None = None, junction: str | None = None
    ) -> None:
        meta = {"one_field": field_of_many, "junction_field": junction}
        send("/relations", {"collection": table, "field": name, "related_collection": to, "meta": meta}, token)

    table("people", field("name"), field("role"), field("bio", "text"))
    table("categories", field("name"), field("slug"), field("description", "text"))
    table("tags", field("name"))
    columns = [field(name) for name in ("title", "slug", "search_description")]
    columns += [field("summary", "text"), field("date", "date"), field("body", "json")]
    columns += [field("featured_image", "uuid"), field("author", "integer"), field("category", "integer")]
    columns += [field(name, "alias", special=["m2m"]) for name, _to in LINKS.values()]
    table("posts", *columns)
    for name, to in (("featured_image", "directus_files"), ("author", "people"), ("category", "categories")):
        relation("posts", name, to)
    for between, (name, to) in LINKS.items():
        table(
            between, field("posts_id", "integer"), field(f"{to}_id", "uuid" if to == "directus_files" else "integer")
        )
        relation(between, "posts_id", "posts", name, f"{to}_id")
        relation(between, f"{to}_id", to, None, "posts_id")
    for name in ("people", "categories", "tags", "posts", *LINKS, "directus_files"):
        rule = {"policy": PUBLIC, "collection": name, "action": "read", "fields": ["*"], "permissions": {}}
        send("/permissions", rule, token)


def fill(database: sqlite3.Connection, posts: list[dict[str, Any]]) -> None:
    known: dict[tuple[str, str], Any] = {}

    def insert(table: str, **values: Any) -> Any:
        names = ", ".join(values)
        marks = ", ".join("?" * len(values))
        return database.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", [*values.values()]).lastrowid  # noqa: S608

    def kept(table: str, key: str, **values: Any) -> Any:
        if (table, key) not in known:
            known[table, key] = values.get("id") or insert(table, **values)
            if "id" in values:
                insert(table, **values)
        return known[table, key]

    def picture(one: dict[str, Any]) -> str:
        name = f"{one['id']}.jpg"
        facts = {"title": one["title"], "width": one["width"], "height": one["height"], "type": "image/jpeg"}
        key = str(uuid.UUID(int=one["id"]))
        return kept(
            "directus_files", name, id=key, storage="local", filename_disk=name, filename_download=name, **facts
        )

    for post in posts:
        pictures = [block["value"]["image"] for block in post["body"] if block["type"] == "image"]
        body = [
            block | {"value": block["value"] | {"image": picture(block["value"]["image"])}}
            if block["type"] == "image"
            else block
            for block in post["body"]
        ]
        pk = insert(
            "posts",
            **{name: post[name] for name in ("title", "slug", "search_description", "summary", "date")},
            body=json.dumps(body),
            featured_image=picture(post["featured_image"]),
            author=kept("people", post["author"]["name"], **post["author"]),
            category=kept("categories", post["category"]["name"], **post["category"]),
        )
        for one in pictures:
            insert("posts_pictures", posts_id=pk, directus_files_id=picture(one))
        for tag in post["tags"]:
            insert("posts_tags", posts_id=pk, tags_id=kept("tags", tag, name=tag))
