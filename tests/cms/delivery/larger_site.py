"""The small site as it is some months later, when a post is on few of the lists that there are."""

from urllib.parse import urlencode

from tests.cms.delivery.small_site import SmallSite
from tests.languages import translate


class LargerSite(SmallSite):
    """Forty posts by five people in nine categories and four series; lists of each of them, and twenty details."""

    posts_number, watched, images_number = 40, 20, 15
    category_names = ("Technique", "Travel", "Paper", "Cameras", "Light", "History", "Books", "People")
    people_names = ("Ada", "Grace", "Dorothea", "Vivian", "Lee")
    series_titles = ("At sea", "In the dark", "On foot", "At night")
    parts = 4
    tag_names = ("sea", "light", "film", "prints", "street", "portrait", "night", "glass")

    def tags_of(self, number: int) -> tuple[str, ...]:
        first = number % len(self.tag_names)
        return self.tag_names[first : first + number % 3]

    def urls(self) -> list[str]:
        sets = [
            *({"category": one.slug, "order": "-date"} for one in self.categories),
            *({"author": one.slug} for one in self.people),
            *({"series": one.slug, "fields": "series"} for one in self.series),
            *({"tag": name, "fields": "summary,featured_image"} for name in self.tag_names),
        ]
        return [
            *super().urls(),
            *(f"/api/v2/pages/?{urlencode({'type': 'blog.PostPage', 'limit': 5} | one)}" for one in sets),
            *(f"/api/v2/categories/{one.pk}/" for one in self.categories[1:]),
            "/api/v2/pages/?type=blog.PostPage&order=-date&fields=summary,featured_image&limit=10",
            "/api/v2/pages/?type=blog.PostPage&date_from=2026-01-20&date_to=2026-01-31",
        ]


class SiteInLanguages(LargerSite):
    """Every third of twelve posts is there in German, too. Needs the fixture ``languages``."""

    posts_number, watched, parts = 12, 6, 2

    def _build(self) -> None:
        super()._build()
        self.translated = [translate(post, title=f"Beitrag {post.pk}") for post in self.posts()[::3]]

    def urls(self) -> list[str]:
        return [
            *super().urls(),
            "/api/v2/pages/?type=blog.PostPage&locale=de",
            "/api/v2/pages/?type=blog.PostPage&locale=de&order=-date&limit=4&fields=summary",
            "/api/v2/search/?query=beitrag&locale=de",
            "/api/v2/site/?locale=de",
            f"/api/v2/pages/?translation_of={self.posts()[0].pk}",
            *(f"/api/v2/pages/{post.pk}/" for post in self.translated[:6]),
            *(f"/api/v2/pages/find/?html_path=/de/{post.slug}/" for post in self.translated[:6]),
        ]
