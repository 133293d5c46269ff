"""A data directory of an earlier version always migrates, and keeps what is in it."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

OURS = {one.label for one in apps.get_app_configs() if one.name.partition(".")[0] in ("cms", "blog", "media_library")}


def _migrate(targets: list[tuple[str, str]]):
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_assets_of_the_first_version_are_kept():
    latest = [node for node in MigrationLoader(connection).graph.leaf_nodes() if node[0] in OURS]
    try:
        then = _migrate([("media_library", "0001_initial")])
        collection = then.get_model("wagtailcore.Collection").objects.get(depth=1)
        then.get_model("media_library.Video").objects.create(
            kind="video", title="Tide", version=1, file="video/1/1/tide.mp4", collection_id=collection.pk
        )
    finally:
        _migrate(latest)

    assert apps.get_model("media_library.Video").objects.get().title == "Tide"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_films_in_parts_are_made_in_one_go_by_the_version_before_parts(film):
    whole = film.jobs.get(operation="transcode_video")
    film.jobs.filter(pk=whole.pk).update(state="running")
    for number in (1, 2):
        part = {"operation": "transcode_part", "number": number, "parent": whole}
        type(whole).objects.create(asset_id=film.pk, version=film.version, **part)
    latest = [node for node in MigrationLoader(connection).graph.leaf_nodes() if node[0] in OURS]
    try:
        then = _migrate([("media_library", "0013_suggestions")])
        jobs = then.get_model("media_library.ProcessingJob").objects.filter(asset=film.pk)
        states = dict(jobs.values_list("operation", "state"))
    finally:
        _migrate(latest)

    assert states["transcode_video"] == "queued"
    assert "transcode_part" not in states


@pytest.mark.django_db
def test_every_migration_can_be_taken_back():
    loader = MigrationLoader(connection)
    one_way = [
        f"{app}.{name}: {operation}"
        for (app, name), migration in loader.disk_migrations.items()
        if app in OURS
        for operation in migration.operations
        if not operation.reversible
    ]

    assert one_way == []
