"""Publishing in the admin: what may not be shown is named with links, and nothing that was written is lost."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings
from wagtail.models import APIToken, Collection, GroupCollectionPermission, GroupPagePermission, Page, Workflow
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from blog.models import BlogIndexPage, PostPage
from cms.models import User
from media_library.admin.publishing.notices import address
from media_library.models import Asset, CustomImage
from media_library.publishing.waiting import publish_when_ready, waiting_for
from media_library.tasks import publish_awaited_task
from tests.blog.content import make_blog, make_image, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def blog(db: None) -> BlogIndexPage:
    return make_blog()


@pytest.fixture
def expired() -> CustomImage:
    return make_image("Harbour", expires_on=timezone.localdate() - timedelta(days=1))


@pytest.fixture
def chief(admin_user: User) -> Client:
    client = Client()
    client.force_login(admin_user)
    return client


def form(image: CustomImage | None, **values: Any) -> dict[str, Any]:
    data = {
        "title": "Post 1",
        "slug": "post-1",
        "summary": "Written with care",
        "date": "2026-01-02",
        "featured_image": image.pk if image else "",
        "body": streamfield([]),
        "further_authors": inline_formset([]),
        "chosen_posts": inline_formset([]),
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
    }
    return nested_form_data(data | values)


def test_publishing_a_change_is_refused_and_kept_as_a_draft(chief: Client, blog, expired) -> None:
    post = make_post(blog, 1)
    url = reverse("wagtailadmin_pages:edit", args=[post.pk])

    page = chief.post(url, form(expired) | {"action-publish": "1"}, follow=True).content.decode()

    assert reverse("wagtailimages:edit", args=[expired.pk]) in page
    assert "can&#x27;t be published" in page
    post.refresh_from_db()
    assert post.featured_image is None
    assert post.get_latest_revision_as_object().featured_image == expired
    assert post.get_latest_revision_as_object().summary == "Written with care"


def test_a_new_page_becomes_a_draft(chief: Client, blog, expired) -> None:
    url = reverse("wagtailadmin_pages:add", args=["blog", "postpage", blog.pk])

    response = chief.post(url, form(expired) | {"action-publish": "1"})

    post = PostPage.objects.get(slug="post-1")
    assert response["Location"] == reverse("wagtailadmin_pages:edit", args=[post.pk])
    assert (post.live, post.has_unpublished_changes) == (False, True)


def test_drafts_are_saved_and_the_editor_warns(chief: Client, blog, expired) -> None:
    post = make_post(blog, 1)
    url = reverse("wagtailadmin_pages:edit", args=[post.pk])

    assert chief.post(url, form(expired)).status_code == 302
    post.refresh_from_db()
    assert post.get_latest_revision_as_object().featured_image == expired
    assert "This can&#x27;t be published as it is:" in chief.get(url).content.decode()


def test_a_file_that_the_editor_may_not_see_is_not_named(blog, expired, root_collection: Collection) -> None:
    group = Group.objects.create(name="Writers")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for codename in ("change_page", "publish_page"):
        GroupPagePermission.objects.create(
            group=group, page=Page.objects.get(pk=blog.pk), permission=Permission.objects.get(codename=codename)
        )
    writer = User.objects.create_user("wendy", "wendy@example.org", "a long password")
    writer.groups.add(group)
    client = Client()
    client.force_login(writer)
    post = make_post(blog, 1)
    post.featured_image = expired
    post.save_revision()

    page = client.post(
        reverse("wagtailadmin_pages:edit", args=[post.pk]), form(expired) | {"action-publish": "1"}, follow=True
    ).content.decode()

    assert "A file that you may not see" in page
    assert "may not be shown after" not in page
    assert not GroupCollectionPermission.objects.filter(group=group).exists()


def test_publishing_in_bulk_publishes_nothing_and_says_why(chief: Client, blog, expired) -> None:
    fine, wrong = make_post(blog, 1, live=False), make_post(blog, 2, live=False)
    wrong.featured_image = expired
    for post in (fine, wrong):
        post.save_revision()
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])

    page = chief.post(f"{url}?id={fine.pk}&id={wrong.pk}", {}, follow=True).content.decode()

    assert "Harbour" in page
    assert not Page.objects.filter(pk__in=[fine.pk, wrong.pk], live=True).exists()


def test_api_v3_answers_409(admin_user: User, blog, expired) -> None:
    post = make_post(blog, 1, live=False)
    post.featured_image = expired
    post.save_revision()
    _token, secret = APIToken.create_token(user=admin_user, name="Front end")

    response = Client().post(
        f"/api/v3/pages/{post.pk}/actions/publish/",
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )

    assert response.status_code == 409, response.content
    assert json.loads(response.content)["assets"][0]["id"] == expired.pk


def test_the_form_of_an_asset_keeps_its_rights_together(chief: Client, expired) -> None:
    url = reverse("wagtailimages:edit", args=[expired.pk])
    page = chief.get(url).content.decode()

    assert page.count('name="source"') == page.count('name="licence"') == 1
    assert page.index('id="rights-section"') < page.index('name="source"')
    assert '<option value="CC BY 4.0" label="https://creativecommons.org/licenses/by/4.0/">' in page
    assert "may not be shown after" in page

    data = {"title": "Harbour", "source": "Agency", "licence": "CC BY 4.0", "expires_on": "2030-05-03"}
    collection = Collection.get_first_root_node().pk
    data |= {"legal_basis": "consent", "model_release": "signed", "collection": collection, "tags": ""}
    assert chief.post(url, data).status_code == 302
    expired.refresh_from_db()
    assert (expired.source, expired.legal_basis, str(expired.expires_on)) == ("Agency", "consent", "2030-05-03")


def test_the_home_page_lists_what_ends_and_is_used(chief: Client, blog, expired) -> None:
    make_image("Unused", expires_on=timezone.localdate())
    soon = make_image("Soon", expires_on=timezone.localdate())
    make_post(blog, 1, featured_image=soon)
    make_post(blog, 2, featured_image=expired)

    page = chief.get(reverse("wagtailadmin_home")).content.decode()

    panel = page[page.index("ending-rights-section") :]
    assert "Harbour" in panel and "(over)" in panel
    assert "Soon" in panel and "Unused" not in panel


def test_the_library_shows_and_finds_what_ends(chief: Client, expired) -> None:
    make_image("Soon", expires_on=timezone.localdate())
    make_image("Later", expires_on=timezone.localdate() + timedelta(days=400))
    library = reverse("media_library_index")

    page = chief.get(library).content.decode()
    assert page.count("library-card__rights") == 2
    assert "Rights ended" in page
    soon = chief.get(f"{library}?expiring=soon").content.decode()
    assert "Soon" in soon and "Harbour" not in soon and "Later" not in soon


# Media that are not ready


@pytest.fixture
def checked(settings: Settings) -> None:
    """As operators have it; tests of other things do without these checks (cms/settings/test.py)."""
    settings.MEDIA_LIBRARY = {
        key: value for key, value in settings.MEDIA_LIBRARY.items() if key != "PUBLISHING_CHECKS"
    }


@pytest.fixture
def unready(checked: None, blog: BlogIndexPage) -> CustomImage:
    """A picture that nobody has developed yet."""
    return make_image("Quay")


def edit(post: PostPage) -> str:
    return reverse("wagtailadmin_pages:edit", args=[post.pk])


def test_list_leads_to_the_file_and_to_its_place_and_offers_to_wait(chief: Client, blog, unready) -> None:
    post = make_post(blog, 1, live=False)

    page = chief.post(edit(post), form(unready) | {"action-publish": "1"}, follow=True).content.decode()

    assert "“Quay” is still being processed." in page
    assert reverse("wagtailimages:edit", args=[unready.pk]) in page
    assert f"{edit(post)}#:w:contentpath=featured_image" in page
    assert "/when_ready/" in page and "Publish when ready" in page
    assert not PostPage.objects.get(pk=post.pk).live


def test_failed_file_says_why_and_can_be_tried_again(chief: Client, blog, unready) -> None:
    post = make_post(blog, 1, live=False)
    Asset.objects.filter(pk=unready.pk).update(status=Asset.Status.FAILED, status_reason="It is cut off.")

    page = chief.post(edit(post), form(unready) | {"action-publish": "1"}, follow=True).content.decode()

    assert "“Quay” could not be processed. It is cut off." in page
    assert reverse("media_library_retry", args=[unready.pk]) in page
    assert "/when_ready/" not in page


def test_button_publishes_when_ready(chief: Client, blog, unready, develop) -> None:
    post = make_post(blog, 1, live=False)

    page = chief.post(edit(post), form(unready) | {"action-publish": "when-ready"}, follow=True).content.decode()

    assert "will be published as soon as its media are ready" in page
    assert "Waiting for 1 of 1 media." in page
    develop(unready)
    publish_awaited_task()
    assert PostPage.objects.get(pk=post.pk).live


def test_button_on_a_new_page_leaves_a_draft_that_waits(chief: Client, blog, unready) -> None:
    url = reverse("wagtailadmin_pages:add", args=["blog", "postpage", blog.pk])

    chief.post(url, form(unready) | {"action-publish": "when-ready"})

    post = PostPage.objects.get(slug="post-1")
    assert (post.live, waiting_for(post).state) == (False, "waiting")


def test_button_publishes_at_once_what_is_ready(chief: Client, blog, unready, develop) -> None:
    post = make_post(blog, 1, live=False)
    develop(unready)

    chief.post(edit(post), form(unready) | {"action-publish": "when-ready"})

    assert PostPage.objects.get(pk=post.pk).live


def test_button_is_validated_as_publishing_is(chief: Client, blog, unready) -> None:
    post = make_post(blog, 1, live=False)

    chief.post(edit(post), form(unready, title="") | {"action-publish": "when-ready"})

    assert waiting_for(post) is None


def test_offer_of_the_message_is_taken_and_taken_back(chief: Client, blog, unready) -> None:
    post = make_post(blog, 1, live=False, featured_image=unready)
    post.save_revision()

    chief.post(address("media_library_publish_when_ready", post))
    told = chief.get(address("media_library_publishing_progress", post)).json()
    assert (told["state"], told["text"]) == ("waiting", "Waiting for 1 of 1 media.")

    chief.post(address("media_library_cancel_publishing", post))
    assert waiting_for(post).state == "cancelled"


def test_who_may_not_edit_learns_nothing(blog, unready) -> None:
    post = make_post(blog, 1, live=False, featured_image=unready)
    publish_when_ready(post.save_revision())
    stranger = User.objects.create_user("sam", "sam@example.org", "a long password")
    stranger.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client = Client()
    client.force_login(stranger)

    assert client.get(address("media_library_publishing_progress", post)).status_code == 404
    for name in ("media_library_publish_when_ready", "media_library_cancel_publishing"):
        assert client.post(address(name, post)).status_code == 404
    assert waiting_for(post).state == "waiting"


def test_bulk_publishing_looks_at_what_is_below_too(chief: Client, blog, unready) -> None:
    fine = make_post(blog, 1, live=False)
    wrong = make_post(blog, 2, live=False, featured_image=unready)
    for page in (fine, wrong):
        page.save_revision()
    BlogIndexPage.objects.get(pk=blog.pk).save_revision()
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])

    page = chief.post(f"{url}?id={blog.pk}", {"include_descendants": "on"}, follow=True).content.decode()

    assert "“Quay” is still being processed." in page
    assert not Page.objects.filter(pk__in=[fine.pk, wrong.pk], live=True).exists()


def test_approval_of_a_workflow_is_refused_with_the_list(chief: Client, admin_user: User, blog, unready) -> None:
    post = make_post(blog, 1, live=False, featured_image=unready)
    post.save_revision(user=admin_user)
    workflow = Workflow.objects.filter(active=True).first()
    state = workflow.start(post, admin_user)
    for _step in range(10):
        task_state = state.current_task_state
        url = reverse("wagtailadmin_pages:workflow_action", args=[post.pk, "approve", task_state.pk])
        page = chief.post(url, {"comment": ""}, headers={"referer": f"http://testserver{edit(post)}"}, follow=True)
        state.refresh_from_db()
        if state.current_task_state_id == task_state.pk or state.status != state.STATUS_IN_PROGRESS:
            break

    assert "“Quay” is still being processed." in page.content.decode()
    assert not PostPage.objects.get(pk=post.pk).live
    assert state.status == state.STATUS_IN_PROGRESS


def test_nothing_is_told_to_a_script_that_would_not_show_it(chief: Client, blog, unready) -> None:
    post = make_post(blog, 1, live=False, featured_image=unready)
    post.save_revision()

    chief.get(edit(post), {"_w_hydrate_create_view": "1"})

    assert chief.get(edit(post)).content.decode().count("“Quay” is still being processed.") == 1
