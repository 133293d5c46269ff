from collections.abc import Iterator

import pytest

from tests.cms.delivery.servers import Receiver, receiving


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    """Somebody else's server, on this machine."""
    settings.WEBHOOK_ALLOWED_HOSTS = ["127.0.0.0/8"]
    with receiving() as server:
        yield server
