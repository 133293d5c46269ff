from io import StringIO

import pytest
from django.core.management import call_command

from media_library.models import CustomImage, CustomRendition, ProcessingJob, SupersededFile
from tests.media import photo_file

pytestmark = pytest.mark.django_db


def warm(*arguments: str) -> str:
    output = StringIO()
    call_command("warm_renditions", *arguments, stdout=output, stderr=StringIO())
    return output.getvalue()


@pytest.fixture
def developed(db: None, develop) -> CustomImage:
    image = CustomImage(title="Harbour", file=photo_file(width=400, height=300))
    image.save()
    develop(image)
    return image


def test_library_that_has_everything_is_left_alone(developed):
    before = set(CustomRendition.objects.values_list("pk", "file"))

    assert "0 of 1 images" in warm()
    assert set(CustomRendition.objects.values_list("pk", "file")) == before


def test_new_preset_is_made_for_old_pictures(developed, settings):
    settings.IMAGE_VARIANTS = {"card": {"width": 200, "height": 100, "crop": True, "formats": ["webp"]}}

    assert "1 of 1 images warmed" in warm()
    assert developed.renditions.get(preset="card").filter_spec == "fill-200x100|format-webp"


def test_only_what_is_missing_is_made(developed):
    kept = developed.renditions.get(filter_spec="width-400|format-webp")
    developed.renditions.filter(filter_spec="width-320|format-webp").delete()

    warm()

    assert developed.renditions.get(filter_spec="width-400|format-webp") == kept
    assert developed.renditions.filter(filter_spec="width-320|format-webp").exists()


def test_rendition_of_another_quality_is_made_anew(developed):
    developed.renditions.filter(filter_spec="width-400|format-jpeg").update(quality=12)

    assert "1 of 1 images warmed" in warm()
    assert developed.renditions.get(filter_spec="width-400|format-jpeg").quality != 12


def test_dropped_preset_goes_and_its_file_stays_for_a_while(developed, settings):
    name = developed.renditions.filter(preset="hero").first().file.name
    settings.IMAGE_VARIANTS = {"hero": None}

    warm()

    assert not developed.renditions.filter(preset="hero").exists()
    assert SupersededFile.objects.filter(name=name).exists()
    assert developed.file.storage.exists(developed.file.name)


def test_rendition_that_a_template_asked_for_stays(developed, settings):
    developed.get_rendition("width-123")
    settings.IMAGE_VARIANTS = {"hero": None}

    warm()

    assert developed.renditions.filter(filter_spec="width-123").exists()


def test_stopped_run_goes_on_where_it_was(developed, settings, develop):
    later = CustomImage(title="Later", file=photo_file(width=300, height=200))
    later.save()
    develop(later)
    settings.IMAGE_VARIANTS = {"card": {"width": 200}}
    warm("--batch", "1")
    # As if the run had stopped before the second image.
    later.renditions.filter(preset="card").delete()

    assert "1 of 2 images warmed" in warm("--batch", "1")


def test_dry_run_makes_nothing(developed, settings):
    settings.IMAGE_VARIANTS = {"card": {"width": 200}}

    assert "1 of 1 images would be warmed" in warm("--dry-run")
    assert not developed.renditions.filter(preset="card").exists()


def test_work_can_be_left_to_the_workers(developed, settings):
    settings.IMAGE_VARIANTS = {"card": {"width": 200}}

    assert "1 of 1 images queued" in warm("--queue")
    assert developed.jobs.get().state == ProcessingJob.State.QUEUED


def test_number_of_queries_does_not_grow_with_the_library(developed, develop, django_assert_max_num_queries):
    for number in range(3):
        image = CustomImage(title=f"Image {number}", file=photo_file(width=60, height=40))
        image.save()
        develop(image)

    with django_assert_max_num_queries(8):
        warm("--dry-run")
