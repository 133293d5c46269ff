from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from wagtail.models import Collection

from cms.models import User
from media_library import bulk
from media_library.models import Asset, BulkOperation, CustomDocument
from tests.media_library.admin.conftest import archive, grant, harbour

__all__ = ["archive", "grant", "harbour"]


@pytest.fixture
def make_documents(root_collection: Collection) -> Callable[..., list[CustomDocument]]:
    """Save documents, which are the fastest to make: ``make_documents("Tides", "Prices", collection=harbour)``."""

    def make(*titles: str, collection: Collection | None = None) -> list[CustomDocument]:
        made = []
        for title in titles:
            document = CustomDocument(title=title, collection=collection or root_collection)
            document.file = ContentFile(f"All about {title}".encode(), name=f"{title.lower()}.txt")
            document.save()
            made.append(document)
        return made

    return make


@pytest.fixture
def start(admin_user: User) -> Callable[..., BulkOperation]:
    """Begin an operation: ``start("tag", assets, tags=["night"])``."""

    def start(action: str, assets: list[Asset], user: User | None = None, **parameters: object) -> BulkOperation:
        return bulk.start(user or admin_user, action, parameters, [asset.pk for asset in assets])

    return start


@pytest.fixture
def work() -> Callable[[BulkOperation], list[dict]]:
    """Do all of an operation as workers would, refresh it, and return what stayed as it was."""

    def work(operation: BulkOperation) -> list[dict]:
        while bulk.run(operation.pk):
            pass
        operation.refresh_from_db()
        return [failure for batch in operation.batches.all() for failure in batch.failures]

    return work
