"""Rich text as visitors get it."""

import re
from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.http import HttpRequest
from wagtail.models import Collection, CollectionViewRestriction
from wagtail.rich_text import expand_db_html, extract_references_from_rich_text

from media_library.api.library import serving
from media_library.manifests import in_force
from media_library.models import CustomDocument, CustomImage, CustomRendition
from tests.media import photo_file


def embed(image_id: int | str, alt: str = "Boats", format: str = "left") -> str:
    return f'<embed embedtype="image" id="{image_id}" format="{format}" alt="{alt}"/>'


def attributes(html: str, tag: str) -> dict[str, str]:
    match = re.search(rf"<{tag}\b([^>]*)>", html)
    assert match, html
    return dict(re.findall(r'([\w-]+)="([^"]*)"', match[1]))


@pytest.mark.parametrize(
    ("format", "class_name"),
    [
        ("left", "richtext-image left"),
        ("right", "richtext-image right"),
        ("fullwidth", "richtext-image full-width"),
        ("gone", "richtext-image"),
    ],
)
def test_image_is_a_picture_with_the_class_of_its_format(format: str, class_name: str, photo: CustomImage) -> None:
    assert attributes(expand_db_html(embed(photo.pk, format=format)), "picture")["class"] == class_name


def test_picture_holds_what_lazy_loading_needs(photo: CustomImage, develop: Callable[..., None]) -> None:
    develop(photo)
    html = expand_db_html(embed(photo.pk))
    img = attributes(html, "img")
    assert (img["width"], img["height"], img["loading"], img["alt"]) == ("800", "600", "lazy", "Boats")
    assert img["srcset"].count("w") >= 3
    assert re.findall(r'<source type="([^"]+)"', html) == ["image/avif", "image/webp"]


def test_alt_text_is_escaped(photo: CustomImage) -> None:
    html = expand_db_html(embed(photo.pk, alt="&quot;Boats&quot; &lt;at&gt; dawn"))
    assert 'alt="&quot;Boats&quot; &lt;at&gt; dawn"' in html


def test_decorative_image_has_empty_alt_text(photo: CustomImage) -> None:
    assert attributes(expand_db_html(embed(photo.pk, alt="")), "img")["alt"] == ""


@pytest.mark.parametrize("image_id", ["999999", "x", ""])
def test_image_that_is_gone_leaves_nothing(image_id: str, db: None) -> None:
    assert expand_db_html(f"<p>Before</p>{embed(image_id)}<p>After</p>") == "<p>Before</p><p>After</p>"


def test_many_images_take_as_many_queries_as_one(db: None, django_assert_num_queries: Callable) -> None:
    ids = []
    for number in range(4):
        image = CustomImage(title=f"Image {number}", file=photo_file(width=60, height=40))
        image.save()
        ids.append(image.pk)
    # Which presets there are is read once a minute, for all processes.
    in_force()
    for some in (ids[:1], ids):
        with django_assert_num_queries(2):  # images with tags and renditions, restrictions
            html = expand_db_html("".join(map(embed, some)))
        assert html.count("<picture") == len(some)


def test_nothing_is_rendered(photo: CustomImage) -> None:
    before = CustomRendition.objects.count()
    expand_db_html(embed(photo.pk))
    assert CustomRendition.objects.count() == before


def test_addresses_have_the_host_that_the_response_wants(photo: CustomImage) -> None:
    assert attributes(expand_db_html(embed(photo.pk)), "img")["src"].startswith("/media/")
    with serving(HttpRequest(), base_url="https://cms.example.org"):
        html = expand_db_html(embed(photo.pk))
    assert attributes(html, "img")["src"].startswith("https://cms.example.org/media/")


def test_image_of_a_closed_collection_is_left_out(photo: CustomImage, root_collection: Collection) -> None:
    closed = root_collection.add_child(name="Press")
    CollectionViewRestriction.objects.create(collection=closed, restriction_type=CollectionViewRestriction.LOGIN)
    photo.collection = closed
    photo.save()
    assert expand_db_html(embed(photo.pk)) == ""


def test_link_to_a_document_leads_to_the_serve_view(db: None) -> None:
    document = CustomDocument(title="Prices", file=ContentFile(b"%PDF-1.4", name="prices.pdf"))
    document.save()
    link = f'<a linktype="document" id="{document.pk}">Prices</a>'
    assert expand_db_html(link) == f'<a href="/documents/{document.pk}/prices.pdf">Prices</a>'
    with serving(HttpRequest(), base_url="https://cms.example.org"):
        assert 'href="https://cms.example.org/documents/' in expand_db_html(link)
    assert expand_db_html('<a linktype="document" id="999">x</a>') == "<a>x</a>"


def test_references_are_found_as_before(photo: CustomImage) -> None:
    assert list(extract_references_from_rich_text(embed(photo.pk))) == [(CustomImage, str(photo.pk), "", "")]
