import pytest
from django.core.files.base import ContentFile
from PIL.ExifTags import Base
from wagtail.models import Collection

from media_library.models import Asset, CollectionSettings, CustomDocument, CustomImage
from tests.media import photo_bytes
from tests.photographs import POSITION, exif_block, iptc_block, tagged, telling_file

pytestmark = pytest.mark.django_db

SAID = iptc_block(
    (1, 90, b"\x1b%G"),
    (2, 5, b"Boats at dawn"),
    (2, 120, "Fishing boats of Rügen".encode()),
    (2, 80, b"Ada"),
    (2, 110, b"Agency"),
    (2, 25, b"sea"),
    (2, 25, b"dawn"),
)


def photo_file(name: str = "DSC_0412.jpg", iptc: bytes = SAID) -> ContentFile:
    exif = exif_block({Base.Make: "NIKON CORPORATION", Base.Model: "NIKON D850"}, {Base.ISOSpeedRatings: 200})
    return ContentFile(tagged(exif=exif, iptc=iptc), name=name)


def saved(title: str = "DSC_0412", **fields: object) -> CustomImage:
    image = CustomImage(title=title, **{"file": photo_file()} | fields)
    image.save()
    return CustomImage.objects.get(pk=image.pk)


@pytest.fixture
def keeping(root_collection: Collection) -> Collection:
    """A collection that keeps where photographs were taken."""
    collection = root_collection.add_child(name="Expedition")
    CollectionSettings.objects.create(collection=collection, keep_location=True)
    return collection


def test_what_a_photograph_says_is_kept_with_its_type():
    assert saved().metadata == {
        "camera_make": "Nikon",
        "camera_model": "D850",
        "iso": 200,
        "title": "Boats at dawn",
        "caption": "Fishing boats of Rügen",
        "creator": "Ada",
        "credit": "Agency",
        "keywords": ["sea", "dawn"],
    }


def test_empty_fields_are_filled():
    image = saved()

    assert (image.title, image.caption, image.credit) == (
        "Boats at dawn",
        "Fishing boats of Rügen",
        "Ada / Agency",
    )
    assert sorted(image.tags.names()) == ["dawn", "sea"]


def test_what_somebody_wrote_is_left_alone():
    image = saved(title="Harbour", caption="Mine", credit="Me", alt_text="Two boats")

    assert (image.title, image.caption, image.credit, image.alt_text) == ("Harbour", "Mine", "Me", "Two boats")


@pytest.mark.parametrize("title", ["DSC_0412", "DSC_0412.jpg", "dsc_0412.JPG", " DSC_0412 "])
def test_title_that_is_only_the_name_of_the_file_gives_way(title: str):
    assert saved(title=title).title == "Boats at dawn"


def test_title_of_a_long_name_that_was_cut_gives_way():
    name = "x" * 300

    assert saved(title=name[:255], file=photo_file(f"{name}.jpg")).title == "Boats at dawn"


def test_name_of_the_file_stays_the_title_where_there_is_no_other():
    assert saved(file=ContentFile(photo_bytes(64, 48), name="DSC_0412.jpg")).title == "DSC_0412"


def test_credit_is_the_copyright_where_nobody_is_named():
    assert saved(file=photo_file(iptc=iptc_block((2, 116, "© Ada".encode())))).credit == "© Ada"


def test_credit_that_names_the_photographer_is_not_repeated():
    iptc = iptc_block((2, 80, b"Ada"), (2, 110, b"ada/agency"))

    assert saved(file=photo_file(iptc=iptc)).credit == "ada/agency"


def test_new_file_replaces_the_metadata():
    image = saved()

    image.file = ContentFile(photo_bytes(64, 48), name="other.jpg")
    image.save()

    image.refresh_from_db()
    assert image.metadata == {"camera_make": "Darkroom Test Camera"}


def test_new_file_without_a_caption_leaves_the_one_there_is():
    image = saved()

    image.file = ContentFile(photo_bytes(64, 48), name="other.jpg")
    image.save()

    assert image.caption == "Fishing boats of Rügen"


def test_new_file_changes_what_the_former_had_brought_along():
    image = saved()

    image.file = photo_file("other.jpg", iptc_block((2, 120, b"Ferries")))
    image.save()

    assert image.caption == "Ferries"


def test_credit_that_was_cut_to_its_length_is_known_again():
    image = saved(file=photo_file(iptc=iptc_block((2, 80, b"a" * 200), (2, 110, b"b" * 200))))
    assert len(image.credit) == 255

    image.file = photo_file("other.jpg", iptc_block((2, 80, b"Ada")))
    image.save()

    assert image.credit == "Ada"


def test_new_file_does_not_change_what_an_editor_wrote():
    image = saved()
    image.caption = "Mine"
    image.save()
    image.tags.set(["mine"])

    image.file = photo_file("other.jpg", iptc_block((2, 120, b"Ferries"), (2, 25, b"ferry")))
    image.save()

    assert image.caption == "Mine"
    assert list(image.tags.names()) == ["mine"]


def test_saving_without_a_new_file_does_not_bring_back_old_metadata():
    loaded_before = saved()
    Asset.objects.filter(pk=loaded_before.pk).update(metadata={"camera_make": "Leica"})

    loaded_before.save()

    loaded_before.refresh_from_db()
    assert loaded_before.metadata == {"camera_make": "Leica"}


def test_moment_is_a_column_of_its_own():
    image = saved(file=telling_file())

    assert image.taken_at.isoformat() == "2024-05-16T22:31:09+00:00"


def test_document_keeps_its_title_and_says_nothing():
    document = CustomDocument(title="quay", file=telling_file("quay.jpg"))
    document.save()

    assert (document.title, document.metadata, document.taken_at) == ("quay", {}, None)


def test_position_is_not_kept_unless_the_collection_asks_for_it():
    image = saved(file=telling_file())

    assert "gps" not in image.metadata


def test_position_is_kept_where_the_collection_asks_for_it(keeping: Collection):
    assert saved(file=telling_file(), collection=keeping).metadata["gps"] == POSITION


def test_collection_does_not_keep_positions_because_its_parent_does(keeping: Collection):
    child = keeping.add_child(name="Press")

    assert "gps" not in saved(file=telling_file(), collection=child).metadata


def test_position_is_forgotten_when_the_asset_moves_to_a_collection_that_keeps_none(
    keeping: Collection, root_collection: Collection
):
    image = saved(file=telling_file(), collection=keeping)

    image.collection = root_collection
    image.save()

    image.refresh_from_db()
    assert "gps" not in image.metadata
    assert image.metadata["camera_make"]


@pytest.mark.parametrize("change_mind", [lambda row: row.delete(), lambda row: _switch_off(row)])
def test_positions_are_forgotten_when_the_collection_changes_its_mind(keeping: Collection, change_mind):
    image = saved(file=telling_file(), collection=keeping)

    change_mind(CollectionSettings.objects.get())

    image.refresh_from_db()
    assert "gps" not in image.metadata


def _switch_off(row: CollectionSettings) -> None:
    row.keep_location = False
    row.save()


def test_saving_settings_of_one_collection_leaves_positions_of_another(keeping: Collection, root_collection):
    image = saved(file=telling_file(), collection=keeping)

    CollectionSettings.objects.create(collection=root_collection, watermark_text="Ours")

    image.refresh_from_db()
    assert image.metadata["gps"] == POSITION


@pytest.mark.parametrize(
    "words", ["Nikon", "D850", "Fishing", "Rügen", "dawn", "Agency", "ISO 200"], ids=lambda words: words
)
def test_asset_is_found_by_what_its_file_says(words: str):
    image = saved(title="Harbour", caption="Mine", credit="Me")

    assert [asset.pk for asset in Asset.objects.search(words)] == [image.pk]
    assert [asset.pk for asset in CustomImage.objects.search(words)] == [image.pk]


def test_asset_is_found_by_the_day_it_was_taken():
    image = saved(file=telling_file())

    assert [asset.pk for asset in Asset.objects.search("2024")] == [image.pk]


@pytest.mark.parametrize("words", ["33.856784", "151", "gps", "latitude"])
def test_asset_is_not_found_by_its_position(keeping: Collection, words: str):
    saved(file=telling_file(), collection=keeping)

    assert list(Asset.objects.search(words)) == []
