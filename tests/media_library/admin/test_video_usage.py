"""Where a film is used: two blocks of one post and one of another."""

import pytest
from django.test import Client
from django.urls import reverse

from media_library.models import Video
from tests.blog.content import block, make_blog, make_post


def video_block(video: Video, number: int) -> dict:
    return block("video", {"video": video.pk, "caption": ""}, number)


@pytest.fixture
def used(film: Video) -> Video:
    """A film in two posts, in the first of them twice."""
    blog = make_blog()
    make_post(blog, 1, body=[video_block(film, 1), video_block(film, 2)])
    make_post(blog, 2, body=[video_block(film, 3)])
    return film


def test_usage_page_leads_to_the_posts(admin_client: Client, used: Video):
    content = admin_client.get(reverse("media_library_videos:usage", args=(used.pk,))).content.decode()

    assert "Post 1" in content
    assert "Post 2" in content


def test_edit_page_says_how_often_a_film_is_used(admin_client: Client, used: Video):
    content = admin_client.get(reverse("media_library_videos:edit", args=(used.pk,))).content.decode()

    assert "Used in 2 places" in " ".join(content.split())
    assert reverse("media_library_videos:usage", args=(used.pk,)) in content
