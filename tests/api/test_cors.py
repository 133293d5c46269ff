import pytest

pytestmark = pytest.mark.django_db


def test_any_page_may_read_the_public_api_without_cookies(client):
    response = client.get("/api/v2/pages/", headers={"origin": "https://front.example"})

    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response


def test_admin_is_closed_to_other_pages(client):
    response = client.get("/admin/login/", headers={"origin": "https://front.example"})

    assert "Access-Control-Allow-Origin" not in response
