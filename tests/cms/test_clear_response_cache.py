from io import StringIO

import pytest
from django.core.cache import caches
from django.core.management import CommandError, call_command

from cms.delivery import versions


def test_everything_is_made_anew() -> None:
    before = versions.read(["all"])
    call_command("clear_response_cache", stdout=StringIO())
    assert versions.read(["all"]) != before


def test_cache_that_is_down_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args, **kwargs):
        raise ConnectionError("refused")

    monkeypatch.setattr(caches["delivery"], "set", refuse)
    with pytest.raises(CommandError, match="does not answer"):
        call_command("clear_response_cache", stdout=StringIO())
