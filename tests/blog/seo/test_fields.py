"""What API v2 says of a page to search engines and social networks."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings
from wagtail.models import Collection, CollectionViewRestriction, Page, Site

from blog.models import (
    BlogIndexPage,
    EventPage,
    FormPage,
    GalleryPage,
    LandingPage,
    PersonPage,
    PostAuthor,
    SiteSettings,
    SocialCard,
)
from media_library.models import CustomImage, Video
from tests.blog.content import block, gallery_block, image_block, make_category, make_image, make_person, make_post
from tests.blog.content import video_block as film_block


@pytest.fixture
def ask(client: Client) -> Callable[[Page], dict[str, Any]]:
    def detail(page: Page) -> dict[str, Any]:
        response = client.get(f"/api/v2/pages/{page.pk}/")
        assert response.status_code == 200, response.content
        return response.json()

    return detail


@pytest.fixture
def image(db: None, develop: Callable[..., None]) -> CustomImage:
    image = make_image("Harbour", size=1400, credit="Ada", licence="CC BY 4.0", alt_text="Boats")
    develop(image)
    return image


@pytest.fixture
def site_settings(blog: BlogIndexPage) -> SiteSettings:
    site = Site.objects.get(is_default_site=True)
    site.site_name = "Silver"
    site.save()
    return SiteSettings.objects.create(site=site, x_handle="silver", tagline="Light")


def thing(page: dict[str, Any], kind: str) -> dict[str, Any]:
    return next(one for one in page["seo"]["json_ld"] if one["@type"] == kind)


def kinds(page: dict[str, Any]) -> list[str]:
    return [one["@type"] for one in page["seo"]["json_ld"]]


def test_page_without_any_words_for_search_engines_is_described_by_its_own(
    ask: Callable[[Page], dict[str, Any]], blog: BlogIndexPage
) -> None:
    seo = ask(make_post(blog, 1))["seo"]
    assert (seo["title"], seo["description"]) == ("Post 1", "What post 1 is about.")
    assert seo["canonical_url"] == "http://localhost/post-1/"
    assert (seo["keywords"], seo["no_index"], seo["og"]["image"]) == ([], False, None)
    assert seo["x"]["card"] == "summary"


def test_words_of_editors_win(ask: Callable[[Page], dict[str, Any]], blog: BlogIndexPage) -> None:
    post = make_post(
        blog,
        1,
        seo_title="For engines",
        search_description="Found",
        keywords="sea, light,, paper ",
        canonical_url="https://elsewhere.example/first",
        no_index=True,
        social_title="For people",
        social_description="Look\nhere",
    )
    seo = ask(post)["seo"]
    assert (seo["title"], seo["description"]) == ("For engines", "Found")
    assert seo["keywords"] == ["sea", "light", "paper"]
    assert seo["canonical_url"] == seo["og"]["url"] == "https://elsewhere.example/first"
    assert seo["no_index"] is True
    assert (seo["og"]["title"], seo["og"]["description"]) == ("For people", "Look here")
    assert (seo["x"]["title"], seo["x"]["description"]) == ("For people", "Look here")


def test_rich_introduction_is_a_description_in_plain_text(
    ask: Callable[[Page], dict[str, Any]], blog: BlogIndexPage
) -> None:
    form = blog.add_child(instance=FormPage(title="Write", slug="write", intro="<p>Ask <b>us</b> &amp; them</p>"))
    assert ask(form)["seo"]["description"] == "Ask us & them"


def test_addresses_are_those_of_the_front_end(
    ask: Callable[[Page], dict[str, Any]], blog: BlogIndexPage, settings: Settings
) -> None:
    settings.FRONTEND_URL = "https://www.example.org"
    page = ask(make_post(blog, 1))
    assert page["seo"]["canonical_url"] == "https://www.example.org/post-1/"
    assert page["breadcrumbs"][-1]["url"] == "https://www.example.org/post-1/"
    assert "https%3A%2F%2Fwww.example.org%2Fpost-1%2F" in page["share"][0]["url"]


def test_breadcrumbs_lead_from_the_home_page_to_the_page(
    ask: Callable[[Page], dict[str, Any]], blog: BlogIndexPage
) -> None:
    about = blog.add_child(instance=LandingPage(title="About", slug="about"))
    team = about.add_child(instance=LandingPage(title="Team", slug="team"))
    page = ask(team)
    assert [(crumb["title"], crumb["url"]) for crumb in page["breadcrumbs"]] == [
        ("Silver & Salt", "http://localhost/"),
        ("About", "http://localhost/about/"),
        ("Team", "http://localhost/about/team/"),
    ]
    items = thing(page, "BreadcrumbList")["itemListElement"]
    assert [(one["position"], one["name"]) for one in items] == [(1, "Silver & Salt"), (2, "About"), (3, "Team")]


def test_page_above_that_is_not_live_is_no_step(ask: Callable[[Page], dict[str, Any]], blog: BlogIndexPage) -> None:
    about = blog.add_child(instance=LandingPage(title="About", slug="about", live=False))
    team = about.add_child(instance=LandingPage(title="Team", slug="team"))
    assert [crumb["title"] for crumb in ask(team)["breadcrumbs"]] == ["Silver & Salt", "Team"]


def test_chosen_picture_goes_before_the_card_and_the_card_before_the_pages_picture(
    ask: Callable[[Page], dict[str, Any]], blog: BlogIndexPage, image: CustomImage, develop: Callable[..., None]
) -> None:
    chosen = make_image("Chosen", size=1400, alt_text="Chosen")
    develop(chosen)
    post = make_post(blog, 1, featured_image=image)
    shown = ask(post)["seo"]["og"]["image"]
    assert (shown["width"], shown["height"], shown["alt"]) == (1200, 630, "Boats")
    assert shown["src"].startswith("http")
    SocialCard.objects.create(page=post, file="cards/a.jpg", width=1200, height=630, digest="a")
    assert ask(post)["seo"]["og"]["image"]["src"].endswith("/media/cards/a.jpg")
    post.social_image = chosen
    post.save()
    shown = ask(post)["seo"]
    assert shown["og"]["image"]["alt"] == "Chosen"
    assert (shown["x"]["card"], shown["x"]["image"]) == ("summary_large_image", shown["og"]["image"]["src"])


def test_post_that_begins_with_a_film_is_shared_with_the_crop_of_its_poster(
    ask: Callable[[Page], dict[str, Any]],
    blog: BlogIndexPage,
    image: CustomImage,
    site_settings: SiteSettings,
    tall_film: Video,
) -> None:
    site_settings.social_image = image
    site_settings.save()
    crop = tall_film.poster_renditions.get(preset="og")
    post = make_post(blog, 1, body=[film_block(tall_film), image_block(image)])
    shown = ask(post)["seo"]["og"]["image"]
    assert shown["src"].endswith(crop.file.name)
    assert (shown["width"], shown["height"], shown["alt"]) == (crop.width, crop.height, "A pier")
    post = make_post(blog, 2, body=[image_block(image), film_block(tall_film)])
    assert ask(post)["seo"]["og"]["image"]["alt"] == "Boats"


def test_page_without_a_picture_has_that_of_the_site(
    ask: Callable[[Page], dict[str, Any]], blog: BlogIndexPage, image: CustomImage, site_settings: SiteSettings
) -> None:
    site_settings.social_image = image
    site_settings.save()
    seo = ask(make_post(blog, 1))["seo"]
    assert seo["og"]["image"]["alt"] == "Boats"
    assert (seo["og"]["site_name"], seo["x"]["site"]) == ("Silver", "@silver")


def test_picture_of_a_closed_folder_is_shown_nowhere(
    ask: Callable[[Page], dict[str, Any]], blog: BlogIndexPage, image: CustomImage
) -> None:
    folder = Collection.get_first_root_node().add_child(name="Closed")
    CollectionViewRestriction.objects.create(collection=folder, restriction_type="login")
    CustomImage.objects.filter(pk=image.pk).update(collection=folder)
    page = ask(make_post(blog, 1, featured_image=image, social_image=image, body=[image_block(image)]))
    assert page["seo"]["og"]["image"] is None
    assert "ImageObject" not in kinds(page)
    assert "harbour" not in str(page["seo"]).lower()


def test_post_is_a_blog_posting(
    ask: Callable[[Page], dict[str, Any]], blog: BlogIndexPage, image: CustomImage, site_settings: SiteSettings
) -> None:
    ada, bo = make_person(), make_person("Bo")
    blog.add_child(instance=PersonPage(title="Ada", slug="ada", person=ada))
    post = make_post(blog, 1, author=ada, category=make_category(), tags=("sea", "dawn"), featured_image=image)
    post.further_authors.add(PostAuthor(person=bo))
    post.save_revision().publish()
    page = ask(post)
    article = thing(page, "BlogPosting")
    assert article["headline"] == "Post 1"
    assert article["datePublished"] == "2026-01-02"
    assert [(one["name"], one.get("url")) for one in article["author"]] == [
        ("Ada Example", "http://localhost/ada/"),
        ("Bo", None),
    ]
    assert article["articleSection"] == "Technique"
    assert article["keywords"] == ["dawn", "sea"]
    assert article["publisher"]["name"] == "Silver"
    assert article["image"] == [page["seo"]["og"]["image"]["src"]]
    facts = page["seo"]["og"]["article"]
    assert page["seo"]["og"]["type"] == "article"
    assert (facts["author"], facts["section"], facts["tag"]) == (["Ada Example", "Bo"], "Technique", ["dawn", "sea"])
    assert datetime.datetime.fromisoformat(facts["modified_time"]) <= timezone.now()


def test_post_of_today_tells_the_moment(ask: Callable[[Page], dict[str, Any]], blog: BlogIndexPage) -> None:
    post = make_post(blog, 1, date=timezone.localdate())
    post.save_revision().publish()
    post.refresh_from_db()
    told = ask(post)["seo"]["og"]["article"]["published_time"]
    assert datetime.datetime.fromisoformat(told) == post.first_published_at.replace(microsecond=0)


def test_film_is_a_video_object_once_it_can_be_played(
    ask: Callable[[Page], dict[str, Any]], blog: BlogIndexPage, film: Video, develop: Callable[..., None]
) -> None:
    post = make_post(blog, 1, body=[film_block(film), film_block(film)])
    assert "VideoObject" not in kinds(ask(post))
    develop(film)
    page = ask(post)
    assert kinds(page).count("VideoObject") == 1
    video = thing(page, "VideoObject")
    assert video["name"] == "Tide"
    assert video["duration"] == "P0DT00H00M01S"
    assert video["contentUrl"].startswith("http")
    assert video["contentUrl"].endswith(".mp4")
    assert video["thumbnailUrl"][0].endswith(".jpg")
    assert datetime.datetime.fromisoformat(video["uploadDate"]) <= timezone.now()


def test_picture_with_a_licence_is_an_image_object(
    ask: Callable[[Page], dict[str, Any]], blog: BlogIndexPage, image: CustomImage
) -> None:
    plain = make_image("Plain")
    page = ask(make_post(blog, 1, body=[gallery_block(image, plain)]))
    assert kinds(page).count("ImageObject") == 1
    picture = thing(page, "ImageObject")
    assert picture["creditText"] == picture["creator"]["name"] == "Ada"
    assert picture["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert picture["contentUrl"].startswith("http")


def test_licence_without_an_address_is_a_notice(ask: Callable[[Page], dict[str, Any]], blog: BlogIndexPage) -> None:
    image = make_image("Ours", licence="All rights reserved")
    picture = thing(ask(make_post(blog, 1, body=[image_block(image)])), "ImageObject")
    assert picture["copyrightNotice"] == "All rights reserved"
    assert "license" not in picture


def test_event_tells_when_and_where(ask: Callable[[Page], dict[str, Any]], blog: BlogIndexPage) -> None:
    event = blog.add_child(
        instance=EventPage(
            title="Opening",
            slug="opening",
            starts_at=datetime.datetime(2026, 5, 1, 18, tzinfo=datetime.UTC),
            place="Old mill",
            address="River road 1\nSilverton",
            tickets_url="https://tickets.example/",
        )
    )
    page = ask(event)
    told = thing(page, "Event")
    assert told["startDate"] == "2026-05-01T18:00:00+00:00"
    assert told["location"] == {"@type": "Place", "name": "Old mill", "address": "River road 1, Silverton"}
    assert told["offers"]["url"] == "https://tickets.example/"
    assert "endDate" not in told
    assert page["share"]


def test_person_page_is_a_profile(
    ask: Callable[[Page], dict[str, Any]], blog: BlogIndexPage, image: CustomImage
) -> None:
    person = make_person(portrait=image)
    page = ask(blog.add_child(instance=PersonPage(title="Ada", slug="ada", person=person)))
    about = thing(page, "ProfilePage")["mainEntity"]
    assert (about["name"], about["jobTitle"], about["url"]) == ("Ada Example", "Photo editor", "http://localhost/ada/")
    assert about["image"].startswith("http")
    assert page["seo"]["og"]["type"] == "profile"
    assert page["seo"]["description"] == "Ada prints in a cellar."
    assert "share" not in page


def test_gallery_lists_its_pictures(
    ask: Callable[[Page], dict[str, Any]], blog: BlogIndexPage, image: CustomImage
) -> None:
    gallery = GalleryPage(title="Tide", slug="tide", cover=image)
    gallery.body = gallery._meta.get_field("body").stream_block.to_python([gallery_block(image, make_image("Two"))])
    page = ask(blog.add_child(instance=gallery))
    assert len(thing(page, "ImageGallery")["image"]) == 2
    assert page["seo"]["og"]["image"]["alt"] == "Boats"


def test_home_page_is_the_web_site_and_its_hero_is_shared(
    ask: Callable[[Page], dict[str, Any]], blog: BlogIndexPage, image: CustomImage, site_settings: SiteSettings
) -> None:
    home = LandingPage(title="Welcome", slug="welcome")
    hero = {"heading": "Hello", "text": "", "image": image.pk, "video": None, "links": []}
    home.body = home._meta.get_field("body").stream_block.to_python([block("hero", hero)])
    Page.get_first_root_node().add_child(instance=home)
    Site.objects.update(root_page=home)
    page = ask(home)
    assert thing(page, "WebSite")["name"] == "Silver"
    assert thing(page, "WebSite")["alternateName"] == "Light"
    assert page["seo"]["og"]["image"]["alt"] == "Boats"
    assert "BreadcrumbList" not in kinds(page)


def test_share_links_carry_title_and_address(ask: Callable[[Page], dict[str, Any]], blog: BlogIndexPage) -> None:
    links = {one["network"]: one["url"] for one in ask(make_post(blog, 1, title="Salt & light"))["share"]}
    assert list(links) == ["x", "facebook", "linkedin", "mastodon", "bluesky", "threads", "whatsapp", "email"]
    assert links["x"] == "https://x.com/intent/post?text=Salt%20%26%20light&url=http%3A%2F%2Flocalhost%2Fpost-1%2F"
    assert links["email"] == "mailto:?subject=Salt%20%26%20light&body=http%3A%2F%2Flocalhost%2Fpost-1%2F"
    assert links["mastodon"].endswith("#text=Salt%20%26%20light%20http%3A%2F%2Flocalhost%2Fpost-1%2F")


def test_share_links_come_with_a_text_to_paste(ask: Callable[[Page], dict[str, Any]], blog: BlogIndexPage) -> None:
    texts = {one["network"]: one["text"] for one in ask(make_post(blog, 1, title="Salt & light"))["share"]}
    assert texts["bluesky"] == "Salt & light\n\nWhat post 1 is about.\n\nhttp://localhost/post-1/"


def test_draft_that_was_never_saved_tells_what_it_can(client: Client, blog: BlogIndexPage) -> None:
    post = make_post(blog, 1)
    post.title = "<script>alert(1)</script>"
    token = post.create_page_preview().token
    page = client.get(f"/api/v2/page_preview/?content_type=blog.postpage&token={token}").json()
    assert page["seo"]["title"] == "<script>alert(1)</script>"


def test_lists_have_it_when_asked(client: Client, blog: BlogIndexPage) -> None:
    make_post(blog, 1)
    (item,) = client.get("/api/v2/pages/?type=blog.PostPage&fields=seo,breadcrumbs,share").json()["items"]
    assert item["seo"]["title"] == "Post 1"
    assert len(item["breadcrumbs"]) == 2
    assert len(item["share"]) == 8
    (bare,) = client.get("/api/v2/pages/?type=blog.PostPage").json()["items"]
    assert "seo" not in bare


def test_svg_is_nothing_that_networks_show(
    ask: Callable[[Page], dict[str, Any]], blog: BlogIndexPage, develop: Callable[..., None]
) -> None:
    drawing = CustomImage(
        title="Drawing",
        file=ContentFile(b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', name="drawing.svg"),
    )
    drawing.save()
    develop(drawing)
    assert ask(make_post(blog, 1, featured_image=drawing))["seo"]["og"]["image"] is None
