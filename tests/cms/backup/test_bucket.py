"""Backups in a bucket, of a real S3 server's."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from blog.models import PostPage
from media_library.models import CustomImage
from tests.blog.content import make_image
from tests.s3 import S3Server

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def bucket(s3_server: S3Server, s3_keys: None, settings: Any) -> str:
    name = f"backups-{uuid4().hex[:12]}"
    s3_server.client().create_bucket(Bucket=name)
    settings.BACKUP_S3_ENDPOINT_URL, settings.BACKUP_S3_REGION = s3_server.url, "us-east-1"
    return name


def keys(server: S3Server, bucket: str) -> set[str]:
    return {one["Key"] for one in server.client().list_objects_v2(Bucket=bucket).get("Contents", ())}


def test_site_goes_to_a_bucket_and_comes_back(
    site: PostPage, bucket: str, s3_server: S3Server, wipe: Callable[[], None]
) -> None:
    place, content = f"s3://{bucket}/sites/harbour", CustomImage.objects.get().file.read()
    call_command("backup", place, verbosity=0)
    make_image("Another", size=300)
    asked = len(s3_server.requests())
    call_command("backup", place, "--keep", "1", verbosity=0)

    sent = [path for method, path in s3_server.requests()[asked:] if method == "PUT" and "/objects/" in path]
    assert len(sent) == 1
    assert {key.split("/")[1] for key in keys(s3_server, bucket)} == {"harbour"}

    call_command("backup", place, "--verify", verbosity=0)
    CustomImage.objects.get(title="Harbour").file.storage.delete(CustomImage.objects.get(title="Harbour").file.name)
    wipe()
    call_command("restore", place, verbosity=0)
    assert CustomImage.objects.get(title="Harbour").file.read() == content


def test_bucket_that_is_not_there_says_what_to_look_at(site: PostPage, bucket: str) -> None:
    with pytest.raises(CommandError, match=r"bucket's name, at AWS_ACCESS_KEY_ID"):
        call_command("backup", f"s3://{bucket}-gone", verbosity=0)


def test_address_of_another_kind_is_refused(site: PostPage) -> None:
    with pytest.raises(CommandError, match=r"write a folder, or s3://bucket/prefix"):
        call_command("backup", "ftp://example.org/backups", verbosity=0)
