"""A model of the operator's: what it tags, what it finds, and what comes of one that can't be used."""

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from wagtail.models import CollectionViewRestriction

from media_library import checks, tasks
from media_library.cache_tags import collect
from media_library.insight import embedding
from media_library.insight.embedding import index
from media_library.models import (
    Asset,
    AssetEmbedding,
    CustomImage,
    Fingerprint,
    ProcessingJob,
    Suggestion,
    VocabularyWord,
)
from media_library.related import related
from tests import small_model

pytestmark = pytest.mark.django_db

SEARCH = "/api/media/search/"
SUGGESTED = "/admin/media/suggested/"


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_model.write(tmp_path_factory.mktemp("model"))


@pytest.fixture
def use(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """``use(folder)``: the model that lies there, and no rest between two looks at the table."""
    # Ids begin anew with each test, as they never do elsewhere.
    monkeypatch.setattr(index, "_index", index.Index(""))

    def switch_on(folder: Path | str, **more: object) -> None:
        settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY | {
            "INSIGHT_MODEL_DIR": str(folder),
            "INSIGHT_INDEX_SECONDS": 0,
            **more,
        }

    return switch_on


@pytest.fixture
def model(trained: Path, use: Callable) -> Path:
    use(trained)
    return trained


@pytest.fixture
def vocabulary(db: None) -> None:
    VocabularyWord.objects.bulk_create(VocabularyWord(word=word) for word in small_model.WORDS)


@pytest.fixture
def drawn(db: None, develop: Callable) -> Callable[..., CustomImage]:
    """A picture that the model has never seen, ready."""

    def make(seed: int) -> CustomImage:
        file = ContentFile(small_model.draw(seed).file(), name=f"{seed}.png")
        image = CustomImage(title=f"Drawing {seed}", file=file)
        image.save()
        develop(image)
        return image

    return make


def always() -> bool:
    return True


def tagged(asset: Asset) -> set[str]:
    return set(asset.suggestions.filter(field="tag", source="model").values_list("text", flat=True))


def seed_with(*words: str) -> int:
    return next(seed for seed in range(50_000, 60_000) if small_model.draw(seed).words >= set(words))


def test_picture_is_tagged_with_words_of_the_vocabulary(model: Path, vocabulary: None, drawn: Callable):
    picture = drawn(seed_with("red", "circle"))

    assert embedding.catch_up(always) == 1

    assert {"red", "circle"} <= tagged(picture)
    assert not {"green", "square"} & tagged(picture)
    assert not picture.tags.exists()


def test_picture_is_looked_at_once(model: Path, vocabulary: None, drawn: Callable):
    drawn(50_001)
    embedding.catch_up(always)

    assert embedding.catch_up(always) == 0


def test_vector_is_kept_in_two_bytes_a_number_and_has_length_one(model: Path, drawn: Callable):
    picture = drawn(50_001)
    embedding.catch_up(always)

    row = AssetEmbedding.objects.get(asset=picture.pk)
    assert len(row.vector) == 2 * small_model.DIMENSIONS
    assert np.linalg.norm(embedding.vector_of(picture.pk)) == pytest.approx(1, abs=0.001)


def test_word_that_comes_later_is_looked_for_in_older_pictures(model: Path, drawn: Callable):
    picture = drawn(seed_with("striped"))
    embedding.catch_up(always)
    VocabularyWord.objects.create(word="stripes", prompt="striped")

    embedding.catch_up(always)

    assert tagged(picture) == {"stripes"}
    assert VocabularyWord.objects.exclude(vector=None).count() == 1


def test_word_that_leaves_the_vocabulary_is_no_suggestion_any_more(model: Path, vocabulary: None, drawn: Callable):
    picture = drawn(seed_with("red"))
    embedding.catch_up(always)

    VocabularyWord.objects.get(word="red").delete()

    assert "red" not in tagged(picture)
    assert tagged(picture)


def test_work_stops_when_others_wait(model: Path, drawn: Callable):
    drawn(50_001)

    assert embedding.catch_up(lambda: False) == 0


def test_beat_has_the_model_look_at_what_is_ready(model: Path, vocabulary: None, drawn: Callable):
    picture = drawn(seed_with("blue"))

    tasks.catch_up_with_model_task()

    assert "blue" in tagged(picture)


def test_nothing_is_looked_at_while_somebody_waits_for_other_work(model: Path, drawn: Callable, photo: CustomImage):
    drawn(50_001)

    tasks.catch_up_with_model_task()

    assert not AssetEmbedding.objects.exists()


def test_what_has_no_pixels_is_not_looked_at_for_ever(model: Path, drawn: Callable):
    picture = drawn(50_001)
    picture.renditions.all().delete()

    assert embedding.catch_up(always) == 1
    assert embedding.catch_up(always) == 0
    assert embedding.vector_of(picture.pk) is None


def test_nearest_are_those_that_look_alike(model: Path, drawn: Callable):
    first, second = drawn(seed_with("red", "circle", "plain")), drawn(seed_with("blue", "cross", "dotted"))
    embedding.catch_up(always)

    [(best, similarity), (other, less)] = embedding.nearest(embedding.vector_of(first.pk))

    assert (best, other) == (first.pk, second.pk)
    assert similarity == pytest.approx(1, abs=0.01)
    assert less < 0.5


def test_what_a_model_takes_for_alike_is_related(model: Path, drawn: Callable):
    words = ("red", "circle", "plain")
    seeds = [seed for seed in range(50_000, 60_000) if small_model.draw(seed).words >= set(words)][:2]
    first, same = map(drawn, seeds)
    others = [drawn(seed_with("blue", "cross", "dotted")), drawn(seed_with("green", "square"))]
    Fingerprint.objects.all().delete()
    embedding.catch_up(always)

    found = related(first, Asset.objects.all())

    assert [(one.asset.pk, one.reasons[0].code) for one in found if one.score > 0.6] == [(same.pk, "looks_alike")]
    assert not {one.asset.pk for one in found} & {one.pk for one in others}


def test_nearest_are_looked_for_among_those_named(model: Path, drawn: Callable):
    first, second = drawn(50_001), drawn(50_002)
    embedding.catch_up(always)

    assert [pk for pk, _ in embedding.nearest(embedding.vector_of(first.pk), among=[second.pk, 99], limit=5)] == [
        second.pk
    ]


def test_index_follows_what_is_added_replaced_and_deleted(model: Path, drawn: Callable):
    first, second = drawn(50_001), drawn(50_002)
    embedding.catch_up(always)
    wanted = embedding.vector_of(first.pk)
    assert len(embedding.nearest(wanted)) == 2

    AssetEmbedding.objects.filter(asset=first.pk).delete()
    AssetEmbedding.objects.filter(asset=second.pk).update(version=7, vector=wanted.astype("<f2").tobytes())

    [(only, similarity)] = embedding.nearest(wanted)
    assert only == second.pk
    assert similarity == pytest.approx(1, abs=0.01)


def test_index_holds_no_more_than_it_may(model: Path, drawn: Callable, use: Callable):
    drawn(50_001)
    newest = drawn(50_002)
    embedding.catch_up(always)
    use(model, INSIGHT_INDEX_BYTES=60)
    AssetEmbedding.objects.update(version=9)

    assert [pk for pk, _ in embedding.nearest(embedding.vector_of(newest.pk))] == [newest.pk]


def test_another_model_makes_all_of_it_anew(model: Path, drawn: Callable, tmp_path: Path, use: Callable):
    picture = drawn(50_001)
    embedding.catch_up(always)
    other = shutil.copytree(model, tmp_path / "other")
    (other / "model.json").write_text(json.dumps({"mean": [0.4] * 3, "std": [0.5] * 3, "activation": "sigmoid"}))
    use(other)

    assert embedding.vector_of(picture.pk) is None
    assert embedding.catch_up(always) == 1


def test_library_finds_what_looks_like_words(model: Path, drawn: Callable, client: Client, admin_client: Client):
    red, blue = drawn(seed_with("red", "circle")), drawn(seed_with("blue", "cross"))
    embedding.catch_up(always)

    page = admin_client.get("/admin/media/", {"q": "looks like: red circle"}).content.decode()

    assert page.index(red.title) < page.index(blue.title)


def test_library_searches_for_the_words_where_no_model_can_tell(admin_client: Client, photo: CustomImage):
    answer = admin_client.get("/admin/media/", {"q": "looks like: red circle"})

    assert answer.status_code == 200


def test_api_finds_by_appearance_best_first(model: Path, drawn: Callable, client: Client):
    red, blue = drawn(seed_with("red", "circle")), drawn(seed_with("blue", "cross"))
    embedding.catch_up(always)

    found = client.get(SEARCH, {"q": "blue cross", "by": "appearance"}).json()
    first = client.get(SEARCH, {"q": "blue cross", "by": "appearance", "limit": 1}).json()
    second = client.get(SEARCH, {"q": "blue cross", "by": "appearance", "limit": 1, "cursor": first["next"]}).json()

    assert [one["id"] for one in found["items"]] == [blue.pk, red.pk]
    assert [one["id"] for one in first["items"] + second["items"]] == [blue.pk, red.pk]


def test_what_is_found_by_appearance_is_kept_no_longer_than_the_index_waits(
    model: Path, drawn: Callable, client: Client, settings: Any
):
    settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY | {"INSIGHT_INDEX_SECONDS": 10}
    drawn(1)
    with collect() as made_of:
        assert client.get(SEARCH, {"q": "blue cross", "by": "appearance"}).status_code == 200
    assert made_of.until is not None
    assert made_of.until <= timezone.now() + timedelta(seconds=10)


def test_api_finds_nothing_private_by_its_appearance(
    model: Path, drawn: Callable, client: Client, root_collection: Any
):
    drawn(seed_with("red"))
    embedding.catch_up(always)
    CollectionViewRestriction.objects.create(collection=root_collection, restriction_type="login")

    assert client.get(SEARCH, {"q": "red", "by": "appearance"}).json()["items"] == []


def test_api_says_so_where_no_model_can_tell(client: Client, photo: CustomImage):
    answer = client.get(SEARCH, {"q": "red", "by": "appearance"})

    assert answer.status_code == 422
    assert "no model" in answer.content.decode()


def test_model_without_words_still_knows_what_is_alike(
    drawn: Callable, vocabulary: None, tmp_path: Path, use: Callable, client: Client
):
    use(small_model.write(tmp_path / "half", text=None, tokenizer=None))
    picture = drawn(50_001)

    assert embedding.catch_up(always) == 1

    assert embedding.nearest(embedding.vector_of(picture.pk))
    assert tagged(picture) == set()
    assert client.get(SEARCH, {"q": "red", "by": "appearance"}).status_code == 422


BROKEN = {
    "missing": ({"image": None}, "no image.onnx"),
    "corrupt": ({"image": b"\x08\x08 no model"}, "no model that can be loaded"),
    "empty": ({"image": b""}, "no model that can be loaded"),
    "tokens missing": ({"tokenizer": None}, "no tokenizer.json"),
    "tokens corrupt": ({"tokenizer": b"{}"}, "no tokenizer that can be used"),
    "no JSON": ({"model": b"{"}, "can't be read as JSON"),
    "unknown name": ({"model": b'{"sise": 224}'}, "unknown names: sise"),
    "wrong value": ({"model": b'{"std": [0, 0, 0]}'}, "three numbers above 0"),
    "outside": ({"model": b'{"image": "../../etc/passwd"}'}, "the name of a file in the same folder"),
    "endless numbers": ({"model": b'{"scale": 1e999}'}, "a number above 0"),
}


@pytest.mark.parametrize(("changed", "sentence"), BROKEN.values(), ids=BROKEN)
def test_model_that_can_not_be_used_is_told_once_and_stops_nothing(
    drawn: Callable,
    vocabulary: None,
    tmp_path: Path,
    use: Callable,
    caplog: pytest.LogCaptureFixture,
    changed: dict[str, bytes | None],
    sentence: str,
):
    use(small_model.write(tmp_path / "broken", **changed))
    picture = drawn(50_001)

    for _ in range(3):
        assert embedding.catch_up(always) == 0

    told = [one for one in caplog.records if sentence in one.getMessage()]
    assert len(told) == 1
    assert embedding.nearest(np.ones(32, np.float32)) == []
    picture.refresh_from_db()
    assert picture.status == Asset.Status.READY
    warnings = checks.check_insight_model(None) + checks.check_insight_model_runs(None)
    assert any(sentence in one.msg for one in warnings)


def test_administrators_read_in_the_admin_why_a_model_can_not_be_used(
    drawn: Callable, tmp_path: Path, use: Callable, admin_client: Client
):
    use(small_model.write(tmp_path / "broken", text=b"no model"))
    page = admin_client.get(SUGGESTED).content.decode()
    assert "can’t be used" not in page
    drawn(50_002)
    VocabularyWord.objects.create(word="red")
    embedding.catch_up(lambda: True)
    page = admin_client.get(SUGGESTED).content.decode()
    assert "text.onnx is no model that can be loaded" in page


def test_model_of_another_shape_is_told(drawn: Callable, tmp_path: Path, use: Callable):
    text = small_model.build()["text.onnx"]
    use(small_model.write(tmp_path / "swapped", image=text))
    drawn(50_001)

    assert embedding.catch_up(always) == 0
    [warning] = checks.check_insight_model_runs(None)
    assert "Export image and text by themselves" in warning.msg


def test_model_that_was_put_right_is_used(drawn: Callable, vocabulary: None, tmp_path: Path, use: Callable):
    folder = small_model.write(tmp_path / "model", image=b"broken")
    use(folder)
    drawn(50_001)
    assert embedding.catch_up(always) == 0

    small_model.write(folder)

    assert embedding.catch_up(always) == 1


def test_model_that_memory_may_not_hold_is_not_loaded(trained: Path, use: Callable):
    use(trained, INSIGHT_MODEL_BYTES=1000)

    [warning] = checks.check_insight_model(None)
    assert "INSIGHT_MODEL_BYTES" in warning.msg


def test_vocabulary_is_edited_in_the_admin(admin_client: Client):
    answer = admin_client.post(
        "/admin/snippets/media_library/vocabularyword/add/",
        {"word": "lighthouse", "prompt": "a photo of a lighthouse"},
    )

    assert answer.status_code == 302
    assert VocabularyWord.objects.get().word == "lighthouse"
    assert "lighthouse" in admin_client.get("/admin/snippets/media_library/vocabularyword/").content.decode()


def test_rejected_word_does_not_return(model: Path, vocabulary: None, drawn: Callable):
    picture = drawn(seed_with("red"))
    embedding.catch_up(always)
    Suggestion.objects.filter(text="red").update(state=Suggestion.State.REJECTED)
    Asset.objects.update(version=2)
    ProcessingJob.objects.all().delete()

    embedding.catch_up(always)

    assert Suggestion.objects.get(asset=picture, text="red").state == Suggestion.State.REJECTED
