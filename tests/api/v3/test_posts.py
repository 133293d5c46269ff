"""All that stands around a post is written by token, and read as it was written."""

from blog.models import BlogIndexPage, PostPage, Series
from media_library.models import CustomImage
from tests.api.v3.conftest import Bearer
from tests.blog.content import make_category, make_image, make_person, make_post


def test_authors_categories_pictures_series_and_neighbours_are_written(chief: Bearer, blog: BlogIndexPage):
    ada, bo = make_person("Ada"), make_person("Bo")
    sea, art = make_category("Sea"), make_category("Art")
    thumbnail, social = make_image("Thumbnail"), make_image("Social")
    series = Series.objects.create(title="At sea")
    other = make_post(blog, 1)

    response = chief.post(
        "pages/",
        {
            "meta": {"type": "blog.PostPage", "parent_id": blog.pk, "action": "publish"},
            "title": "Dawn",
            "date": "2026-01-02",
            "author_id": ada.pk,
            "further_authors": [{"person_id": bo.pk}],
            "category_id": sea.pk,
            "further_categories": [art.pk],
            "thumbnail_id": thumbnail.pk,
            "social_image_id": social.pk,
            "series_id": series.pk,
            "series_part": 2,
            "chosen_posts": [{"post_id": other.pk}],
        },
    )

    assert response.status_code == 201, response.content
    post = PostPage.objects.get(slug="dawn")
    assert (post.thumbnail, post.social_image, post.series, post.series_part) == (thumbnail, social, series, 2)
    assert [one.person for one in post.further_authors.all()] == [bo]
    assert list(post.further_categories.all()) == [art]
    assert [one.post for one in post.chosen_posts.all()] == [other]

    read = chief.get(f"pages/{post.pk}/").json()
    assert [one["person"]["id"] for one in read["further_authors"]] == [bo.pk]
    assert read["series"]["id"] == series.pk


def test_further_authors_are_changed_and_taken_away(chief: Bearer, blog: BlogIndexPage):
    ada, bo = make_person("Ada"), make_person("Bo")
    post = make_post(blog, 1)

    def authors_after(people: list[int]) -> list[str]:
        rows = [{"person_id": pk} for pk in people]
        response = chief.patch(f"pages/{post.pk}/", {"further_authors": rows, "meta": {"action": "publish"}})
        assert response.status_code == 200, response.content
        return [one.person.name for one in PostPage.objects.get(pk=post.pk).further_authors.all()]

    assert authors_after([bo.pk, ada.pk]) == ["Bo", "Ada"]
    assert authors_after([ada.pk]) == ["Ada"]
    assert authors_after([]) == []


def test_people_that_do_not_exist_are_told_and_nothing_is_written(chief: Bearer, blog: BlogIndexPage):
    meta = {"type": "blog.PostPage", "parent_id": blog.pk}
    values = {"title": "Dawn", "date": "2026-01-02", "further_authors": [{"person_id": 999_999}]}
    response = chief.post("pages/", {"meta": meta} | values)
    assert response.status_code == 422, response.content
    assert "person" in response.content.decode()
    assert not PostPage.objects.exists()


def test_series_is_written_and_read(chief: Bearer, photo: CustomImage):
    made = chief.post("snippets/blog.Series/", {"title": "At sea", "description": "Three days.", "image_id": photo.pk})
    assert made.status_code == 201, made.content
    series = Series.objects.get()
    assert (series.title, series.slug, series.image) == ("At sea", "at-sea", photo)
    changed = chief.patch(f"snippets/blog.Series/{series.pk}/", {"title": "Ashore"})
    assert changed.status_code == 200, changed.content
    assert chief.get(f"snippets/blog.Series/{series.pk}/").json()["title"] == "Ashore"
    assert Series.objects.get().slug == "at-sea"
