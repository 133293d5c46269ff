"""Films that were uploaded before there was a ladder get one."""

from io import StringIO

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.django_db


def _run(**options: object) -> str:
    output = StringIO()
    call_command("develop_films", stdout=output, **options)
    return output.getvalue()


@pytest.fixture
def old_film(film, develop):
    develop(film)
    film.transcodes.exclude(preset="mp4").delete()
    return film


def test_film_without_a_ladder_gets_one(old_film, develop):
    assert _run() == "1 of 1 films queued.\n"

    develop(old_film)

    assert old_film.status == "ready"
    assert old_film.transcodes.filter(preset="hls").exists()


def test_film_with_a_ladder_is_left_alone(film, develop):
    develop(film)

    assert _run() == "0 of 1 films queued.\n"


def test_dry_run_only_counts(old_film):
    assert _run(dry_run=True) == "1 of 1 films would be queued.\n"
    assert not old_film.jobs.filter(state="queued").exists()
