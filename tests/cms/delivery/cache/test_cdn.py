"""What a CDN may keep: nothing that it has been told to forget before it came."""

import pytest
from django.http import HttpResponse, JsonResponse
from django.test import Client

from cms.delivery import versions

POSTS = "/api/v2/pages/"


@pytest.fixture(autouse=True)
def _long(settings) -> None:
    settings.RESPONSE_CACHE_CDN_SECONDS = 3600


def test_answer_of_the_present_is_for_cdns_too(api, reader: Client) -> None:
    assert "s-maxage=3600" in reader.get(POSTS)["Cache-Control"]
    assert "s-maxage=3600" in reader.get(POSTS)["Cache-Control"]


def test_former_answer_that_stands_in_is_for_no_cdn(api, reader: Client) -> None:
    reader.get(POSTS)
    versions.bump(["page-7"])
    api.view = lambda request: HttpResponse(status=503)
    response = reader.get(POSTS)
    assert response["X-Cache"] == "STALE"
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_answer_whose_tag_was_bumped_while_it_was_made_is_for_no_cdn(api, reader: Client) -> None:
    def view(request):
        versions.bump(["page-7"])
        return JsonResponse({"title": "as it was"})

    api.view = view
    assert reader.get(POSTS)["Cache-Control"] == "public, max-age=0, must-revalidate"
