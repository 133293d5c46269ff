from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from wagtail.models import Page, ReferenceIndex

from blog.models import PostPage
from media_library import jobs
from media_library.deletion import remove_superseded_files
from media_library.models import CustomImage, CustomRendition, ProcessingJob, SupersededFile
from media_library.polishing import polishable_images
from media_library.renditions import missing_orders
from tests.blog.content import make_blog, make_post
from tests.media import animation_bytes, photo_file

pytestmark = pytest.mark.django_db

Operation, State = ProcessingJob.Operation, ProcessingJob.State


@pytest.fixture
def developed(db: None, develop) -> CustomImage:
    image = CustomImage(title="Harbour", file=photo_file(width=200, height=150))
    image.save()
    develop(image)
    return image


@pytest.fixture
def post(developed: CustomImage) -> PostPage:
    """A live post that shows the photograph."""
    post = make_post(make_blog(), featured_image=developed)
    ReferenceIndex.create_or_update_for_object(post)
    return post


def polish(image: CustomImage) -> ProcessingJob:
    (job,) = jobs.enqueue_polishing()
    jobs.run(job.pk)
    job.refresh_from_db()
    image.refresh_from_db()
    return job


def sizes(image: CustomImage) -> dict[str, int]:
    return dict(image.renditions.exclude(preset="admin").values_list("filter_spec", "file_size"))


def test_picture_on_a_live_page_is_polished(post, developed):
    before = sizes(developed)

    polish(developed)

    after = sizes(developed)
    assert after.keys() == before.keys()
    assert all(after[spec] <= before[spec] for spec in before)
    assert developed.bytes_saved == sum(before.values()) - sum(after.values()) > 0
    assert not developed.renditions.filter(is_polished=False).exclude(preset="admin").exists()


def test_polished_file_has_a_new_name_and_the_old_one_stays_for_a_while(post, developed, public_files):
    before = set(developed.renditions.values_list("file", flat=True))

    polish(developed)

    after = set(developed.renditions.values_list("file", flat=True))
    assert before - after == set(SupersededFile.objects.values_list("name", flat=True))
    assert before | after == public_files()


def test_no_better_format_is_larger_than_a_lesser_one_after_polishing(post, developed):
    polish(developed)

    after = sizes(developed)
    for spec, size in after.items():
        if spec.endswith("format-avif"):
            assert size <= after[spec.replace("avif", "webp")] <= after[spec.replace("avif", "jpeg")]


def test_polished_picture_stays_ready_and_needs_no_developing(post, developed):
    polish(developed)

    assert developed.status == "ready"
    assert missing_orders(developed) == []
    assert jobs.enqueue_polishing() == []


def test_picture_on_no_live_page_is_left_alone(post, developed):
    post.unpublish()

    assert not polishable_images().exists()


def test_picture_on_no_page_is_left_alone(developed):
    assert not Page.objects.filter(title="Post 1").exists()
    assert jobs.enqueue_polishing() == []


def test_nothing_is_polished_while_other_work_waits(post, developed, film):
    assert jobs.enqueue_polishing() == []


def test_polishing_takes_turns_with_suggestions(post, developed):
    (looking,) = jobs.enqueue_suggesting()

    assert looking.operation == "suggest"
    assert [job.operation for job in jobs.enqueue_polishing()] == ["polish_image"]
    assert jobs.enqueue_polishing() == []


def test_polishing_stops_when_other_work_comes_and_goes_on_later(post, developed, monkeypatch, develop):
    monkeypatch.setattr("media_library.jobs.work.others_wait", lambda: True)
    polish(developed)
    rows = developed.renditions.exclude(preset="admin")
    assert rows.filter(is_polished=True).count() == 1

    monkeypatch.undo()
    polish(developed)

    assert not rows.filter(is_polished=False).exists()


def test_polishing_that_fails_leaves_the_picture_ready(post, developed, monkeypatch):
    developed.file.storage.delete(developed.file.name)
    (job,) = jobs.enqueue_polishing()

    with pytest.raises(OSError, match="No such file"):
        jobs.run(job.pk)

    developed.refresh_from_db()
    assert developed.status == "ready"


def test_polishing_that_failed_for_good_is_not_tried_again(post, developed):
    Path(developed.file.path).write_bytes(b"damaged")
    polish(developed)

    assert developed.jobs.get(operation=Operation.POLISH_IMAGE).state == State.FAILED
    assert jobs.enqueue_polishing() == []


@pytest.mark.parametrize("name", ["waves.gif", "logo.svg"])
def test_what_cannot_be_polished_is_looked_at_once(name, develop):
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><path d="M0 0h9"/></svg>'
    data = animation_bytes("GIF") if name.endswith("gif") else drawing
    image = CustomImage(title="Special", file=ContentFile(data, name=name))
    image.save()
    develop(image)
    ReferenceIndex.create_or_update_for_object(make_post(make_blog(), featured_image=image))

    polish(image)

    assert image.status == "ready"
    assert jobs.enqueue_polishing() == []


def test_superseded_file_goes_when_its_time_has_come(post, developed, public_files):
    polish(developed)
    SupersededFile.objects.update(delete_after="2020-01-01T00:00Z")

    assert remove_superseded_files() > 0

    assert public_files() == set(CustomRendition.objects.values_list("file", flat=True))
    assert not SupersededFile.objects.exists()


def test_superseded_file_that_is_in_use_again_stays(developed):
    name = developed.renditions.first().file.name
    SupersededFile.objects.create(asset=developed, name=name, delete_after="2020-01-01T00:00Z")

    assert remove_superseded_files() == 0
    assert developed.renditions.first().file.storage.exists(name)
