"""A library in S3 and on Cloudinary, for the rooms that ask for one."""

from collections.abc import Iterator
from uuid import uuid4

import cloudinary
import pytest

from cms.media_storages import cloudinary as cloudinary_storages
from cms.media_storages import s3
from tests.cloudinary_server import CloudinaryServer, running_cloudinary
from tests.s3 import KEYS, S3Server, running_s3
from tests.storages import Environment, use_storages


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with running_s3(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture
def s3_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def s3_environment(s3_server: S3Server, s3_keys: None) -> dict[str, str]:
    """What an operator sets for a new, empty bucket."""
    bucket = f"library-{uuid4().hex[:12]}"
    s3_server.client().create_bucket(Bucket=bucket)
    return {"S3_BUCKET": bucket, "S3_REGION": "us-east-1", "S3_ENDPOINT_URL": s3_server.url}


@pytest.fixture
def s3_library(s3_environment, monkeypatch, settings) -> str:
    """The library is kept in S3; the name of its bucket."""
    use_storages(monkeypatch, settings, s3(Environment(s3_environment)))
    return s3_environment["S3_BUCKET"]


@pytest.fixture(scope="session")
def cloudinary_process() -> Iterator[CloudinaryServer]:
    with running_cloudinary() as server:
        yield server


@pytest.fixture
def cloudinary_server(cloudinary_process, monkeypatch) -> Iterator[CloudinaryServer]:
    """Cloudinary's contract, empty, and the keys to it in the environment."""
    for kept in (cloudinary_process.resources, cloudinary_process.requests, cloudinary_process.faults):
        kept.clear()
    for name, value in cloudinary_process.environment().items():
        monkeypatch.setenv(name, value)
    cloudinary.reset_config()
    yield cloudinary_process
    monkeypatch.undo()
    cloudinary.reset_config()


@pytest.fixture
def cloudinary_library(cloudinary_server, monkeypatch, settings) -> CloudinaryServer:
    """The library is kept on Cloudinary."""
    use_storages(
        monkeypatch,
        settings,
        cloudinary_storages(Environment(cloudinary_server.environment() | {"CLOUDINARY_FOLDER": "site"})),
    )
    settings.USE_CLOUDINARY = True
    return cloudinary_server
