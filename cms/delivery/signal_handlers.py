"""Whoever changes something public comes by here, and says nothing of caches. See docs/invalidation.md."""

from cms.delivery import asset_changes, page_changes, snippet_changes


def register() -> None:
    for changes in (page_changes, asset_changes, snippet_changes):
        changes.connect()
