"""What is the same on all pages of a site: its name, its menus, its languages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from wagtail.models import PageViewRestriction, Site

from blog.models import BlogIndexPage, Menus, PostPage, SiteSettings
from tests.api.test_queries import queries
from tests.blog.content import block, make_image, make_post

SITE = "/api/v2/site/"


def entry(page: Any = None, label: str = "", url: str = "", children: tuple = ()) -> dict[str, Any]:
    """An entry of a menu, as an editor's form would save it."""
    return block("item", {"link": link(page, label, url), "children": list(children)})


def link(page: Any = None, label: str = "", url: str = "") -> dict[str, Any]:
    return {"page": page.pk if page else None, "label": label, "url": url}


def write_menu(*entries: dict[str, Any], name: str = "main", site: Site | None = None) -> Menus:
    menus = Menus.for_site(site or Site.objects.get(is_default_site=True))
    setattr(menus, name, Menus._meta.get_field(name).stream_block.to_python(list(entries)))
    menus.save()
    return menus


def write_settings(site: Site | None = None, **values: Any) -> SiteSettings:
    found = SiteSettings.for_site(site or Site.objects.get(is_default_site=True))
    for name, value in values.items():
        setattr(found, name, value)
    found.save()
    return found


@pytest.fixture
def post(blog: BlogIndexPage) -> PostPage:
    return make_post(blog, 1)


@pytest.fixture
def main_menu(client: Client) -> Callable[[], list[dict[str, Any]]]:
    return lambda: client.get(SITE).json()["menus"]["main"]


@pytest.mark.parametrize("end", ["", "/", "?format=json", "/?format=json"])
def test_site_is_answered_with_and_without_trailing_slash(end: str, client: Client, blog: BlogIndexPage) -> None:
    assert client.get(f"/api/v2/site{end}").status_code == 200


def test_site_without_settings_is_answered_and_nothing_is_written(client: Client, blog: BlogIndexPage) -> None:
    shown = client.get(SITE).json()
    assert shown["name"] == "Silver & Salt"
    assert shown["root"] == {"id": blog.pk, "title": "Silver & Salt", "url": "http://localhost/"}
    assert (shown["logo"], shown["links"], shown["menus"]) == (None, [], {"main": [], "footer": []})
    assert not SiteSettings.objects.exists()
    assert not Menus.objects.exists()


def test_site_says_what_its_settings_say(client: Client, blog: BlogIndexPage) -> None:
    Site.objects.update(site_name="Harbour Press")
    logo = make_image("Logo")
    links = [block("link", {"label": "Mastodon", "url": "https://example.org/@harbour"})]
    write_settings(tagline="Since 1892", logo=logo, x_handle="@harbour", links=links)
    shown = client.get(SITE).json()
    assert (shown["name"], shown["tagline"], shown["x_handle"]) == ("Harbour Press", "Since 1892", "@harbour")
    assert shown["logo"] == client.get(f"/api/v2/images/{logo.pk}/").json()
    assert shown["links"] == [{"label": "Mastodon", "url": "https://example.org/@harbour"}]


def test_menu_leads_to_pages_and_elsewhere(
    main_menu: Callable[[], list[dict[str, Any]]], post: PostPage, blog: BlogIndexPage
) -> None:
    children = (link(post), link(label="Print shop", url="https://example.org/"))
    write_menu(entry(blog, label="Journal", children=children))
    assert main_menu() == [
        {
            "label": "Journal",
            "url": "/",
            "page": blog.pk,
            "children": [
                {"label": "Post 1", "url": "/post-1/", "page": post.pk},
                {"label": "Print shop", "url": "https://example.org/", "page": None},
            ],
        }
    ]


def test_menu_leads_to_the_front_end(
    main_menu: Callable[[], list[dict[str, Any]]], post: PostPage, settings: Settings
) -> None:
    settings.FRONTEND_URL = "https://www.example.org"
    write_menu(entry(post))
    assert main_menu()[0]["url"] == "https://www.example.org/post-1/"


def test_menu_leaves_out_drafts_pages_that_are_gone_and_closed_ones_with_what_is_below(
    main_menu: Callable[[], list[dict[str, Any]]], blog: BlogIndexPage, post: PostPage
) -> None:
    draft, gone, closed = (make_post(blog, number) for number in (2, 3, 4))
    section = blog.add_child(instance=BlogIndexPage(title="Members", slug="members"))
    below = make_post(section, 5)
    for page in (closed, section):
        PageViewRestriction.objects.create(page=page, restriction_type="login")
    write_menu(
        *(entry(page) for page in (draft, gone, closed, below)), entry(post, children=(link(draft), link(closed)))
    )
    draft.unpublish()
    BlogIndexPage.objects.get(pk=blog.pk).get_children().get(pk=gone.pk).delete()
    (shown,) = main_menu()
    assert (shown["page"], shown["children"]) == (post.pk, [])


def test_who_may_see_a_closed_page_sees_it_in_the_menu(admin_client: Client, post: PostPage) -> None:
    PageViewRestriction.objects.create(page=post, restriction_type="login")
    write_menu(entry(post))
    assert admin_client.get(SITE).json()["menus"]["main"][0]["page"] == post.pk


def test_closed_root_is_not_shown(client: Client, blog: BlogIndexPage) -> None:
    PageViewRestriction.objects.create(page=blog, restriction_type="login")
    shown = client.get(SITE).json()
    assert (shown["root"], shown["locales"], shown["name"]) == (None, [], "")


def test_site_is_chosen_by_host_and_port(client: Client, blog: BlogIndexPage) -> None:
    other = blog.get_parent().add_child(instance=BlogIndexPage(title="Other", slug="other"))
    site = Site.objects.create(hostname="other.example.org", port=8001, root_page=other)
    write_settings(site, tagline="The other one", frontend_url="https://other.example.org/")
    assert client.get(SITE).json()["root"]["id"] == blog.pk
    for name in ("other.example.org", "other.example.org:8001"):
        shown = client.get(SITE, {"site": name}).json()
        assert (shown["root"]["id"], shown["tagline"]) == (other.pk, "The other one")
        assert shown["frontend_url"] == "https://other.example.org"
        assert shown["root"]["url"] == "https://other.example.org/"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("site=nowhere.example.org", 404),
        ("site=localhost:x", 400),
        ("site=localhost:99999999999999999999", 404),
        ("locale=xx", 404),
        ("tagline=x", 400),
        ("fields=nothing", 400),
    ],
)
def test_what_is_asked_wrongly_is_refused_with_a_message(
    query: str, status: int, client: Client, blog: BlogIndexPage
) -> None:
    response = client.get(f"{SITE}?{query}")
    assert (response.status_code, bool(response.json()["message"])) == (status, True)


def test_fields_can_be_narrowed(client: Client, blog: BlogIndexPage) -> None:
    assert set(client.get(f"{SITE}?fields=_,name,menus").json()) == {"name", "menus"}


def test_site_takes_the_same_queries_for_few_and_for_many_entries(client: Client, blog: BlogIndexPage) -> None:
    posts = [make_post(blog, number) for number in range(12)]
    write_menu(entry(posts[0], children=(link(posts[1]),)))
    few = queries(client, SITE)
    write_menu(*(entry(post, children=tuple(link(one) for one in posts)) for post in posts))
    many = queries(client, SITE)
    assert len(client.get(SITE).json()["menus"]["main"]) == 12
    assert len(many) == len(few), "\n".join(many)
