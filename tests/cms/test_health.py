import pytest


@pytest.mark.django_db
def test_health_answers_ok_and_is_never_cached(client):
    response = client.get("/health/")

    assert response.json() == {"status": "ok"}
    assert response["Cache-Control"] == "no-store"
