import pytest
from django.contrib.auth.models import Permission

from cms.delivery import versions
from cms.models import User
from media_library.models import PresetManifest
from tests.api.rest.conftest import ApiClient, api_client

pytestmark = pytest.mark.django_db

PATH = "/api/media/presets/"
MANIFEST = {"slots": {"hero": {"aspect": "16:9", "widths": [1280, 640], "description": "On top of a post"}}}


@pytest.fixture
def build(db: None) -> ApiClient:
    """A front end's build, which may do this and nothing else."""
    user = User.objects.create_user("build")
    user.user_permissions.add(Permission.objects.get(codename="add_presetmanifest"))
    return api_client(user)


def put(client: ApiClient, data, **kwargs):
    return client.put(PATH, data, content_type="application/json", **kwargs)


def test_build_puts_its_manifest_in_force(build, anybody):
    response = put(build, MANIFEST)

    assert response.status_code == 201
    assert response.json()["version"] == 1
    assert anybody.get(PATH).json() == response.json()
    assert response.json()["slots"]["hero"] == {
        "aspect": "16:9",
        "widths": [640, 1280],
        "formats": ["avif", "webp", "fallback"],
        "description": "On top of a post",
        "minimum": 1280,
    }


def test_row_says_who_posted_it_and_with_which_token(build):
    put(build, MANIFEST)
    row = PresetManifest.objects.get()
    assert (row.user.username, row.token.name) == ("build", "Tests")


def test_same_manifest_again_is_no_new_version(build):
    first, again = put(build, MANIFEST), put(build, MANIFEST)
    assert (again.status_code, again.json()) == (200, first.json())
    assert PresetManifest.objects.count() == 1


def test_another_manifest_is_the_next_version(build):
    put(build, MANIFEST)
    assert put(build, {"slots": {"card": {"aspect": None, "widths": [320]}}}).json()["version"] == 2


def test_unchanged_manifest_is_not_sent_again(build, anybody):
    etag = put(build, MANIFEST)["ETag"]
    response = anybody.get(PATH, headers={"If-None-Match": etag})
    assert (response.status_code, response["ETag"], response.content) == (304, etag, b"")


def test_without_a_manifest_there_is_none(anybody):
    response = anybody.get(PATH)
    assert (response.status_code, response.json()["code"]) == (404, "no_manifest")


def test_nobody_posts_without_a_token(anybody):
    assert put(anybody, MANIFEST).status_code == 401


def test_editor_without_the_permission_is_refused():
    response = put(api_client(User.objects.create_user("writer")), MANIFEST)
    assert (response.status_code, response.json()["code"]) == (403, "forbidden")


def test_refusal_names_slot_and_field_and_changes_nothing(build):
    put(build, MANIFEST)
    response = put(build, {"slots": {"hero": {"aspect": "16:9", "widths": [0]}}})

    assert (response.status_code, response.json()["code"]) == (422, "invalid_manifest")
    assert [one["field"] for one in response.json()["errors"]] == ["slots.hero.widths"]
    assert PresetManifest.objects.count() == 1


def test_what_is_no_json_is_refused(build):
    response = build.put(PATH, b"slots: hero", content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (422, "invalid_manifest")


def test_million_widths_are_too_much(build):
    body = b'{"slots": {"hero": {"aspect": null, "widths": [' + b"1," * 1_000_000 + b"1]}}}"
    response = build.put(PATH, body, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (413, "too_large")


def test_answers_with_pictures_are_stale_over_a_new_manifest_and_no_others(build, django_capture_on_commit_callbacks):
    before = versions.read(["presets", "pages"])
    with django_capture_on_commit_callbacks(execute=True):
        put(build, MANIFEST)
    after = versions.read(["presets", "pages"])

    assert before["presets"] != after["presets"]
    assert before["pages"] == after["pages"]
