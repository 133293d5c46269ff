import pytest
from wagtail.models import ModelLogEntry

from cms.models import User
from media_library.exceptions import NotChanged
from media_library.insight import accept, reject
from media_library.models import Asset, CustomImage, ProcessingJob, Suggestion

pytestmark = pytest.mark.django_db

Field, State = Suggestion.Field, Suggestion.State


def suggestion(asset: Asset, field: str = Field.TAG, text: str = "sea", **more: object) -> Suggestion:
    return Suggestion.objects.create(
        asset=asset, version=asset.version, field=field, text=text, confidence=0.8, source="test", **more
    )


def test_accepted_tag_is_the_asset_s(portrait: CustomImage, admin_user: User):
    accept(suggestion(portrait), admin_user)

    assert list(portrait.tags.names()) == ["sea"]


def test_accepted_tag_is_found_by_searching(portrait: CustomImage, admin_user: User):
    accept(suggestion(portrait, text="lighthouse"), admin_user)

    assert [one.pk for one in CustomImage.objects.all().search("lighthouse")] == [portrait.pk]


@pytest.mark.parametrize("field", [Field.ALT_TEXT, Field.CAPTION])
def test_accepted_text_is_the_asset_s(portrait: CustomImage, admin_user: User, field: str):
    accept(suggestion(portrait, field, "Waves on a beach"), admin_user)

    assert CustomImage.objects.values_list(field, flat=True).get() == "Waves on a beach"


def test_editor_accepts_it_in_other_words(portrait: CustomImage, admin_user: User):
    row = suggestion(portrait, Field.ALT_TEXT, "A women in a suit")

    accept(row, admin_user, text="Eileen Collins in an orange space suit")

    portrait.refresh_from_db()
    row.refresh_from_db()
    assert portrait.alt_text == "Eileen Collins in an orange space suit"
    assert row.text == "A women in a suit"


def test_accepted_focal_point_is_the_picture_s_and_its_crops_are_made_anew(portrait: CustomImage, admin_user: User):
    accept(suggestion(portrait, Field.FOCAL_POINT, "50% 25%", area=[0.4, 0.2, 0.2, 0.1]), admin_user)

    portrait.refresh_from_db()
    assert (portrait.focal_point_x, portrait.focal_point_y) == (192, 96)
    assert (portrait.focal_point_width, portrait.focal_point_height) == (77, 38)
    assert portrait.jobs.filter(operation=ProcessingJob.Operation.DEVELOP_IMAGE, state="queued").exists()


def test_what_is_accepted_is_marked_as_checked_by_whom(portrait: CustomImage, admin_user: User):
    row = suggestion(portrait)

    accept(row, admin_user)

    row.refresh_from_db()
    assert (row.state, row.decided_by) == (State.ACCEPTED, admin_user)
    assert row.decided_at is not None


def test_rejected_suggestion_changes_nothing(portrait: CustomImage, admin_user: User):
    row = suggestion(portrait)

    reject(row, admin_user)

    row.refresh_from_db()
    assert row.state == State.REJECTED
    assert not portrait.tags.exists()


@pytest.mark.parametrize("decide", [accept, reject])
def test_decision_stands_in_the_history_of_the_asset(portrait: CustomImage, admin_user: User, decide):
    decide(suggestion(portrait), admin_user)

    entry = ModelLogEntry.objects.get(action__startswith="media_library.")
    assert entry.user == admin_user
    assert entry.data["text"] == "sea"


def test_of_two_editors_the_second_is_told(portrait: CustomImage, admin_user: User):
    row = suggestion(portrait)
    reject(row, admin_user)

    with pytest.raises(NotChanged, match="Somebody has decided"):
        accept(Suggestion.objects.get(pk=row.pk), admin_user)

    assert not portrait.tags.exists()


def test_words_that_do_not_fit_leave_the_suggestion_open(portrait: CustomImage, admin_user: User):
    row = suggestion(portrait)

    with pytest.raises(NotChanged, match="at most 100 characters"):
        accept(row, admin_user, text="x" * 101)

    row.refresh_from_db()
    assert row.state == State.OPEN
