"""Processes that make the same renditions at the same time."""

import multiprocessing
import os
import time
from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.db import connections

from media_library import jobs, media_collections
from media_library.editing import edit
from media_library.imaging.operations import Recipe
from media_library.models import Asset, CustomDocument, CustomImage, CustomRendition, MediaCollection
from media_library.replacement import replace_file, restore_version, versions
from tests.media import photo_file

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

ROUNDS = int(os.environ.get("DARKROOM_RACES", "3"))
"""`make proof` runs fifty."""

SPECS = ("width-100|format-avif", "fill-60x60|format-webp", "max-90x90")


def at_once(*works: Callable[[], object]) -> None:
    """Run each in a process of its own, from the same moment on; all must end well."""
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        connections.close_all()
        barrier.wait(timeout=60)
        work()

    connections.close_all()
    processes = [context.Process(target=run, args=(work,)) for work in works]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=300)
    assert [process.exitcode for process in processes] == [0] * len(works)


def upload() -> CustomImage:
    image = CustomImage(title="Harbour", file=photo_file(width=160, height=120))
    image.save()
    return image


@pytest.mark.parametrize("number", range(ROUNDS))
def test_two_processes_that_develop_the_same_image_leave_each_rendition_once(number, public_files):
    image = upload()
    job = image.jobs.get()

    at_once(lambda: jobs.run(job.pk), lambda: jobs.run(job.pk))

    image.refresh_from_db()
    assert image.status == "ready"
    specs = list(image.renditions.values_list("filter_spec", "focal_point_key"))
    assert len(specs) == len(set(specs))
    assert public_files() == set(CustomRendition.objects.values_list("file", flat=True))


@pytest.mark.parametrize("number", range(ROUNDS))
def test_two_processes_that_render_on_demand_and_one_that_develops_leave_no_stray_file(number, public_files):
    image = upload()
    job = image.jobs.get()

    def demand() -> None:
        CustomImage.objects.get(pk=image.pk).get_renditions(*SPECS)

    at_once(demand, demand, lambda: jobs.run(job.pk))

    for spec in SPECS:
        assert image.renditions.filter(filter_spec=spec).count() == 1
    assert public_files() == set(CustomRendition.objects.values_list("file", flat=True))


def test_editors_who_change_a_picture_and_the_worker_that_develops_it_never_stop_each_other(public_files):
    image = upload()

    def edit_it() -> None:
        for number in range(2 * ROUNDS):
            edit(CustomImage.objects.get(pk=image.pk), Recipe(rotate=90), None)
            replace_file(image, photo_file(width=160 + number, height=120))
            restore_version(versions(image)[-1])

    def develop_it() -> None:
        for _ in range(8 * ROUNDS):
            for job in image.jobs.filter(state="queued"):
                jobs.run(job.pk)
            time.sleep(0.01)

    at_once(edit_it, develop_it)

    for job in image.jobs.all():
        jobs.run(job.pk)
    image.refresh_from_db()
    assert image.status == "ready"


def test_two_editors_who_fill_and_order_the_same_collection_lose_nothing():
    papers = [
        CustomDocument.objects.create(title=title, file=ContentFile(title.encode(), name=f"{title}.txt"))
        for title in "ABCDEFGH"
    ]
    collection = MediaCollection.objects.create(title="Summer")
    first, second = media_collections.add(collection, papers[:2])

    def add(assets: list[CustomDocument]) -> None:
        for asset in assets:
            media_collections.add(collection, [asset])

    def move() -> None:
        for _ in range(3):
            media_collections.move(collection, [second.pk], before=first.pk, seen=Asset.objects.all())
            media_collections.move(collection, [first.pk], before=second.pk, seen=Asset.objects.all())

    at_once(lambda: add(papers[2:6]), lambda: add(papers[4:8]), move)

    items = list(collection.items.select_related("asset"))
    assert [item.asset.title for item in items[:2]] == ["A", "B"]
    assert sorted(item.asset.title for item in items) == list("ABCDEFGH")
    assert len({item.sort_order for item in items}) == len(items)
