"""What front ends tell of their visitors: counted in bulk, believed within bounds, and about nobody."""

import json
import threading
from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction

from media_library.models import Asset, AssetStatistics, AssetStorage, CustomDocument, CustomImage, Transcode
from media_library.statistics import counting
from media_library.statistics.buffer import Buffer, Tally
from media_library.statistics.events import MAX_BYTES, MAX_EVENTS, Event, EventType
from media_library.statistics.throttle import Throttle
from tests.media import photo_file

URL = "/api/media/beacon/"

pytestmark = pytest.mark.django_db


def send(client: Client, *events: dict, **options) -> int:
    body = json.dumps({"events": list(events)})
    return client.post(URL, body, content_type=options.pop("content_type", "text/plain"), **options).status_code


def counted(asset: Asset) -> tuple[int, int, int, int]:
    counting.buffer.flush()
    return AssetStatistics.objects.filter(asset=asset.pk).values_list("views", "plays", "downloads", "bytes").get()


def test_events_are_added_to_the_day_and_to_the_running_total(client, photo):
    assert (
        send(
            client, {"id": photo.pk, "type": "view", "bytes": 5000}, {"id": str(photo.pk), "type": "view", "bytes": 1}
        )
        == 204
    )
    assert send(client, {"id": photo.pk, "type": "download", "bytes": 7}, content_type="application/json") == 204

    assert counted(photo) == (2, 0, 1, 5008)
    assert AssetStatistics.objects.get().day == timezone.localdate()
    assert Asset.objects.get(pk=photo.pk).view_count == 2

    send(client, {"id": photo.pk, "type": "view", "bytes": 1})
    assert counted(photo) == (3, 0, 1, 5009)
    assert Asset.objects.get(pk=photo.pk).view_count == 3


def test_beacon_costs_no_query(client, photo, django_assert_num_queries):
    with django_assert_num_queries(0):
        send(client, {"id": photo.pk, "type": "view"})


def test_writing_takes_as_many_queries_for_one_asset_as_for_twenty(photo, django_assert_max_num_queries):
    others = [CustomImage(title=f"Harbour {number}", file=photo_file()) for number in range(20)]
    for one in others:
        one.save()
    counting.count(Event(one.pk, EventType.VIEW) for one in [photo, *others])
    with django_assert_max_num_queries(20):
        counting.buffer.flush()
    assert AssetStatistics.objects.count() == 21


def test_answer_sets_no_cookie_and_is_kept_by_nobody(client, photo):
    client.cookies["sessionid"] = "something"
    response = client.post(URL, json.dumps({"events": [{"id": photo.pk, "type": "view"}]}), content_type="text/plain")

    assert not response.cookies
    assert response["Cache-Control"] == "no-store"
    assert response.content == b""


def test_page_of_another_host_may_send_it_without_a_csrf_token(photo):
    client = Client(enforce_csrf_checks=True)
    assert send(client, {"id": photo.pk, "type": "view"}, headers={"origin": "https://front.example"}) == 204
    preflight = client.options(
        URL, headers={"origin": "https://front.example", "access-control-request-method": "POST"}
    )
    assert preflight["Access-Control-Allow-Origin"] == "*"
    assert "POST" in preflight["Access-Control-Allow-Methods"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "The body is no JSON."),
        (b"\xff\xfe", "The body is no JSON."),
        (b"[" * 10_000, "The body is no JSON."),
        (b"[]", 'Send {"events"'),
        (b'{"events": []}', 'Send {"events"'),
        (b'{"events": {"id": 1}}', 'Send {"events"'),
        (b'{"events": [7]}', "Each event is an object"),
        (b'{"events": [{"type": "view"}]}', "whole number"),
        (b'{"events": [{"id": -1, "type": "view"}]}', "whole number"),
        (b'{"events": [{"id": 1.0, "type": "view"}]}', "whole number"),
        (b'{"events": [{"id": true, "type": "view"}]}', "whole number"),
        ('{"events": [{"id": "١٢", "type": "view"}]}'.encode(), "whole number"),
        (b'{"events": [{"id": "1 OR 1=1", "type": "view"}]}', "whole number"),
        (b'{"events": [{"id": 1, "type": ["view"]}]}', "one of: view, play, download, watch, click"),
        (b'{"events": [{"id": 1, "type": "share"}]}', "one of: view, play, download, watch, click"),
        (b'{"events": [{"id": 1, "type": "view", "bytes": -5}]}', "bytes"),
        (b'{"events": [{"id": 1, "type": "view", "bytes": 1e3}]}', "bytes"),
        (b'{"events": [{"id": 1, "type": "view", "bytes": true}]}', "bytes"),
        (json.dumps({"events": [{"id": 1, "type": "view"}] * (MAX_EVENTS + 1)}).encode(), "at most 50 events"),
        (b" " * (MAX_BYTES + 1), "16384 bytes at most"),
    ],
)
def test_what_is_no_list_of_events_is_told(client, body, reason):
    response = client.post(URL, body, content_type="text/plain")

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert reason in response.json()["detail"]
    assert len(counting.buffer) == 0


def test_only_post_is_a_beacon(client):
    assert client.get(URL).status_code == 405


def test_what_visitors_cant_see_is_ignored_without_a_word(client, photo, root_collection):
    closed = root_collection.add_child(instance=Collection(name="Closed"))
    CollectionViewRestriction.objects.create(collection=closed, restriction_type="login")
    private = CustomImage(title="Private", file=photo_file(), collection=closed)
    private.save()
    trashed = CustomImage(title="Trashed", file=photo_file())
    trashed.save()
    Asset.objects.filter(pk=trashed.pk).update(trashed_at=timezone.now())

    unknown = [999_999, 10**17, "9" * 40, 0]
    events = [{"id": one, "type": "view"} for one in (photo.pk, private.pk, trashed.pk, *unknown)]
    assert send(client, *events) == 204
    counting.buffer.flush()

    assert list(AssetStatistics.objects.values_list("asset", flat=True)) == [photo.pk]


def test_flood_from_one_address_is_held_back_and_others_are_not(client, photo, settings):
    settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY | {"BEACONS_PER_MINUTE": 3}
    event = {"id": photo.pk, "type": "view"}

    answers = [send(client, event, REMOTE_ADDR="192.0.2.1") for _ in range(5)]
    assert answers == [204, 204, 204, 429, 429]
    assert send(client, event, REMOTE_ADDR="192.0.2.2") == 204
    assert counted(photo)[0] == 4


def test_forged_addresses_dont_help_against_the_limit(client, photo, settings):
    settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY | {"BEACONS_PER_MINUTE": 1}
    event = {"id": photo.pk, "type": "view"}

    def behind_proxy(forwarded: str) -> int:
        return send(client, event, headers={"x-forwarded-for": forwarded})

    assert [behind_proxy("198.51.100.1"), behind_proxy("198.51.100.2")] == [204, 429]
    settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY | {"TRUSTED_PROXIES": 1}
    assert [behind_proxy("6.6.6.6, 203.0.113.1"), behind_proxy("7.7.7.7, 203.0.113.1")] == [204, 429]
    assert behind_proxy("203.0.113.2") == 204


def test_bytes_that_nobody_told_are_those_of_the_picture_that_most_get(photo, develop):
    develop(photo)
    ladder = photo.renditions.filter(preset="ladder", filter_spec__endswith="|format-webp", width__lte=1280)
    shown = ladder.order_by("-width").first().file_size
    counting.count([Event(photo.pk, EventType.VIEW), Event(photo.pk, EventType.VIEW, 10)])

    assert counted(photo) == (2, 0, 0, shown + 10)


def test_film_that_is_played_counts_as_its_mp4_and_one_that_is_seen_as_nothing(film):
    for preset, mime_type, size in (("mp4", "video/mp4", 3000), ("webm", "video/webm", 4000)):
        Transcode.objects.create(
            asset=film,
            version=1,
            preset=preset,
            mime_type=mime_type,
            file_size=size,
            file=preset,
            bitrate=1,
            duration=1,
        )
    counting.count([Event(film.pk, EventType.VIEW), Event(film.pk, EventType.PLAY)])

    assert counted(film) == (1, 1, 0, 3000)


def test_download_of_a_document_is_its_file():
    document = CustomDocument(title="Tides", file=ContentFile(b"%PDF-1.7 tides", name="tides.pdf"))
    document.save()
    counting.count([Event(document.pk, EventType.DOWNLOAD)])

    assert counted(document) == (0, 0, 1, document.file_size)


def test_nobody_can_tell_more_bytes_than_there_are(client, photo):
    send(client, {"id": photo.pk, "type": "view", "bytes": 10**12})

    storage = AssetStorage.objects.filter(asset=photo.pk)
    assert counted(photo)[3] == photo.file_size + storage.get().renditions


def test_what_cant_be_written_is_kept_and_written_later(photo, monkeypatch):
    counting.count([Event(photo.pk, EventType.VIEW, 5)])

    def broken(tallies):
        raise OperationalError("the database is away")

    monkeypatch.setattr(counting.buffer, "write", broken)
    with pytest.raises(OperationalError):
        counting.buffer.flush()
    counting.count([Event(photo.pk, EventType.VIEW, 5)])
    monkeypatch.setattr(counting.buffer, "write", counting.record)

    assert counted(photo) == (2, 0, 0, 10)


def test_forged_ids_take_a_bounded_memory(photo, monkeypatch):
    monkeypatch.setattr("media_library.statistics.buffer.MAX_WAITING", 10)
    counting.count([Event(photo.pk, EventType.VIEW, 5)])
    counting.count(Event(10**9 + number, EventType.VIEW) for number in range(1000))
    counting.count([Event(photo.pk, EventType.VIEW, 5)])

    assert len(counting.buffer) == 10
    assert counted(photo)[0] == 2


def test_throttle_forgets_when_its_minute_is_over(minute):
    throttle = Throttle()
    assert [throttle.allows("192.0.2.1", 1), throttle.allows("192.0.2.1", 1)] == [True, False]
    minute.goes_on(60)
    assert throttle.allows("192.0.2.1", 1)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_threads_that_count_the_same_assets_lose_nothing(photo):
    other = CustomImage(title="Other", file=photo_file())
    other.save()
    yesterday, today = timezone.localdate() - timedelta(days=1), timezone.localdate()
    buffers = [Buffer(counting.record) for _ in range(4)]

    def work(number: int) -> None:
        for _ in range(5):
            order = [photo.pk, other.pk] if number % 2 else [other.pk, photo.pk]
            buffers[number].add((one, Tally.of(Event(one, EventType.VIEW, 3))) for one in order)
            buffers[number].flush()
            counting.record({(photo.pk, yesterday): Tally(views=1), (photo.pk, today): Tally(plays=1)})
        connection.close()

    threads = [threading.Thread(target=work, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    rows = {(row.asset_id, row.day): row for row in AssetStatistics.objects.all()}
    assert (rows[photo.pk, today].views, rows[photo.pk, today].plays) == (20, 20)
    assert rows[photo.pk, today].bytes == rows[other.pk, today].bytes == 60
    assert rows[photo.pk, yesterday].views == 20
    assert Asset.objects.get(pk=photo.pk).view_count == 40
    assert isinstance(rows[photo.pk, today].day, date)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_many_events_are_written_at_once_by_a_thread_of_their_own(photo, settings, monkeypatch):
    monkeypatch.undo()
    settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY | {"STATISTICS_FLUSH_EVENTS": 3, "STATISTICS_FLUSH_SECONDS": 60}
    written = threading.Event()

    def write(tallies):
        counting.record(tallies)
        written.set()

    buffer = Buffer(write)
    buffer.add([(photo.pk, Tally(views=1))])
    assert not written.wait(0.1)
    buffer.add([(photo.pk, Tally(views=1))] * 2)
    assert written.wait(60)
    assert AssetStatistics.objects.get().views == 3
