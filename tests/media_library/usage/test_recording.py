"""A database from before MediaUsage."""

import pytest
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from wagtail.models import Collection, ReferenceIndex

from blog.models import PostPage
from media_library import editing
from media_library.imaging.operations import Recipe
from media_library.models import CollectionSettings, CustomImage, MediaUsage
from media_library.usage import places, record_all
from tests.blog.content import make_image


@pytest.fixture
def draft(post: PostPage, image: CustomImage) -> PostPage:
    """A draft with an image, after another one, of which nothing is recorded."""
    post.featured_image = image
    for title in ("First", "Second"):
        post.title = title
        post.save_revision()
    MediaUsage.objects.all().delete()
    return post


def test_drafts_of_before_are_recorded(draft: PostPage, image: CustomImage):
    assert record_all() == 1

    assert [place.title for place in places(image)] == ["Second"]


def test_recording_again_changes_nothing(draft: PostPage, image: CustomImage):
    record_all()
    record_all()

    assert MediaUsage.objects.count() == 1


def test_watermarks_of_before_are_recorded(root_collection: Collection, image: CustomImage):
    logo = make_image("Logo")
    editing.edit(image, Recipe.from_json({"watermark": {"image": logo.pk}}), user=None)
    CollectionSettings.objects.create(collection=root_collection, watermark_image=logo)
    ReferenceIndex.objects.all().delete()

    record_all()

    assert sorted(place.title for place in places(logo)) == ["Harbour", "Root"]


def test_revision_that_cannot_be_read_holds_nothing_up(draft: PostPage, image: CustomImage):
    broken = draft.revisions.order_by("-pk")[0]
    broken.content = {"body": 7}
    type(broken).objects.bulk_update([broken], ["content"])

    assert record_all() == 1
    assert places(image) == []


def test_migration_records_what_was_there(draft: PostPage, image: CustomImage):
    loader = MigrationLoader(connection)
    plan = [(migration, False) for (app, _), migration in loader.disk_migrations.items() if app == "media_library"]

    emit_post_migrate_signal(verbosity=0, interactive=False, db="default", plan=plan)

    assert [place.title for place in places(image)] == ["Second"]


def test_later_migrations_record_nothing(draft: PostPage, image: CustomImage):
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default", plan=[])

    assert places(image) == []


def test_command_tells_how_much_it_recorded(draft: PostPage, capsys: pytest.CaptureFixture):
    call_command("record_media_usage")

    assert capsys.readouterr().out == "1 revisions recorded.\n"
