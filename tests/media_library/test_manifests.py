from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from media_library import jobs, manifests
from media_library.api.library import Library
from media_library.conf import conf
from media_library.models import CustomImage, CustomRendition, PresetManifest, SupersededFile
from media_library.transforms.operations import Transform
from tests.media import photo_file
from tests.media_library.manifests import HERO, TEXT, put_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def developed(db: None, develop, settings) -> CustomImage:
    settings.IMAGE_VARIANTS = dict.fromkeys(("medium", "large", "hero", "square", "4x3")) | {
        "thumbnail": {"width": 50, "height": 50, "crop": True, "formats": ["webp"]}
    }
    image = CustomImage(title="Harbour", file=photo_file(width=400, height=300))
    image.save()
    develop(image)
    return image


def crops(image: CustomImage) -> set[str]:
    return set(image.renditions.exclude(preset__in=("ladder", "admin", "")).values_list("preset", flat=True))


def follow(develop) -> None:
    """What beat and a worker do."""
    while jobs.enqueue_for_presets():
        develop()


def let_days_pass(days: float) -> None:
    for row in PresetManifest.objects.all():
        earlier = {"created_at": row.created_at - timedelta(days=days)}
        if row.followed_at:
            earlier["followed_at"] = row.followed_at - timedelta(days=days)
        PresetManifest.objects.filter(pk=row.pk).update(**earlier)


def test_new_picture_has_only_what_the_manifest_names(develop):
    put_in_force(hero=HERO)
    image = CustomImage(title="Harbour", file=photo_file(width=400, height=300))
    image.save()

    develop(image)

    assert crops(image) == {"hero", "og"}


def test_old_pictures_get_what_a_new_manifest_names(developed, develop):
    put_in_force(hero=HERO)

    follow(develop)

    assert set(developed.renditions.filter(preset="hero").values_list("width", flat=True)) == {100, 200}
    assert manifests.to_follow() is None


def test_picture_that_lacks_nothing_is_left_alone(developed, develop):
    put_in_force(hero=HERO)
    follow(develop)
    before = set(CustomRendition.objects.values_list("pk", "file"))

    put_in_force(hero=HERO | {"description": "On top"})

    assert jobs.enqueue_for_presets() == []
    assert set(CustomRendition.objects.values_list("pk", "file")) == before


def test_no_more_pictures_are_in_line_than_uploads_can_wait_for(developed, develop, monkeypatch):
    monkeypatch.setattr("media_library.jobs.presets.MOST_WAITING", 1)
    second = CustomImage(title="Quay", file=photo_file(width=400, height=300))
    second.save()
    develop(second)
    put_in_force(hero=HERO)

    queued = [len(jobs.enqueue_for_presets()) for _ in range(2)]

    assert queued == [1, 0]
    develop()
    assert [job.asset_id for job in jobs.enqueue_for_presets()] == [second.pk]


def test_answers_show_a_slot_in_all_its_widths(developed, develop):
    put_in_force(hero=HERO)
    follow(develop)

    hero = Library().picture(developed).crops["hero"]

    assert (hero.width, hero.height) == (200, 100)
    assert [part.split()[-1] for part in hero.srcset.split(", ")] == ["100w", "200w"]
    assert [source.type for source in hero.sources] == ["image/webp"]


def test_slot_of_pictures_as_they_are_is_shown_from_the_ladder(developed, develop):
    put_in_force(text=TEXT | {"widths": [200, 800]})
    follow(develop)

    text = Library().picture(developed).crops["text"]

    assert [part.split()[-1] for part in text.srcset.split(", ")] == ["200w", "400w"]


def test_earlier_slots_stay_for_as_long_as_front_ends_may_go_by_them(developed, develop):
    put_in_force(card=HERO)
    follow(develop)
    put_in_force(hero=HERO | {"aspect": "1:1"})
    follow(develop)

    assert {"hero", "card", "thumbnail"} <= set(Library().picture(developed).crops)


def test_after_that_time_earlier_slots_go_and_their_files_stay_for_a_while(developed, develop):
    put_in_force(hero=HERO)
    follow(develop)
    name = developed.renditions.get(preset="thumbnail").file.name
    let_days_pass(conf.SUPERSEDED_DAYS + 1)

    follow(develop)

    assert crops(developed) == {"hero", "og"}
    assert "thumbnail" not in Library().picture(developed).crops
    assert SupersededFile.objects.filter(name=name, delete_after__gt=timezone.now()).exists()
    assert manifests.to_follow() is None


def test_slot_of_another_shape_shows_the_former_one_until_the_new_one_is_made(developed, develop):
    put_in_force(hero=HERO)
    follow(develop)
    put_in_force(hero=HERO | {"aspect": "1:1"})
    before = Library().picture(developed).crops["hero"]

    follow(develop)

    assert (before.width, before.height) == (200, 100)
    after = Library().picture(developed).crops["hero"]
    assert (after.width, after.height) == (200, 200)


def test_slot_is_asked_for_by_its_name_in_its_largest_width():
    put_in_force(hero=HERO)
    assert Transform.from_name("hero").operations == ("fill-200x100",)


def test_settings_are_in_force_again_when_somebody_says_so(developed, develop):
    put_in_force(hero=HERO)
    manifests.post(None, user=None)
    manifests.refresh()

    assert manifests.current() is None
    assert manifests.in_force().presets.crops[0].name == "thumbnail"
    assert "hero" in {several[0].name for several in manifests.in_force().crops}


def test_same_slots_again_are_no_new_manifest():
    first = put_in_force(hero=HERO, text=TEXT)
    assert put_in_force(text=TEXT, hero=HERO) == first


def test_presets_cost_no_query_once_they_are_known(django_assert_num_queries):
    put_in_force(hero=HERO)
    with django_assert_num_queries(0):
        assert manifests.in_force().number == 1


def test_what_the_cache_has_lost_is_read_anew():
    put_in_force(hero=HERO)
    cache.clear()
    assert manifests.in_force().number == 1


def test_whoever_died_after_the_commit_is_stood_in_for(developed, develop):
    manifests.in_force()
    row, _is_new = manifests.post([], user=None)
    assert manifests.in_force().number == 0

    jobs.enqueue_for_presets()

    assert manifests.in_force().number == row.number
