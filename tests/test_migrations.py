"""A data directory of an earlier version always migrates, and keeps what is in it."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddField, CreateModel
from django.db.models import NOT_PROVIDED

OURS = {one.label for one in apps.get_app_configs() if one.name.partition(".")[0] in ("cms", "blog", "media_library")}

FIRST = {"blog": 8, "media_library": 16, "delivery": 5}
"""The migrations before these were made at once, for a database that nobody else writes to."""


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


def test_every_new_column_has_a_default_in_the_database():
    """The former version, which still runs, writes rows without it."""
    loader = MigrationLoader(None)
    latest = loader.project_state().models
    without = []
    for (app, name), migration in loader.disk_migrations.items():
        if app not in OURS or int(name.partition("_")[0]) < FIRST.get(app, 1):
            continue
        new = {one.name_lower for one in migration.operations if isinstance(one, CreateModel)}
        for added in migration.operations:
            if not isinstance(added, AddField) or added.model_name_lower in new:
                continue
            model = latest.get((app, added.model_name_lower))
            field = model.fields.get(added.name) if model else None
            if field and not (field.null or field.many_to_many) and field.db_default is NOT_PROVIDED:
                without.append(f"{app}.{name}: {added.model_name}.{added.name}")

    assert without == []


@pytest.mark.django_db
def test_former_version_writes_pictures_into_the_new_tables(root_collection):
    former = MigrationLoader(connection).project_state([("media_library", "0015_embeddings")]).apps
    image = former.get_model("media_library.CustomImage")
    made = image.objects.create(
        kind="image", title="Tide", version=1, file="image/1/1/tide.jpg", collection_id=root_collection.pk
    )

    assert not apps.get_model("media_library.CustomImage").objects.get(pk=made.pk).is_hdr
