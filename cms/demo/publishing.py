from blog.models import BlogIndexPage, ContentPage
from media_library.publishing.waiting import publish_when_ready


def publish(index: BlogIndexPage, page: ContentPage) -> None:
    """Put a page below the blog.

    It is seen from now on; its revision is published when the media that were just drawn are ready.
    """
    index.add_child(instance=page)
    publish_when_ready(page.save_revision())
