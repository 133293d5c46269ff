"""When an experiment runs, who may begin one, what readers are told of it, and what comes of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction

from blog.experiments.results import results
from blog.experiments.running import tend_experiments
from blog.experiments.words import verdict
from blog.models import BlogIndexPage, Experiment, ExperimentCounts, PostPage
from blog.tasks import tend_experiments_task
from cms.delivery.models import Change
from cms.delivery.versions import cache
from media_library.models import Asset, CustomImage
from media_library.usage import unused
from tests.blog.content import make_post, video_block
from tests.blog.staff import hire

pytestmark = pytest.mark.django_db

Begin = Callable[..., Experiment]
HOUR = timedelta(hours=1)


def told(client: Client, post: PostPage) -> list[dict]:
    return client.get(f"/api/v2/pages/{post.pk}/").json()["experiments"]


# When it runs.


def test_running_experiment_is_told_with_both_pictures(client, begin: Begin, post, boats, gulls):
    running = begin()
    (found,) = told(client, post)
    assert (found["id"], found["slot"]) == (running.pk, "thumbnail")
    assert (found["a"]["id"], found["b"]["id"]) == (boats.pk, gulls.pk)
    assert found["b"]["src"]
    listed = client.get("/api/v2/pages/?type=blog.PostPage&fields=experiments").json()["items"]
    assert [one["id"] for one in listed[0]["experiments"]] == [running.pk]


def test_cards_of_a_post_have_the_experiment_that_is_for_lists(client, begin: Begin, blog, post, boats, gulls):
    running = begin()
    begin(slot="featured_image")
    make_post(blog, 2)
    (related,) = client.get("/api/v2/pages/?slug=post-2&fields=related&type=blog.PostPage").json()["items"][0][
        "related"
    ]
    (found,) = client.get("/api/v2/search/?query=Post+1").json()["items"]
    for card in (related, found):
        assert (card["experiment"]["id"], card["experiment"]["slot"]) == (running.pk, "thumbnail")
        assert (card["experiment"]["a"]["id"], card["experiment"]["b"]["id"]) == (boats.pk, gulls.pk)
    Experiment.objects.all().delete()
    assert client.get("/api/v2/search/?query=Post+1").json()["items"][0]["experiment"] is None


def test_experiments_of_many_cards_cost_as_many_queries_as_that_of_one(client, begin: Begin, blog, post):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get("/api/v2/search/?query=Post").status_code == 200
        return len(found)

    begin()
    queries()
    before = queries()
    for number in range(2, 6):
        begin(post=make_post(blog, number, featured_image=post.featured_image))
    assert queries() == before


def test_what_is_planned_or_over_is_not_told(client, begin: Begin, post):
    begin(starts_at=None)
    begin(starts_at=timezone.now() + HOUR)
    begin(ends_at=timezone.now() - HOUR / 2)
    assert told(client, post) == []


def test_experiment_with_a_picture_that_visitors_cant_see_is_not_told(
    client, begin: Begin, post, gulls, root_collection
):
    begin()
    closed = root_collection.add_child(instance=Collection(name="Closed"))
    CollectionViewRestriction.objects.create(collection=closed, restriction_type="login")
    CustomImage.objects.filter(pk=gulls.pk).update(collection=closed)
    assert told(client, post) == []
    CustomImage.objects.filter(pk=gulls.pk).update(collection=root_collection, trashed_at=timezone.now())
    assert told(client, post) == []
    Experiment.objects.update(variant_b=None)
    assert told(client, post) == []


def test_clock_starts_and_ends_experiments(begin: Begin):
    first = begin(starts_at=timezone.now() + HOUR, ends_at=timezone.now() + 2 * HOUR)
    Experiment.objects.filter(pk=first.pk).update(starts_at=timezone.now() - HOUR)
    assert tend_experiments() == 1
    assert Experiment.objects.get().state == "running"
    assert tend_experiments() == 0
    Experiment.objects.filter(pk=first.pk).update(ends_at=timezone.now())
    tend_experiments_task()
    assert Experiment.objects.get().state == "ended"


def test_experiment_waits_for_its_place_and_keeps_no_other_waiting(begin: Begin, blog: BlogIndexPage):
    begin()
    waiting = begin(starts_at=timezone.now() + HOUR)
    other = begin(starts_at=timezone.now() + HOUR, post=make_post(blog, 2))
    Experiment.objects.filter(pk__in=[waiting.pk, other.pk]).update(starts_at=timezone.now())
    assert tend_experiments() == 1
    states = dict(Experiment.objects.values_list("pk", "state"))
    assert (states[waiting.pk], states[other.pk]) == ("planned", "running")


def test_start_change_and_end_make_the_post_and_its_cards_stale_and_a_plan_does_not(begin: Begin, post):
    Change.objects.all().delete()

    def announced() -> list[list[str]]:
        found = list(Change.objects.order_by("pk").values_list("tags", flat=True))
        Change.objects.all().delete()
        return found

    experiment = begin(starts_at=timezone.now() + HOUR)
    assert announced() == []
    for values in ({"starts_at": timezone.now()}, {"name": "Gulls"}, {"ends_at": timezone.now()}):
        for name, value in values.items():
            setattr(experiment, name, value)
        experiment.save()
        assert announced() == [[f"card-{post.pk}", f"page-{post.pk}"]]
    experiment.delete()
    assert announced() == []
    begin().delete()
    assert announced() == [[f"card-{post.pk}", f"page-{post.pk}"]] * 2


def test_kept_cards_show_an_experiment_from_its_start_to_its_end(client, begin: Begin, blog, post, settings):
    settings.RESPONSE_CACHE = True
    cache.clear()
    other = make_post(blog, 2)

    def shown() -> tuple[str, bool]:
        answer = client.get(f"/api/v2/pages/{other.pk}/")
        (card,) = answer.json()["related"]
        return answer["X-Cache"], card["experiment"] is not None

    shown()
    assert shown() == ("HIT", False)
    with TestCase.captureOnCommitCallbacks(execute=True):
        experiment = begin()
    assert [shown(), shown()] == [("MISS", True), ("HIT", True)]
    with TestCase.captureOnCommitCallbacks(execute=True):
        experiment.delete()
    assert shown() == ("MISS", False)


def test_kept_answers_show_an_experiment_from_its_start_to_its_end(client, begin: Begin, post, settings):
    settings.RESPONSE_CACHE = True
    cache.clear()
    urls = [f"/api/v2/pages/{post.pk}/", "/api/v2/pages/?type=blog.PostPage&fields=*"]

    def shown(url: str) -> tuple[str, int]:
        answer = client.get(url)
        found = answer.json()
        return answer["X-Cache"], len(found.get("items", [found])[0]["experiments"])

    for url in urls:
        shown(url)
    assert [shown(url) for url in urls] == [("HIT", 0), ("HIT", 0)]
    with TestCase.captureOnCommitCallbacks(execute=True):
        experiment = begin()
    assert [shown(url) for url in urls] == [("MISS", 1), ("MISS", 1)]
    assert [shown(url) for url in urls] == [("HIT", 1), ("HIT", 1)]
    Experiment.objects.filter(pk=experiment.pk).update(ends_at=timezone.now())
    with TestCase.captureOnCommitCallbacks(execute=True):
        tend_experiments()
    assert [shown(url) for url in urls] == [("MISS", 0), ("MISS", 0)]


# What may be tried.


def refusal(experiment: Experiment) -> str:
    with pytest.raises(ValidationError) as caught:
        experiment.full_clean()
    return " ".join(caught.value.messages)


def test_what_makes_no_sense_is_refused(begin: Begin, boats):
    now = timezone.now()
    planned = begin(starts_at=now + HOUR)
    planned.full_clean()
    planned.ends_at = now
    assert "ends after it starts" in refusal(planned)
    planned.ends_at, planned.variant_b = None, boats
    assert "another picture" in refusal(planned)


def test_nothing_is_tried_in_a_place_that_the_post_does_not_have(begin: Begin, blog, film):
    bare = make_post(blog, 2)
    poster = begin(post=bare, slot="poster", starts_at=None)
    assert "This post has no film." in refusal(poster)
    assert "no featured image" in refusal(begin(post=bare, slot="featured_image", starts_at=None))
    begin(post=bare, slot="thumbnail", starts_at=None).full_clean()

    poster.post = make_post(blog, 3, body=[video_block(film)])
    poster.full_clean()


def test_poster_that_is_tried_can_be_ended_when_the_film_has_gone(begin: Begin, blog):
    running = begin(post=make_post(blog, 2), slot="poster")
    running.ends_at = timezone.now() + HOUR
    running.full_clean()


def test_pictures_of_what_has_started_stay(begin: Begin, gulls, boats):
    running = begin()
    running.name = "Another name"
    running.ends_at = timezone.now() + HOUR
    running.full_clean()
    running.variant_a, running.variant_b = gulls, boats
    assert "has started" in refusal(running)


def test_two_experiments_in_one_place_are_one_after_the_other(begin: Begin, post, boats, gulls):
    now = timezone.now()
    begin(ends_at=now + HOUR)
    values = {"name": "Next", "post": post, "variant_a": boats, "variant_b": gulls}
    assert "same place" in refusal(Experiment(**values, starts_at=now))
    Experiment(**values, starts_at=now + 2 * HOUR).full_clean()
    Experiment(**values, starts_at=now, slot="featured_image").full_clean()


# Who may.


@pytest.fixture
def form(post, boats, gulls) -> dict[str, object]:
    return {
        "name": "Boats or gulls",
        "post": post.pk,
        "slot": "thumbnail",
        "variant_a": boats.pk,
        "variant_b": gulls.pk,
        "starts_at": "",
        "ends_at": "",
    }


def test_editor_begins_one_from_the_post(client, form, post, boats):
    client.force_login(hire("Editor"))
    page = client.get(f"/admin/pages/{post.pk}/edit/").content.decode()
    assert f"/admin/experiments/new/?post={post.pk}" in page
    new = client.get(f"/admin/experiments/new/?post={post.pk}")
    assert new.context["form"].initial["variant_a"] == boats.pk

    response = client.post("/admin/experiments/new/", form)
    assert response.status_code == 302
    assert Experiment.objects.get().state == "planned"
    assert b"Boats or gulls" in client.get("/admin/experiments/").content
    assert b"Boats or gulls" in client.get(f"/admin/pages/{post.pk}/edit/").content


def test_second_of_two_editors_at_the_same_moment_is_told(client, form, begin: Begin, monkeypatch: pytest.MonkeyPatch):
    client.force_login(hire("Editor"))
    begin()
    # The other one came between looking and saving.
    monkeypatch.setattr(Experiment, "_require_alone", lambda self: None)

    response = client.post("/admin/experiments/new/", form | {"starts_at": "2026-01-02 10:00"})

    assert response.status_code == 200
    assert "Somebody has just begun another one" in response.content.decode()
    assert Experiment.objects.count() == 1


def test_writer_may_not_see_or_begin_any(client, form, begin: Begin):
    experiment = begin()
    client.force_login(hire("Writer"))
    paths = ("", "new/", *(f"{action}/{experiment.pk}/" for action in ("edit", "delete", "inspect", "history")))
    for path in paths:
        # Wagtail sends away who may not.
        assert client.get(f"/admin/experiments/{path}").status_code in (302, 403), path
    client.post("/admin/experiments/new/", form)
    assert Experiment.objects.count() == 1


def test_editor_of_another_section_may_not_touch_it(client, form, begin: Begin, blog: BlogIndexPage, post):
    experiment = begin()
    notes = blog.get_parent().add_child(instance=BlogIndexPage(title="Notes", slug="notes"))
    own = make_post(notes, 7)
    editor = hire("Editor")
    editor.groups.get().page_permissions.update(page=notes)
    client.force_login(editor)

    assert b"Boats or gulls" not in client.get("/admin/experiments/").content
    for action in ("edit", "delete", "inspect", "history"):
        assert client.get(f"/admin/experiments/{action}/{experiment.pk}/").status_code in (302, 403), action
    refused = client.post("/admin/experiments/new/", form)
    assert "may not publish this post" in refused.content.decode()
    assert client.post("/admin/experiments/new/", form | {"post": own.pk}).status_code == 302
    assert set(Experiment.objects.values_list("post", flat=True)) == {own.pk, post.pk}


def test_picture_that_is_tried_counts_as_used(begin: Begin, gulls):
    begin()
    assert list(unused(Asset.objects.filter(pk=gulls.pk))) == []


# What comes of it.


def test_result_is_a_difference_with_its_confidence(admin_client, begin: Begin):
    experiment = begin()
    today = timezone.localdate()
    counts = {"a_shown": 2000, "a_clicked": 100, "b_shown": 2000, "b_clicked": 160}
    for days in (0, 1):
        ExperimentCounts.objects.create(experiment=experiment, day=today - days * timedelta(days=1), **counts)

    result = results([experiment])[experiment.pk]
    assert (result.a.value, result.b.value, result.winner) == (0.05, 0.08, "b")
    assert (round(result.difference.lower, 4), round(result.difference.upper, 4)) == (0.0192, 0.0409)
    said = "B is clicked more often: by +3.0 percentage points (95%: +1.9 to +4.1)."
    assert verdict(result) == said
    page = admin_client.get(f"/admin/experiments/inspect/{experiment.pk}/").content.decode()
    assert said in page
    assert "Shown 4,000 times, clicked 320 times." in page


def test_difference_that_may_be_none_is_not_shown_yet(begin: Begin):
    experiment = begin()
    ExperimentCounts.objects.create(
        experiment=experiment, day=timezone.localdate(), a_shown=100, a_clicked=5, b_shown=100, b_clicked=8
    )
    result = results([experiment])[experiment.pk]
    assert result.winner == ""
    assert verdict(result).startswith("No difference shown yet: B differs by +3.0 percentage points")


def test_nothing_told_is_no_result(admin_client, begin: Begin):
    experiment = begin()
    assert "not told of both" in verdict(results([experiment])[experiment.pk])
    assert admin_client.get(f"/admin/experiments/inspect/{experiment.pk}/").status_code == 200
