"""Backups by the clock, and who hears when there are none."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from cms.backup.locking import alone
from cms.backup.manifest import STAMP
from cms.models import User
from cms.tasks import back_up_task

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture(autouse=True)
def by_the_clock(settings: Any, place: Path) -> None:
    settings.BACKUP_TO, settings.BACKUP_EVERY, settings.BACKUP_KEEP = str(place), 24, 2


def whole(place: Path) -> list[str]:
    return sorted(path.parent.name for path in place.glob("backups/*/manifest.json"))


def make_older(place: Path, stamp: str, **by: float) -> None:
    older = (datetime.now(UTC) - timedelta(**by)).strftime(STAMP)
    manifest = place / "backups" / stamp / "manifest.json"
    manifest.write_text(manifest.read_text().replace(stamp, older))
    (place / "backups" / stamp).rename(place / "backups" / older)


def test_backup_is_made_when_its_time_has_come(place: Path) -> None:
    back_up_task()
    back_up_task()
    assert len(whole(place)) == 1

    make_older(place, whole(place)[0], hours=25)
    back_up_task()
    assert len(whole(place)) == 2


def test_no_place_is_no_backup(settings: Any, place: Path) -> None:
    settings.BACKUP_TO = ""

    back_up_task()

    assert not place.exists()


def test_failure_is_told_once_a_day_by_mail(settings: Any, place: Path, admin_user: User) -> None:
    settings.BACKUP_TO = str(place / "not mounted" / "here")

    for _time in range(2):
        with pytest.raises(Exception, match="mounted"):
            back_up_task()

    (letter,) = mail.outbox
    assert letter.to == ["ada@example.org"]
    assert "Is the disk mounted?" in letter.body


def test_backup_that_runs_already_is_no_failure(place: Path, admin_user: User) -> None:
    with alone():
        back_up_task()

    assert whole(place) == [] and mail.outbox == []
