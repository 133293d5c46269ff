"""What takes longer than the suite may, also in a browser."""

from tests.browser.conftest import browser, page, running, stack

__all__ = ["browser", "page", "running", "stack"]
