"""Files that go straight to S3, and through the same intake from there."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest
import requests
from django.core.files.storage import storages
from django.utils import timezone
from moto import mock_aws
from wagtail.models import Collection

from media_library.models import Asset, CustomDocument, CustomImage, UploadSession
from media_library.tasks import tend_uploads_task
from media_library.uploads import direct, fetching
from tests.api.rest.conftest import ApiClient
from tests.media import photo_bytes
from tests.tus import VERSION, patch

pytestmark = pytest.mark.django_db

DIRECT = "/api/media/uploads/direct/"
PHOTO = photo_bytes(80, 60)
BUCKET = "library"


@pytest.fixture
def bucket(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Originals are kept in a bucket of a mocked S3."""
    options = {
        "bucket_name": BUCKET,
        "location": "originals",
        "region_name": "eu-central-1",
        "signature_version": "s3v4",
        "access_key": "test",
        "secret_key": "test",
    }
    with mock_aws():
        client = boto3.resource("s3", region_name="eu-central-1", aws_access_key_id="t", aws_secret_access_key="t")
        made = client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        originals = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
        settings.STORAGES = {**settings.STORAGES, "originals": originals}
        for model in (CustomImage, CustomDocument):
            monkeypatch.setattr(model._meta.get_field("file"), "storage", storages["originals"])
        yield made


def begin(client: ApiClient, size: int = len(PHOTO), filename: str = "harbour.jpg", **fields: Any) -> Any:
    return client.post_json(DIRECT, {"filename": filename, "size": size, **fields})


def send(parts: list[dict[str, Any]], data: bytes, size: int) -> list[dict[str, Any]]:
    """PUT all parts as a program does, past Darkroom; returns what S3 says of them."""
    sent = []
    for part in parts:
        start = (part["number"] - 1) * size
        answer = requests.put(part["url"], data=data[start : start + size], timeout=10)
        assert answer.status_code == 200, answer.text
        sent.append({"number": part["number"], "etag": answer.headers["ETag"]})
    return sent


def complete(client: ApiClient, upload: dict[str, Any], parts: Any) -> Any:
    return client.post_json(f"{upload['url']}complete/", {"parts": parts})


def work() -> None:
    """What a worker does that is told of it."""
    for session in UploadSession.objects.exclude(source_url=""):
        fetching.bring(session)


def refusal(response: Any) -> tuple[int, str]:
    assert response["Content-Type"] == "application/problem+json", response.content
    return response.status_code, response.json()["code"]


def left(bucket: Any) -> list[str]:
    """Objects and unfinished uploads in the bucket that are no originals."""
    objects = [one.key for one in bucket.objects.filter(Prefix="originals/incoming")]
    return objects + [one.object_key for one in bucket.multipart_uploads.all()]


def test_a_file_goes_to_the_bucket_and_becomes_an_asset(
    admin_api: ApiClient, bucket: Any, press: Collection, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    response = begin(admin_api, alt_text="Boats", tags=["sea", "a, b"], collection=press.pk)
    assert response.status_code == 201, response.content
    begun = response.json()
    assert (begun["part_count"], len(begun["parts"]), begun["upload"]["state"]) == (1, 1, "receiving")
    sent = send(begun["parts"], PHOTO, begun["part_size"])
    with django_capture_on_commit_callbacks() as told:
        done = complete(admin_api, begun["upload"], sent)
    assert done.status_code == 202, done.content
    assert len(told) == 1
    work()
    found = admin_api.get(done["Location"]).json()
    image = CustomImage.objects.get()
    assert (found["state"], found["asset"]) == ("finished", image.pk)
    assert (image.alt_text, sorted(image.tags.names()), image.collection_id) == ("Boats", ["a, b", "sea"], press.pk)
    assert image.file_hash == hashlib.sha256(PHOTO).hexdigest()
    assert image.file.storage.bucket_name == BUCKET
    assert image.file.open().read() == PHOTO
    assert left(bucket) == []


def test_a_large_file_has_parts_and_the_last_is_shorter(
    admin_api: ApiClient, bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # S3's least; more takes long to make.
    monkeypatch.setattr(direct, "PART_BYTES", 5 * 1024**2)
    data = b"%PDF-1.4\n" + bytes(11 * 1024**2)
    begun = begin(admin_api, len(data), "plan.pdf").json()
    assert begun["part_count"] == 3
    signed = admin_api.post_json(f"{begun['upload']['url']}parts/", {"numbers": [3, 1, 2]}).json()["parts"]
    sent = send(signed, data, begun["part_size"])
    assert complete(admin_api, begun["upload"], sent).status_code == 202
    work()
    assert CustomDocument.objects.get().file_hash == hashlib.sha256(data).hexdigest()
    assert left(bucket) == []


def test_a_file_that_is_none_is_refused_and_its_object_goes(admin_api: ApiClient, bucket: Any) -> None:
    begun = begin(admin_api, 10).json()
    complete(admin_api, begun["upload"], send(begun["parts"], b"no picture", begun["part_size"]))
    work()
    found = admin_api.get(begun["upload"]["url"]).json()
    assert (found["state"], found["asset"], bool(found["reason"])) == ("refused", None, True)
    assert not Asset.objects.exists()
    assert left(bucket) == []


def test_a_file_that_is_not_as_long_as_announced_is_refused(admin_api: ApiClient, bucket: Any) -> None:
    begun = begin(admin_api, 5).json()
    sent = send(begun["parts"], PHOTO, len(PHOTO))
    assert refusal(complete(admin_api, begun["upload"], sent)) == (422, "damaged_file")
    assert left(bucket) == []


@pytest.mark.parametrize("etag", ["nonsense", '"d41d8cd98f00b204e9800998ecf8427e"'])
def test_parts_that_are_others_are_refused_and_may_be_put_right(admin_api: ApiClient, bucket: Any, etag: str) -> None:
    begun = begin(admin_api).json()
    sent = send(begun["parts"], PHOTO, begun["part_size"])
    refused = complete(admin_api, begun["upload"], [{"number": 1, "etag": etag}])
    assert refusal(refused) == (422, "upload_error")
    assert complete(admin_api, begun["upload"], sent).status_code == 202


@pytest.mark.parametrize("parts", [[], None, [{"number": 0, "etag": "x"}], [{"number": 1}], [{"number": 10**9}]])
def test_parts_that_make_no_sense_are_refused(admin_api: ApiClient, bucket: Any, parts: Any) -> None:
    begun = begin(admin_api).json()
    assert refusal(complete(admin_api, begun["upload"], parts)) == (422, "invalid")


def test_completing_twice_makes_one_asset(admin_api: ApiClient, bucket: Any) -> None:
    begun = begin(admin_api).json()
    sent = send(begun["parts"], PHOTO, begun["part_size"])
    assert [complete(admin_api, begun["upload"], sent).status_code for _ in range(2)] == [202, 202]
    work()
    assert refusal(complete(admin_api, begun["upload"], sent)) == (404, "not_found")
    assert CustomImage.objects.count() == 1


def test_a_cancelled_upload_leaves_nothing_in_the_bucket(admin_api: ApiClient, bucket: Any) -> None:
    begun = begin(admin_api).json()
    send(begun["parts"], PHOTO, begun["part_size"])
    assert left(bucket)
    assert admin_api.delete(begun["upload"]["url"]).status_code == 204
    assert left(bucket) == []
    assert not UploadSession.objects.exists()


@pytest.mark.parametrize("is_whole", [True, False])
def test_an_upload_that_nobody_goes_on_with_leaves_nothing_in_the_bucket(
    admin_api: ApiClient, bucket: Any, is_whole: bool
) -> None:
    begun = begin(admin_api).json()
    sent = send(begun["parts"], PHOTO, begun["part_size"])
    if is_whole:
        complete(admin_api, begun["upload"], sent)
    assert left(bucket)
    UploadSession.objects.update(expires_at=timezone.now() - timedelta(days=1))
    tend_uploads_task()
    assert left(bucket) == []
    assert not UploadSession.objects.exists()


def test_a_storage_that_is_away_is_told_and_tried_again(
    admin_api: ApiClient, bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = begin(admin_api).json()
    sent = send(begun["parts"], PHOTO, begun["part_size"])
    complete(admin_api, begun["upload"], sent)

    def away() -> Any:
        raise OSError("no route to host")

    monkeypatch.setattr(direct, "_client", away)
    work()
    found = admin_api.get(begun["upload"]["url"]).json()
    assert (found["state"], "doesn't answer" in found["reason"]) == ("receiving", True)
    monkeypatch.undo()
    monkeypatch.setattr(CustomImage._meta.get_field("file"), "storage", storages["originals"])
    complete(admin_api, begun["upload"], sent)
    work()
    assert CustomImage.objects.count() == 1


def test_nothing_is_sent_past_the_bucket(admin_api: ApiClient, bucket: Any) -> None:
    begun = begin(admin_api).json()
    assert refusal(patch(admin_api, begun["upload"]["url"], 0, PHOTO)) == (422, "upload_error")
    assert not Asset.objects.exists()


def test_uploads_of_others_are_not_there(admin_api: ApiClient, writer_api: ApiClient, bucket: Any) -> None:
    begun = begin(admin_api).json()
    url = begun["upload"]["url"]
    assert refusal(writer_api.post_json(f"{url}parts/", {"numbers": [1]})) == (404, "not_found")
    assert refusal(complete(writer_api, begun["upload"], [{"number": 1, "etag": "x"}])) == (404, "not_found")
    assert refusal(writer_api.delete(url, headers=VERSION)) == (404, "not_found")
    assert left(bucket)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"size": 10**15}, 413),
        ({"size": 0}, 422),
        ({"size": "many"}, 422),
        ({"filename": ""}, 422),
        ({"collection": 999999}, 422),
        ({"expires_on": "soon"}, 422),
    ],
)
def test_what_can_not_be_taken_is_refused_before_it_is_sent(
    admin_api: ApiClient, bucket: Any, fields: dict[str, Any], status: int
) -> None:
    response = begin(admin_api, **fields)
    assert refusal(response)[0] == status
    assert not UploadSession.objects.exists()
    assert left(bucket) == []


def test_more_parts_than_there_are_have_no_addresses(admin_api: ApiClient, bucket: Any) -> None:
    url = begin(admin_api).json()["upload"]["url"]
    assert refusal(admin_api.post_json(f"{url}parts/", {"numbers": [2]})) == (422, "invalid")


def test_without_s3_tus_is_named(admin_api: ApiClient) -> None:
    response = begin(admin_api)
    assert refusal(response) == (409, "direct_uploads_unavailable")
    assert "tus" in response.json()["detail"]
    assert not UploadSession.objects.exists()
