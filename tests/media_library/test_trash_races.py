"""Two editors at the same asset in the same moment: whoever comes first, nothing is used and gone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from wagtail.models import ModelLogEntry

from blog.models import PostPage
from media_library.deletion import delete_asset, restore_asset, trash_asset
from media_library.exceptions import AssetInUse
from media_library.models import Asset, CustomImage
from media_library.usage import replace_everywhere, usage_counts
from tests.blog.content import make_blog, make_image, make_post

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def at_once(*works: Callable[[], object]) -> list[object]:
    """Begin all of these in the same moment; what each returned, or raised of ``AssetInUse``."""
    ready = Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        try:
            ready.wait()
            return work()
        except AssetInUse as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as threads:
        return [future.result() for future in [threads.submit(run, work) for work in works]]


def fresh(image: CustomImage) -> CustomImage | None:
    return CustomImage.objects.filter(pk=image.pk).first()


def assert_nothing_used_is_gone(*images: CustomImage) -> None:
    for image in images:
        asset = fresh(image)
        is_used = bool(usage_counts([image.pk])[image.pk])
        assert not is_used or (asset is not None and not asset.trashed_at)


def test_two_who_delete_the_same_put_it_in_the_trash_once():
    image = make_image()

    at_once(lambda: trash_asset(image), lambda: trash_asset(image))

    assert fresh(image).trashed_at
    assert ModelLogEntry.objects.filter(action="media_library.trash").count() == 1


def test_one_who_deletes_and_one_who_uses():
    image = make_image()
    post = make_post(make_blog(), 1)
    post.featured_image = image

    at_once(lambda: trash_asset(image), lambda: post.save_revision(clean=False))

    assert usage_counts([image.pk])[image.pk] == 1
    assert_nothing_used_is_gone(image)


def test_one_who_restores_and_one_who_deletes_for_good():
    image = make_image()
    trash_asset(image)

    restored, _ = at_once(lambda: restore_asset(image), lambda: delete_asset(image, only_trashed=True))

    assert (fresh(image) is not None) == restored


def test_one_who_replaces_and_one_who_deletes_what_takes_the_place():
    old, new = make_image("Old"), make_image("New")
    make_post(make_blog(), 1, featured_image=old)

    at_once(lambda: replace_everywhere(old, new), lambda: trash_asset(new))

    assert PostPage.objects.get().featured_image in (old, new)
    assert_nothing_used_is_gone(old, new)


def test_two_who_replace_the_same_with_different_ones():
    old, first, second = (make_image(title) for title in ("Old", "First", "Second"))
    make_post(make_blog(), 1, featured_image=old)

    at_once(lambda: replace_everywhere(old, first), lambda: replace_everywhere(old, second))

    counts = usage_counts([old.pk, first.pk, second.pk])
    assert counts[old.pk] == 0
    assert sorted(counts.values()) == [0, 0, 1]
    assert Asset.objects.count() == 3
