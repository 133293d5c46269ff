"""Lists and details of pages that are put together of what was written of each page before."""

import pytest
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction
from wagtail.rich_text import RichText

from blog.api.serializers import PageSerializer
from blog.models import PostPage
from cms.delivery.versions import cache
from media_library.models import Audio, Video
from tests.blog.content import make_person, make_post, one_of_each
from tests.cms.delivery.small_site import SmallSite, publish

pytestmark = pytest.mark.django_db

LIST = "/api/v2/pages/?type=blog.PostPage&fields=*"


@pytest.fixture
def small_site(settings) -> SmallSite:
    settings.ROOT_URLCONF = "cms.urls"
    site = SmallSite()
    settings.RESPONSE_CACHE = True
    cache.clear()
    return site


@pytest.fixture
def serialized(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Ids of the pages that were serialized, in their order."""
    seen: list[int] = []
    serialize = PageSerializer.to_representation

    def note(self: PageSerializer, page: PostPage) -> object:
        seen.append(page.pk)
        return serialize(self, page)

    monkeypatch.setattr(PageSerializer, "to_representation", note)
    return seen


def edit(post: PostPage, **values: object) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        for name, value in values.items():
            setattr(post, name, value)
        publish(post)


def fresh(url: str, settings) -> bytes:
    """The answer as it is without any cache."""
    settings.RESPONSE_CACHE = False
    answer = Client().get(url)
    settings.RESPONSE_CACHE = True
    assert answer["X-Cache"] == "PASS"
    return answer.content


def test_after_an_edit_only_that_post_is_serialized_anew(small_site: SmallSite, serialized, settings) -> None:
    reader, post = Client(), small_site.posts()[5]
    reader.get(LIST)
    edit(post, body=[("rich_text", RichText("<p>Other words.</p>"))])
    serialized.clear()

    answer = reader.get(LIST)

    assert answer["X-Cache"] == "MISS"
    assert serialized == [post.pk]
    assert answer.content == fresh(LIST, settings)


def test_other_lists_are_made_of_the_same_parts(small_site: SmallSite, serialized, settings) -> None:
    reader = Client()
    reader.get(LIST)
    serialized.clear()

    for other in ("&order=-title&limit=3&offset=1", "&category=technique", "&search=words"):
        answer = reader.get(LIST + other)
        assert not serialized
        assert answer["X-Cache"] == "MISS"
        assert answer.content == fresh(LIST + other, settings)
        serialized.clear()


def test_parts_of_other_fields_hosts_and_sites_are_others(small_site: SmallSite, serialized) -> None:
    reader = Client()
    reader.get(LIST)
    for other, headers in (
        (f"{LIST}&rich_text_format=db_html", {}),
        ("/api/v2/pages/?type=blog.PostPage&fields=authors", {}),
        (f"{LIST}&_=1", {"host": "testserver.example"}),
        ("/api/v2/pages/?fields=*", {}),
    ):
        serialized.clear()
        assert reader.get(other, headers=headers).status_code == 200
        assert serialized, other


def test_a_part_notes_in_a_list_what_it_notes_by_itself(small_site: SmallSite, film: Video, sound: Audio) -> None:
    """Else what was shown of another object before would be missing in what it goes stale by."""
    first, *_others = small_site.posts()
    for number in (20, 21):
        blocks = one_of_each(small_site.images[0], film, sound, link=first)
        make_post(small_site.blog, number, body=blocks, author=make_person("Mary"))
    cache.clear()
    urls = [f"{LIST}&limit=1&offset={number}" for number in range(len(small_site.posts()))]
    alone = {url: noted_of(Client(), url) for url in urls}
    reader = Client()
    cache.clear()
    reader.get(LIST)

    for url in urls:
        assert alone[url] <= noted_of(reader, url), url


def noted_of(reader: Client, url: str) -> set[str]:
    answer = reader.get(url)
    assert answer["X-Cache"] == "MISS"
    return set(answer["Cache-Tag"].split(","))


def test_a_list_takes_15_queries_of_which_nothing_is_kept_and_four_of_which_all_is(small_site: SmallSite) -> None:
    reader = Client()
    # Where sites begin and how many posts there are is remembered.
    reader.get("/api/v2/pages/?type=blog.PostPage")
    counts = []
    for other in ("", "&order=-title"):
        with CaptureQueriesContext(connection) as captured:
            assert reader.get(LIST + other)["X-Cache"] == "MISS"
        counts.append(len(captured))

    assert counts[0] <= 15
    assert counts[1] <= 4


def test_a_list_that_was_asked_for_under_another_address_takes_no_query(small_site: SmallSite, settings) -> None:
    reader = Client()
    for searched in ("", "&search=words"):
        reader.get(LIST + searched)

        with CaptureQueriesContext(connection) as captured:
            answer = reader.get(f"{LIST}{searched}&_=1")

        assert not captured.captured_queries
        assert answer["X-Cache"] == "MISS"
        assert answer.content == fresh(LIST + searched, settings)


def test_a_list_under_another_address_shows_what_came_went_and_moved(small_site: SmallSite, settings) -> None:
    reader, (first, second, *_others) = Client(), small_site.posts()
    by_title = f"{LIST}&order=title"
    reader.get(by_title)
    with TestCase.captureOnCommitCallbacks(execute=True):
        first.unpublish()
    edit(second, title="Zygotes")
    with TestCase.captureOnCommitCallbacks(execute=True):
        make_post(small_site.blog, 30)

    answer = reader.get(f"{by_title}&_=1")

    assert answer["X-Cache"] == "MISS"
    assert answer.content == fresh(by_title, settings)


def test_a_list_in_random_order_is_in_another_one_under_another_address(small_site: SmallSite) -> None:
    reader, url = Client(), "/api/v2/pages/?type=blog.PostPage&order=random"
    orders = {tuple(one["id"] for one in reader.get(f"{url}&_={number}").json()["items"]) for number in range(9)}

    assert len(orders) > 1


def test_an_unknown_field_is_refused_of_an_empty_list_too(small_site: SmallSite) -> None:
    answer = Client().get("/api/v2/pages/?type=blog.PostPage&fields=nonsense&limit=0")

    assert answer.status_code == 400
    assert "nonsense" in answer.json()["message"]


def test_who_is_known_gets_no_parts(small_site: SmallSite, serialized, admin_client: Client) -> None:
    Client().get(LIST)
    serialized.clear()

    assert admin_client.get(LIST)["X-Cache"] == "PASS"

    assert len(serialized) == len(small_site.posts())


def test_parts_that_were_made_while_something_changed_are_not_kept(
    small_site: SmallSite, serialized, monkeypatch: pytest.MonkeyPatch, settings
) -> None:
    reader, post = Client(), small_site.posts()[0]
    serialize = PageSerializer.to_representation

    def meanwhile(self: PageSerializer, page: PostPage) -> object:
        shown = serialize(self, page)
        if page.pk == post.pk:
            monkeypatch.setattr(PageSerializer, "to_representation", serialize)
            edit(PostPage.objects.get(pk=post.pk), title="Meanwhile")
        return shown

    monkeypatch.setattr(PageSerializer, "to_representation", meanwhile)
    reader.get(LIST)

    assert reader.get(LIST).content == fresh(LIST, settings)


def test_a_detail_asked_for_under_another_address_is_made_of_its_part(
    small_site: SmallSite, serialized, settings
) -> None:
    reader, detail = Client(), f"/api/v2/pages/{small_site.posts()[3].pk}/"
    tags = noted_of(reader, detail)
    serialized.clear()

    answer = reader.get(f"{detail}?from=newsletter")

    assert not serialized
    assert answer["X-Cache"] == "MISS"
    assert set(answer["Cache-Tag"].split(",")) == tags
    assert answer.content == fresh(detail, settings)


def test_details_with_other_fields_and_of_other_hosts_have_other_parts(
    small_site: SmallSite, serialized, settings
) -> None:
    reader, detail = Client(), f"/api/v2/pages/{small_site.posts()[3].pk}/"
    whole = reader.get(detail).content

    assert reader.get(f"{detail}?fields=_,title").content == fresh(f"{detail}?fields=_,title", settings) != whole
    serialized.clear()
    reader.get(detail, headers={"host": "testserver.example"})
    assert serialized


def test_a_detail_is_made_anew_once_its_page_or_what_it_shows_has_changed(
    small_site: SmallSite, serialized, settings
) -> None:
    reader, post = Client(), small_site.posts()[3]
    detail = f"/api/v2/pages/{post.pk}/"
    reader.get(detail)
    for changed in (post, post.author):
        serialized.clear()
        with TestCase.captureOnCommitCallbacks(execute=True):
            changed.title = changed.name = "Other words"
            changed.save()

        answer = reader.get(f"{detail}?after={changed.pk}-{type(changed).__name__}")

        assert serialized == [post.pk]
        assert answer.content == fresh(detail, settings)


def test_no_part_of_a_page_is_shown_that_was_closed_or_taken_back(small_site: SmallSite) -> None:
    reader, (closed, taken_back, *_others) = Client(), small_site.posts()
    for post in (closed, taken_back):
        assert reader.get(f"/api/v2/pages/{post.pk}/").status_code == 200
    with TestCase.captureOnCommitCallbacks(execute=True):
        PageViewRestriction.objects.create(page=closed, restriction_type="password", password="harbour")
        taken_back.unpublish()

    assert reader.get(f"/api/v2/pages/{closed.pk}/?_=1").status_code == 401
    assert reader.get(f"/api/v2/pages/{taken_back.pk}/?_=1").status_code == 404
