"""The dashboard, the health board and the statistics of one asset: right figures, and nobody else's."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.files.base import ContentFile
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from media_library.admin.board.charts import size
from media_library.admin.library.querying import library_assets
from media_library.housekeeping.orphans import Sweep
from media_library.housekeeping.unused import note_unused
from media_library.models import (
    Asset,
    AssetStorage,
    CustomDocument,
    CustomImage,
    DuplicatePair,
    ProcessingJob,
    UnusedAsset,
)
from media_library.statistics.counting import Row, add_rows
from media_library.statistics.figures import Period
from media_library.statistics.storage import measure_storage
from tests.media import photo_file

pytestmark = pytest.mark.django_db

DASHBOARD, HEALTH = "/admin/media/dashboard/", "/admin/media/health/"


def picture(title: str, **fields) -> CustomImage:
    image = CustomImage(title=title, file=photo_file(), **fields)
    image.save()
    return image


def see(asset: Asset, days_ago: int = 0, views: int = 1, plays: int = 0, downloads: int = 0, sent: int = 100) -> None:
    day = timezone.localdate() - timedelta(days=days_ago)
    add_rows([Row(asset.pk, day, views, plays, downloads, sent)])


def chart(response, name: str):
    return next(one for one in response.context["charts"] if one.name == name)


def values(found) -> list[list[float]]:
    return [[cell.value for cell in cells] for _label, cells in found.rows]


def concern(response, name: str):
    return next(one for one in response.context["concerns"] if one.name == name)


# Who sees what.


def test_nobody_sees_figures_of_folders_that_are_not_theirs(editor_client, ours, theirs):
    measure_storage()
    see(ours, views=3)
    see(theirs, views=40, sent=10**9)
    Asset.objects.update(status=Asset.Status.FAILED)

    dashboard, health = editor_client.get(DASHBOARD), editor_client.get(HEALTH)

    for response in (dashboard, health):
        assert "Theirs" not in response.content.decode()
        assert "Archive" not in response.content.decode()
    tiles = dict(dashboard.context["tiles"])
    assert (tiles["Assets"], tiles["Views"]) == ("1", "3")
    assert sum(map(sum, values(chart(dashboard, "uploads")))) == 1
    assert [row["asset"].pk for row in dashboard.context["top"]] == [ours.pk]
    assert sum(map(sum, values(chart(dashboard, "storage-kind")))) == ours.file_size
    assert dashboard.context["unused_number"] == concern(health, "unused").number == 1
    assert concern(health, "failed").number == 1
    assert health.context["orphans"] is None


@pytest.mark.parametrize("url", [DASHBOARD, HEALTH, "/admin/media/1/statistics/"])
def test_board_is_for_those_who_work_with_media(client, url, harbour, grant):
    assert client.get(url).status_code == 302
    client.force_login(grant(harbour, username="nobody"))
    response = client.get(url)
    assert response.status_code == 302
    assert response.url == reverse("wagtailadmin_home")
    assert "media-dashboard" not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_statistics_of_an_asset_that_is_not_theirs_are_not_found(editor_client, ours, theirs):
    assert editor_client.get(f"/admin/media/{ours.pk}/statistics/").status_code == 200
    assert editor_client.get(f"/admin/media/{theirs.pk}/statistics/").status_code == 404
    assert editor_client.get("/admin/media/999999999999/statistics/").status_code == 404


# The dashboard.


def test_empty_library_has_a_sentence_in_place_of_each_chart(admin_client):
    content = admin_client.get(DASHBOARD).content.decode()
    assert "<canvas" not in content
    for sentence in (
        "Nothing was uploaded in this time.",
        "No front end has told of any visitor",
        "There is nothing in the library yet.",
        "Everything is used.",
    ):
        assert sentence in content


@pytest.mark.parametrize(
    ("query", "days"), [("", 30), ("?days=7", 7), ("?days=90", 90), ("?days=8", 30), ("?days=x", 30)]
)
def test_period_is_in_the_address_and_an_unknown_one_is_the_usual(admin_client, photo, query, days):
    see(photo, days_ago=0)
    response = admin_client.get(DASHBOARD + query)
    assert len(chart(response, "views").rows) == days


def test_a_year_is_shown_in_weeks(admin_client, photo):
    for days_ago in range(14):
        see(photo, days_ago=days_ago)
    found = chart(admin_client.get(DASHBOARD + "?days=365"), "views")
    assert found.label == "Week from"
    assert len(found.rows) in (53, 54)
    assert sum(views for views, _plays, _downloads in values(found)) == 14
    assert Period(365).first.weekday() == 0


def test_what_was_before_the_period_doesnt_count(admin_client, photo):
    see(photo, days_ago=6, views=2)
    see(photo, days_ago=7, views=5)
    response = admin_client.get(DASHBOARD + "?days=7")
    assert sum(views for views, _plays, _downloads in values(chart(response, "views"))) == 2
    assert response.context["top"][0]["views"] == "2"


def test_most_seen_come_first_with_their_picture(admin_client, photo):
    other = picture("Other")
    see(photo, views=2)
    see(other, views=1, plays=9, sent=5000)
    response = admin_client.get(DASHBOARD)
    assert [row["asset"].pk for row in response.context["top"]] == [other.pk, photo.pk]
    assert response.context["top"][0]["asset"].thumbnail_url in response.content.decode()
    assert size(5000) in response.content.decode()


def test_storage_and_savings_follow_from_the_files(admin_client, photo, develop, public_files, settings):
    develop(photo)
    measure_storage()
    response = admin_client.get(DASHBOARD)
    stored = AssetStorage.objects.get()
    sizes = sum((settings.MEDIA_ROOT / name).stat().st_size for name in public_files())
    assert stored.renditions == sizes
    assert values(chart(response, "storage-kind")) == [[photo.file_size, sizes, 0, 0]]
    assert values(chart(response, "savings")) == [[photo.file_size, stored.shown]]


def test_trashed_assets_are_in_no_figure(admin_client, photo):
    see(photo)
    Asset.objects.filter(pk=photo.pk).update(trashed_at=timezone.now())
    response = admin_client.get(DASHBOARD)
    assert dict(response.context["tiles"])["Assets"] == "0"
    assert response.context["top"] == []


def test_table_holds_the_numbers_that_the_script_draws_in_any_language(admin_client, photo, settings):
    settings.LANGUAGE_CODE = "de"
    see(photo, views=1234)
    content = admin_client.get(DASHBOARD).content.decode()
    assert '<td data-value="1234">' in content
    assert "<script>" not in content.split("media-board")[1]


@pytest.mark.parametrize("url", [DASHBOARD, HEALTH])
def test_number_of_queries_doesnt_depend_on_the_number_of_assets(
    admin_client, photo, url, django_assert_max_num_queries, settings
):
    settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY | {"UNUSED_CLEANUP_DAYS": 90}
    for number in range(12):
        one = picture(f"Picture {number}")
        see(one, views=number)
    measure_storage()
    note_unused()
    UnusedAsset.objects.update(announced_at=timezone.now())
    admin_client.get(url)
    with django_assert_max_num_queries(32):
        admin_client.get(url)


# One asset.


def test_statistics_of_one_asset_are_its_own(admin_client, photo):
    other = picture("Other")
    see(photo, views=4, downloads=2, sent=700)
    see(photo, days_ago=300, views=3)
    see(other, views=50)
    Asset.objects.filter(pk=photo.pk).update(view_count=7)
    response = admin_client.get(f"/admin/media/{photo.pk}/statistics/?days=7")
    assert sum(views for views, _plays, _downloads in values(chart(response, "views"))) == 4
    assert dict(response.context["tiles"]) == {
        "Views": "7",
        "Plays": "0",
        "Downloads": "2",
        "Sent to visitors": size(800),
    }
    assert reverse("wagtailimages:edit", args=[photo.pk]) in response.content.decode()


def test_edit_page_tells_how_often_and_leads_there(admin_client, photo):
    Asset.objects.filter(pk=photo.pk).update(view_count=1234)
    content = admin_client.get(reverse("wagtailimages:edit", args=[photo.pk])).content.decode()
    assert "Seen 1,234 times" in content
    assert f"/admin/media/{photo.pk}/statistics/" in content


def test_figures_that_take_long_are_remembered_for_each_user(admin_client, editor_client, ours, monkeypatch):
    monkeypatch.setattr("media_library.admin.board.pages.SLOW_SECONDS", -1)
    see(ours, views=3)
    assert dict(admin_client.get(DASHBOARD).context["tiles"])["Views"] == "3"
    see(ours, views=3)
    assert dict(admin_client.get(DASHBOARD).context["tiles"])["Views"] == "3"
    assert dict(editor_client.get(DASHBOARD).context["tiles"])["Views"] == "6"
    Asset.objects.filter(pk=ours.pk).update(trashed_at=timezone.now())
    assert admin_client.get(DASHBOARD).context["top"] == []


# The health board.


def test_library_in_order_says_so(admin_client, admin_user):
    content = admin_client.get(HEALTH).content.decode()
    for sentence in (
        "Everything could be processed.",
        "Nothing is here twice, and nothing looks alike.",
        "Nobody has looked yet.",
    ):
        assert sentence in content


def test_each_concern_counts_what_the_library_shows_behind_it(admin_client, admin_user, photo, settings):
    settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY | {"OVERSIZE_BYTES": {"image": 1000, "document": 10**9}}
    today = timezone.localdate()
    picture("Failed", alt_text="Boats")
    picture("Ended", alt_text="Boats", expires_on=today - timedelta(days=1))
    picture("Ends", alt_text="Boats", expires_on=today + timedelta(days=3))
    CustomDocument(title="Tides", file=ContentFile(b"%PDF-1.7 tides", name="tides.pdf")).save()
    Asset.objects.filter(title="Failed").update(status=Asset.Status.FAILED)
    ended, ends = Asset.objects.filter(title__startswith="End").order_by("pk")
    DuplicatePair.objects.create(first=ended, second=ends, is_exact=True, distance=0)

    response = admin_client.get(HEALTH)
    numbers = {one.name: one.number for one in response.context["concerns"]}
    assert numbers == {
        "failed": 1,
        "stuck": 0,
        "expired": 1,
        "expiring": 1,
        "missing-alt": 1,
        "oversize": 4,
        "duplicates": 2,
        "unused": 5,
    }
    for one in response.context["concerns"]:
        if "/reports/" not in one.url:
            params = QueryDict(urlsplit(one.url).query)
            assert library_assets(admin_user, params).count() == one.number, one.name


def test_coverage_of_alt_texts_is_never_rounded_up_to_all(admin_client):
    for number in range(3):
        picture(f"{number}", alt_text="Boats" if number else "")
    assert concern(admin_client.get(HEALTH), "missing-alt").share == 66


def test_work_that_doesnt_end_is_stuck_and_work_that_does_is_not(admin_client, photo):
    assert concern(admin_client.get(HEALTH), "stuck").number == 0
    ProcessingJob.objects.update(created_at=timezone.now() - timedelta(hours=5))
    found = concern(admin_client.get(HEALTH), "stuck")
    assert found.number == 1
    assert admin_client.get(found.url).context["object_list"].count() == 1


def test_storage_has_a_price_by_folder_and_kind_where_one_is_set(admin_client, photo, settings):
    assert "Cost a month" not in admin_client.get(HEALTH).content.decode()
    settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY | {"STORAGE_PRICE_PER_GB": 1024.0, "STORAGE_CURRENCY": "CHF"}
    AssetStorage.objects.create(asset=photo, renditions=1024**3, measured_at=timezone.now())
    response = admin_client.get(HEALTH)
    assert "Cost a month" in response.content.decode()
    assert response.context["folders"][0]["name"] == "Root"
    assert response.context["folders"][0]["cost"].startswith("1,024.")
    assert response.context["kinds"][0]["cost"].endswith(" CHF")


def test_last_sweep_is_told_with_names_and_what_to_do(admin_client, photo):
    photo.file.storage.delete(photo.file.name)
    Sweep().run()
    content = admin_client.get(HEALTH).content.decode()
    assert "Originals whose file is gone" in content
    assert f"{photo.pk}: Harbour" in content
    assert "sweep_orphans --delete --repair" in content


def test_what_is_announced_is_listed_and_can_be_kept_by_who_may_change_it(
    editor_client, ours, theirs, settings, admin_client
):
    settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY | {"UNUSED_CLEANUP_DAYS": 90}
    note_unused()
    UnusedAsset.objects.update(announced_at=timezone.now())
    response = editor_client.get(HEALTH)
    assert [row["asset"].pk for row in response.context["announced"]] == [ours.pk]

    assert editor_client.post(f"/admin/media/{theirs.pk}/keep/").status_code == 404
    assert editor_client.get(f"/admin/media/{ours.pk}/keep/").status_code == 405
    assert "“Ours” stays" in editor_client.post(f"/admin/media/{ours.pk}/keep/", follow=True).content.decode()
    assert UnusedAsset.objects.get(pk=ours.pk).is_kept
    assert not UnusedAsset.objects.get(pk=theirs.pk).is_kept
    assert editor_client.get(HEALTH).context["announced"] == []
