"""The command that makes a large library, at a small size."""

import pytest
from django.core.management import CommandError, call_command
from django.http import QueryDict
from wagtail.models import Collection

from media_library.admin.library.querying import library_assets
from media_library.models import Asset, CustomImage, MediaUsage
from media_library.usage import usage_counts
from tests.blog.content import make_blog


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, number in (("PICTURES", 1), ("POSTS", 2), ("USES_PER_POST", 3), ("UPLOADERS", 2)):
        monkeypatch.setattr(f"cms.crowd.filling.{name}", number)


def test_library_is_filled_with_assets_that_are_found(admin_user, few):
    make_blog()

    call_command("fill_library", "120", verbosity=0)

    def count(query: str) -> int:
        return library_assets(admin_user, QueryDict(query)).count()

    assert count("") == 121
    for query in ("kind=video", "tag=sea", "q=harbour", "missing_alt=true", "duplicate=true", "unused=false"):
        assert 0 < count(query) < 121, query
    assert Collection.objects.count() > 20
    assert MediaUsage.objects.exists()
    used = library_assets(admin_user, QueryDict("unused=false"))
    assert all(usage_counts(used.values_list("pk", flat=True)).values())


def test_what_is_made_up_is_whole(admin_user, few, admin_client):
    call_command("fill_library", "20", verbosity=0)

    for asset in Asset.objects.all():
        assert asset.specific.title == asset.title
    image = CustomImage.objects.order_by("-pk").first()
    assert image.renditions.exists()
    assert admin_client.get("/admin/media/").status_code == 200


@pytest.mark.parametrize("number", ["0", "-5"])
def test_number_must_be_above_zero(db, number):
    with pytest.raises(CommandError, match="above 0"):
        call_command("fill_library", number)


def test_library_in_production_with_assets_is_left_alone(db, photo, settings):
    settings.SETTINGS_MODULE = "cms.settings.production"

    with pytest.raises(CommandError, match="--force"):
        call_command("fill_library", "10")

    assert Asset.objects.count() == 1
