"""The document of API v3 and the page that shows it come from this server."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db


def test_page_loads_nothing_from_elsewhere_and_has_nothing_inline(client: Client):
    page = client.get("/api/v3/docs/").content.decode()

    addresses = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert addresses
    assert all(address.startswith("/static/ninja/") for address in addresses)
    assert all(finders.find(address.removeprefix("/static/")) for address in addresses)
    # A strict Content-Security-Policy forbids scripts and styles in the page; JSON is neither.
    assert re.findall(r"<script(?![^>]*(?:src=|application/json))|<style| style=| on\w+=", page) == []


def test_document_names_every_operation_once(client: Client):
    document = client.get("/api/v3/openapi.json").json()

    names = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    assert len(names) == len(set(names))
    assert {"pages_create", "pages_actions_publish", "images_create", "documents_delete", "whoami"} <= set(names)


@pytest.mark.parametrize("path", ["docs/", "openapi.json"])
def test_both_are_hidden_where_that_is_wanted(client: Client, settings: Settings, path: str):
    assert client.get(f"/api/v3/{path}").status_code == 200
    settings.WAGTAILAPI_DOCS_ENABLED = False
    assert client.get(f"/api/v3/{path}").status_code == 404
