"""An editor of a post writes texts of their own, and ticks where it is posted."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from blog.models import BlogIndexPage, PostPage, SharingAccount
from tests.blog.content import make_post

pytestmark = pytest.mark.django_db


def save(client: Client, post: PostPage, **values: object):
    data = {
        "title": post.title,
        "slug": post.slug,
        "summary": post.summary,
        "date": "2026-01-01",
        "body": streamfield([]),
        "further_authors": inline_formset([]),
        "chosen_posts": inline_formset([]),
        "comments": inline_formset([]),
    }
    url = reverse("wagtailadmin_pages:edit", args=[post.pk])
    return client.post(url, nested_form_data(data) | values, follow=True)


def test_own_text_and_account_are_part_of_the_draft(admin_client: Client, blog: BlogIndexPage) -> None:
    account = SharingAccount.objects.create(name="Darkroom", connector="mastodon", address="https://example.social")
    post = make_post(blog)
    save(admin_client, post, share_texts_mastodon="Look!", share_on=[account.pk])
    written = PostPage.objects.get(pk=post.pk).get_latest_revision_as_object()
    assert written.share_texts == {"mastodon": "Look!"}
    assert list(written.share_on.all()) == [account]
    live = PostPage.objects.get(pk=post.pk)
    assert (live.share_texts, list(live.share_on.all())) == ({}, [])


def test_own_text_that_is_too_long_is_refused_with_its_measure(admin_client: Client, blog: BlogIndexPage) -> None:
    post = make_post(blog)
    response = save(admin_client, post, share_texts_bluesky="a" * 301, share_texts_x="a")
    assert "Bluesky: 301 of 300 characters." in response.text
    assert PostPage.objects.get(pk=post.pk).latest_revision is None


def test_own_text_is_what_the_api_gives(client: Client, blog: BlogIndexPage) -> None:
    post = make_post(blog, share_texts={"x": "Look!", "bluesky": "At http://localhost/post-1/ tonight"})
    texts = {one["network"]: one["text"] for one in client.get(f"/api/v2/pages/{post.pk}/").json()["share"]}
    assert texts["x"] == "Look!\n\nhttp://localhost/post-1/"
    assert texts["bluesky"] == "At http://localhost/post-1/ tonight"
    assert texts["threads"].startswith("Post 1\n\n")


def test_accounts_are_not_public(client: Client, blog: BlogIndexPage) -> None:
    account = SharingAccount.objects.create(name="Darkroom", connector="mastodon", address="https://example.social")
    post = make_post(blog)
    post.share_on = [account]
    post.save()
    page = client.get(f"/api/v2/pages/{post.pk}/?fields=*").text
    assert "example.social" not in page
    assert "share_on" not in page
