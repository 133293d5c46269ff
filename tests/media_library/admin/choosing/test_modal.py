"""What the chooser lists, and what it answers when something is chosen."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Collection

from cms.models import User
from media_library.admin.choosing import suggestions
from media_library.admin.choosing.listing import choosable
from media_library.admin.choosing.suggestions import remember_choice
from media_library.models import Asset, Audio, CustomDocument, CustomImage, Fingerprint, RecentChoice, Video

Chooser = Callable[..., str]
Html = Callable[..., str]


@pytest.fixture
def paper(harbour: Collection) -> CustomDocument:
    document = CustomDocument(title="Tariff", collection=harbour, file=ContentFile(b"Berths: 12", name="tariff.txt"))
    document.save()
    return document


@pytest.fixture
def boats(make_image: Callable[..., CustomImage], harbour: Collection) -> CustomImage:
    return make_image(harbour, "Boats")


@pytest.fixture
def secret(make_image: Callable[..., CustomImage], archive: Collection) -> CustomImage:
    """A picture that ``writer`` may not choose."""
    return make_image(archive, "Secret")


def test_everything_is_listed_with_what_tells_it_apart(
    admin_client: Client,
    boats: CustomImage,
    film: Video,
    sound: Audio,
    paper: CustomDocument,
    develop: Callable[..., None],
    chooser: Chooser,
    html: Html,
):
    develop(film)

    modal = html(admin_client.get(chooser("choose")))

    for asset in (boats, film, sound, paper):
        assert f'data-asset-id="{asset.pk}"' in modal
    assert any(rendition.url in modal for rendition in boats.renditions.all())
    assert film.poster_renditions.get(filter_spec="width-320|format-webp").url in modal
    assert f"{boats.width} × {boats.height}" in modal
    assert "0:01" in modal
    assert "4 files" in modal


def test_pictures_are_sharp_once_a_worker_has_made_them_so(
    admin_client: Client, boats: CustomImage, develop: Callable[..., None], chooser: Chooser, html: Html
):
    develop(boats)

    listed = html(admin_client.get(chooser("choose_results")))

    assert boats.renditions.get(filter_spec="width-320|format-webp").url in listed


def test_what_is_not_ready_yet_says_so_and_keeps_itself_up_to_date(
    admin_client: Client, film: Video, sound: Audio, develop: Callable[..., None], chooser: Chooser, html: Html
):
    develop(film)

    modal = html(admin_client.get(chooser("choose_results")))

    assert f'data-asset-status-id-value="{sound.pk}"' in modal
    assert f'data-asset-status-id-value="{film.pk}"' not in modal


def test_a_chooser_of_some_kinds_lists_no_other(
    admin_client: Client, boats: CustomImage, film: Video, sound: Audio, chooser: Chooser, html: Html
):
    modal = html(admin_client.get(chooser("choose_results", kinds="image,video")))

    assert "Boats" in modal
    assert "Tide" in modal
    assert "Bells" not in modal
    assert "2 files" in modal


def test_an_unknown_kind_is_refused(admin_client: Client, chooser: Chooser):
    assert admin_client.get(chooser("choose", kinds="image,painting")).status_code == 400


def test_the_list_is_searched_and_filtered(
    admin_client: Client,
    boats: CustomImage,
    secret: CustomImage,
    film: Video,
    harbour: Collection,
    root_collection: Collection,
    chooser: Chooser,
    html: Html,
):
    def listed(**params: object) -> set[str]:
        content = html(admin_client.get(chooser("choose_results", **params)))
        return {title for title in ("Boats", "Secret", "Tide") if f'title">{title}<' in content}

    assert listed(q="boa") == {"Boats"}
    assert listed(q="boa", kind="video") == set()
    assert listed(kind="video") == {"Tide"}
    assert listed(folder=harbour.pk) == {"Boats"}
    assert listed(folder=root_collection.pk) == {"Boats", "Secret", "Tide"}
    # What can't be is no filter at all.
    assert listed(folder="harbour", kind="painting") == {"Boats", "Secret", "Tide"}


def test_an_empty_library_and_an_empty_search_say_so_and_offer_to_upload(
    admin_client: Client, chooser: Chooser, html: Html
):
    assert "There is nothing to choose yet." in html(admin_client.get(chooser("choose")))
    assert "Upload a file" in html(admin_client.get(chooser("choose")))
    assert "Nothing matches “zebra” here." in html(admin_client.get(chooser("choose_results", q="zebra")))


def test_pages_lead_on_and_keep_what_was_asked_for(
    admin_client: Client,
    boats: CustomImage,
    make_image: Callable[..., CustomImage],
    harbour: Collection,
    chooser: Chooser,
    html: Html,
):
    for number in range(24):
        make_image(harbour, f"Wave {number}")

    first = html(admin_client.get(chooser("choose", kinds="image", multiple=1)))
    last = html(admin_client.get(chooser("choose_results", kinds="image", multiple=1, p=2)))

    assert "kinds=image&amp;multiple=1&amp;p=2" in first
    assert 'title">Boats<' not in first.partition('id="tab-media-recent"')[0]
    assert 'title">Boats<' in last
    assert admin_client.get(chooser("choose_results", p=9)).status_code == 404


def test_the_number_of_queries_does_not_depend_on_the_number_of_assets(
    writers: Client,
    boats: CustomImage,
    film: Video,
    make_image: Callable[..., CustomImage],
    make_video: Callable[..., Video],
    harbour: Collection,
    chooser: Chooser,
):
    Asset.objects.update(collection=harbour)
    boats.tags.add("sea")
    # The same picture, so that there is something similar.
    make_image(harbour, "Wave").tags.add("sea")
    writers.get(chooser("chosen", boats.pk))
    address = chooser("choose", chosen=boats.pk)
    writers.get(address)
    with CaptureQueriesContext(connection) as before:
        writers.get(address)
    for number in range(3):
        remember_choice(User.objects.get(username="will"), [make_image(harbour, f"Wave {number}")])
        make_video(harbour, f"Tide {number}")

    with CaptureQueriesContext(connection) as after:
        writers.get(address)

    assert len(after) == len(before)


# What is chosen


def test_what_is_chosen_is_told_as_wagtails_choosers_tell_it(
    admin_client: Client, boats: CustomImage, paper: CustomDocument, chooser: Chooser
):
    picture = admin_client.get(chooser("chosen", boats.pk)).json()
    document = admin_client.get(chooser("chosen", paper.pk)).json()["result"]

    rendition = boats.renditions.get(filter_spec="max-165x165")
    assert picture["step"] == "chosen"
    assert picture["result"] == {
        "id": str(boats.pk),
        "title": "Boats",
        "edit_url": reverse("wagtailimages:edit", args=[boats.pk]),
        "kind": "image",
        "kind_label": "Image",
        "status": "uploaded",
        "status_label": "Waiting",
        "poster": rendition.url,
        "default_alt_text": "Boats",
        "preview": {"url": rendition.url, "width": rendition.width, "height": rendition.height},
    }
    assert (document["url"], document["filename"]) == (paper.url, paper.filename)


def test_several_are_told_in_the_order_in_which_they_were_chosen(
    admin_client: Client, boats: CustomImage, film: Video, chooser: Chooser
):
    answer = admin_client.get(chooser("chosen_multiple"), {"id": [film.pk, "x", boats.pk, film.pk]}).json()
    one = admin_client.get(chooser("chosen", film.pk, multiple=1)).json()

    assert [chosen["id"] for chosen in answer["result"]] == [str(film.pk), str(boats.pk)]
    assert [chosen["id"] for chosen in one["result"]] == [str(film.pk)]


def test_what_is_of_another_kind_or_nothing_can_not_be_chosen(
    admin_client: Client, boats: CustomImage, film: Video, chooser: Chooser
):
    assert admin_client.get(chooser("chosen", boats.pk, kinds="video")).status_code == 404
    assert admin_client.get(chooser("chosen", "zebra")).status_code == 404
    assert admin_client.get(chooser("chosen", "9" * 40)).status_code == 404
    several = admin_client.get(chooser("chosen_multiple"), {"kinds": "video", "id": [boats.pk, film.pk]})
    assert [chosen["id"] for chosen in several.json()["result"]] == [str(film.pk)]
    assert admin_client.get(chooser("chosen_multiple"), {"id": list(range(600))}).status_code == 400


# Only what the user may choose


def test_nothing_of_another_folder_is_told_by_any_list_or_count(
    writers: Client,
    writer: User,
    boats: CustomImage,
    secret: CustomImage,
    archive: Collection,
    chooser: Chooser,
    html: Html,
):
    secret.tags.add("sea")
    boats.tags.add("sea")
    CustomImage.objects.update(uploaded_by_user=writer, taken_at=timezone.now())
    remember_choice(writer, [boats, secret])

    for address in (
        chooser("choose", chosen=boats.pk),
        chooser("choose", chosen=secret.pk),
        chooser("choose_results", q="secret"),
        chooser("choose_results", folder=archive.pk),
        reverse("wagtailimages_chooser:choose"),
        reverse("wagtailimages_chooser:choose_results"),
    ):
        content = html(writers.get(address))
        assert "Secret" not in content
        assert "Archive" not in content
        assert "2 files" not in content


@pytest.mark.parametrize("namespace", ["media_library_chooser", "wagtailimages_chooser"])
def test_an_id_that_was_guessed_tells_nothing(writers: Client, secret: CustomImage, namespace: str):
    assert writers.get(reverse(f"{namespace}:chosen", args=[secret.pk])).status_code in (302, 404)
    several = writers.get(reverse(f"{namespace}:chosen_multiple"), {"id": [secret.pk], "multiple": 1})
    assert several.json()["result"] == []
    assert not RecentChoice.objects.exists()


def test_to_edit_is_not_to_choose(
    grant: Callable[..., User], client: Client, harbour: Collection, film: Video, chooser: Chooser, html: Html
):
    Asset.objects.update(collection=harbour)
    client.force_login(grant(harbour, "add_video", "change_video", username="nora"))

    assert "Tide" not in html(client.get(chooser("choose_results")))
    assert client.get(chooser("chosen", film.pk)).status_code == 404


def test_what_the_user_may_not_edit_has_no_link_to_its_form(writers: Client, boats: CustomImage, chooser: Chooser):
    assert writers.get(chooser("chosen", boats.pk)).json()["result"]["edit_url"] is None


def test_visitors_are_asked_to_log_in_and_may_choose_nothing(client: Client, boats: CustomImage, chooser: Chooser):
    for address in (chooser("choose"), chooser("chosen", boats.pk), reverse("wagtailimages_chooser:choose")):
        assert client.get(address).url.startswith(reverse("wagtailadmin_login"))
    assert not choosable(AnonymousUser(), ("image",)).exists()


# Recent and similar


def test_what_was_chosen_and_uploaded_last_is_offered(
    writers: Client,
    writer: User,
    boats: CustomImage,
    make_image: Callable[..., CustomImage],
    harbour: Collection,
    chooser: Chooser,
    html: Html,
):
    make_image(harbour, "Mine", uploaded_by_user=writer)
    writers.get(chooser("chosen", boats.pk))

    recent = html(writers.get(chooser("choose"))).partition('id="tab-media-recent"')[2].partition("<section")[0]

    assert recent.index("Chosen by you") < recent.index("Boats") < recent.index("Uploaded by you")
    assert "Mine" in recent
    assert "Boats" not in recent.partition("Uploaded by you")[2]


def test_the_last_choice_is_the_first_and_older_ones_are_forgotten(
    admin_user: User, boats: CustomImage, film: Video, sound: Audio, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(suggestions, "KEPT_CHOICES", 2)
    for asset in (boats, film, boats):
        remember_choice(admin_user, [asset])
    mine = RecentChoice.objects.filter(user=admin_user).order_by("-chosen_at")
    assert [choice.asset_id for choice in mine] == [boats.pk, film.pk]

    RecentChoice.objects.all().update(chosen_at=timezone.now() - timedelta(days=1))
    remember_choice(admin_user, [sound])
    assert mine.all()[0].asset_id == sound.pk
    assert mine.all().count() == 2


def test_similar_pictures_are_offered_with_the_reason(
    admin_client: Client,
    boats: CustomImage,
    make_image: Callable[..., CustomImage],
    harbour: Collection,
    chooser: Chooser,
    html: Html,
):
    now = timezone.now()
    boats.tags.add("sea", "boat")
    alike = make_image(harbour, "Alike")
    both, tagged, same_moment, other = (make_image(harbour, title) for title in ("Both", "Tagged", "Moment", "Other"))
    both.tags.add("sea", "boat")
    tagged.tags.add("sea")
    CustomImage.objects.filter(pk__in=[boats.pk, both.pk]).update(taken_at=now)
    CustomImage.objects.filter(pk=same_moment.pk).update(taken_at=now + timedelta(minutes=20))
    CustomImage.objects.filter(pk=other.pk).update(taken_at=now - timedelta(days=1))

    # All are made of the same pixels here.
    Fingerprint.objects.exclude(asset__in=[boats.pk, alike.pk]).delete()
    Asset.objects.exclude(pk=boats.pk).update(file_hash="")

    modal = html(admin_client.get(chooser("choose", chosen=boats.pk)))
    similar = modal.partition('id="tab-media-similar"')[2].partition("<section")[0]

    assert similar.index("Alike") < similar.index("Both") < similar.index("Tagged")
    assert "Looks alike" in similar
    assert "Taken at the same time, tagged boat and sea" in similar
    assert "Moment" in similar
    assert "Other" not in similar
    assert 'aria-current="true"' in modal
    assert "tab-media-similar" not in html(admin_client.get(chooser("choose")))
