"""What takes longer than the suite may, also in a browser."""

from tests.browser.conftest import browser, forbidden, page, running, stack
from tests.cms.delivery.cache.test_redis import server
from tests.languages import languages

__all__ = ["browser", "forbidden", "languages", "page", "running", "server", "stack"]
