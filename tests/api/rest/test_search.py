"""Words in the library, for programs."""

import pytest
from wagtail.models import Collection

from media_library.models import CustomImage
from tests.api.rest.conftest import ApiClient
from tests.api.rest.test_assets import ids, make_document
from tests.blog.content import make_image

pytestmark = pytest.mark.django_db

URL = "/api/media/search/"


def test_titles_that_begin_with_the_words_come_first(admin_api: ApiClient) -> None:
    found, begins, has = (
        make_image("Boats", caption="In the lagoon"),
        make_image("Lagoon at dawn"),
        make_image("The lagoon"),
    )
    make_image("Meadow")
    assert ids(admin_api.get(URL, {"q": "lagoon"})) == [begins.pk, has.pk, found.pk]
    assert ids(admin_api.get(URL, {"q": "lago", "order": "title"})) == [found.pk, begins.pk, has.pk]


def test_pages_of_what_is_found_follow_each_other(admin_api: ApiClient) -> None:
    for title in ("The sea", "Sea", "A sea", "Seagull", "Sea"):
        make_image(title)
    whole = ids(admin_api.get(URL, {"q": "sea"}))
    found, cursor = [], ""
    while cursor is not None:
        response = admin_api.get(URL, {"q": "sea", "limit": 2, "cursor": cursor})
        found += ids(response)
        cursor = response.json()["next"]
    assert found == whole
    assert len(whole) == 5


def test_filters_hold_for_what_is_found(admin_api: ApiClient, press: Collection) -> None:
    image = make_image("Sea", collection=press)
    make_image("Sea"), make_document("Sea")
    assert ids(admin_api.get(URL, {"q": "sea", "kind": "image", "collection": press.pk})) == [image.pk]


def test_a_writer_finds_what_they_may_see(writer_api: ApiClient, press: Collection) -> None:
    image = make_image("Sea", collection=press)
    make_image("Sea at night")
    assert ids(writer_api.get(URL, {"q": "sea"})) == [image.pk]


def test_what_only_editors_see_leads_nobody_else_anywhere(admin_api: ApiClient, anybody: ApiClient) -> None:
    image, document = CustomImage.objects.get(pk=make_image("Sea", source="Agency Foo").pk), make_document("Prices")
    image.metadata = {"camera_model": "D850"}
    CustomImage.objects.filter(pk=image.pk).update(metadata=image.metadata)
    image.refresh_from_db()
    image.save()
    for words in ("D850", "agency", "sea d850"):
        assert ids(admin_api.get(URL, {"q": words})) == [image.pk], words
        assert ids(anybody.get(URL, {"q": words})) == [], words
    assert ids(anybody.get(URL, {"q": "sea"})) == [image.pk]
    # That of a document is public.
    assert ids(anybody.get(URL, {"q": "paper"})) == [document.pk]


@pytest.mark.parametrize("words", ["", "x" * 201, "\x00"])
def test_words_that_are_none_are_refused(admin_api: ApiClient, words: str) -> None:
    response = admin_api.get(URL, {"q": words})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "query.q")


@pytest.mark.parametrize("words", ["' OR 1=1 --", '"', "*", "a AND NOT b", "(", "\\", "🙂", "%", "../../etc/passwd"])
def test_signs_are_no_commands(admin_api: ApiClient, anybody: ApiClient, words: str) -> None:
    make_image("Sea")
    for client in (admin_api, anybody):
        assert ids(client.get(URL, {"q": words})) == []


def test_what_goes_on_like_this_is_suggested(admin_api: ApiClient) -> None:
    make_image("Harbour at dawn").tags.add("harbour")
    found = admin_api.get("/api/media/suggestions/", {"q": "harb"}).json()["suggestions"]
    assert found == [{"kind": "tag", "text": "harbour"}, {"kind": "title", "text": "Harbour at dawn"}]


def test_suggestions_are_for_those_who_work_in_the_library(anybody: ApiClient) -> None:
    assert anybody.get("/api/media/suggestions/", {"q": "harb"}).status_code == 401
