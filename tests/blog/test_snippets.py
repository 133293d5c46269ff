"""People and categories in the admin."""

import pytest
from django.test import Client
from django.urls import reverse

from blog.models import Category, Person
from tests.blog.content import make_category, make_person


@pytest.mark.parametrize("make", [make_person, make_category])
def test_slug_follows_from_the_name(make, db: None) -> None:
    assert make("Black & white").slug == "black-white"


@pytest.mark.parametrize(("model", "make"), [(Person, make_person), (Category, make_category)])
def test_snippets_are_listed_searched_and_edited(model, make, admin_client: Client) -> None:
    one = make("Ada")
    make("Bo")
    listing = reverse(model.snippet_viewset.get_url_name("list"))
    assert "Ada" in admin_client.get(listing).content.decode()
    found = admin_client.get(listing, {"q": "ada"}).content.decode()
    assert "Ada" in found
    # The filter by parent names all categories.
    assert ">Bo<" not in found.replace(">Bo</option>", "")
    assert admin_client.get(reverse(model.snippet_viewset.get_url_name("edit"), args=[one.pk])).status_code == 200


@pytest.mark.parametrize("make", [make_person, make_category])
def test_name_stands_for_the_whole(make, db: None) -> None:
    assert str(make("Ada")) == "Ada"
