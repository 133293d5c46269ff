import pytest

pytestmark = pytest.mark.django_db


def test_any_page_may_read_the_public_api_without_cookies(client):
    response = client.get("/api/v2/pages/", headers={"origin": "https://front.example"})

    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response


def test_admin_is_closed_to_other_pages(client):
    response = client.get("/admin/login/", headers={"origin": "https://front.example"})

    assert "Access-Control-Allow-Origin" not in response


PREFLIGHT = {
    "origin": "https://front.example",
    "access-control-request-method": "PATCH",
    "access-control-request-headers": "authorization, tus-resumable, upload-offset, upload-checksum, idempotency-key",
}


def test_any_page_may_upload_with_a_token_and_read_where_it_went(client):
    asked = client.options("/api/media/uploads/", headers=PREFLIGHT)

    assert asked.status_code == 200
    assert "PATCH" in asked["Access-Control-Allow-Methods"]
    allowed = asked["Access-Control-Allow-Headers"]
    assert all(name in allowed for name in PREFLIGHT["access-control-request-headers"].split(", "))
    assert "Access-Control-Allow-Credentials" not in asked
    answer = client.get("/api/media/", headers={"origin": "https://front.example"})
    readable = answer["Access-Control-Expose-Headers"].split(", ")
    assert {"Location", "Content-Location", "Upload-Offset"} <= set(readable)


def test_named_front_ends_are_the_only_ones(client, settings):
    settings.CORS_ALLOW_ALL_ORIGINS, settings.CORS_ALLOWED_ORIGINS = False, ["https://front.example"]

    for origin, expected in (("https://front.example", "https://front.example"), ("https://other.example", None)):
        asked = client.options("/api/media/", headers=PREFLIGHT | {"origin": origin})
        assert asked.get("Access-Control-Allow-Origin") == expected
