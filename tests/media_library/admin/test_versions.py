from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from media_library.models import CustomImage
from media_library.replacement import replace_file, versions
from tests.media import film_bytes, photo_bytes, photo_file, transparent_png

pytestmark = pytest.mark.django_db


@pytest.fixture
def versioned(photo, admin_user, develop, django_capture_on_commit_callbacks) -> CustomImage:
    """A picture whose file was replaced once, with what is kept of the former one."""
    develop(photo)
    with django_capture_on_commit_callbacks(execute=True):
        replace_file(photo, ContentFile(transparent_png(), name="quay.png"), admin_user, "Better light")
    photo.refresh_from_db()
    return photo


@pytest.fixture
def only_choosing(client, grant, harbour, versioned):
    """The browser of somebody who may choose the picture, but not change it."""
    CustomImage.objects.filter(pk=versioned.pk).update(collection=harbour)
    client.force_login(grant(harbour, "wagtailimages.choose_image"))
    return client


def url(name: str, asset: CustomImage, *args: int) -> str:
    return reverse(f"media_library_{name}", args=[asset.pk, *args])


def upload(data: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_page_lists_the_versions_with_who_and_why(admin_client, versioned):
    page = admin_client.get(url("versions", versioned)).content.decode()

    assert page.index("quay.png") < page.index("harbour.jpg")
    assert "Better light" in page
    assert "800 × 600" in page
    assert url("version_preview", versioned, 1) in page
    assert url("restore_version", versioned, 1) in page
    assert url("restore_version", versioned, 2) not in page


def test_number_of_queries_does_not_grow_with_the_versions(admin_client, versioned, django_assert_max_num_queries):
    for width in (100, 120, 140):
        replace_file(versioned, photo_file(width=width, height=100))

    with django_assert_max_num_queries(30):
        admin_client.get(url("versions", versioned))


def test_replace_page_names_the_pages_that_change(admin_client, versioned):
    page = admin_client.get(url("replace_file", versioned)).content.decode()

    assert "It is used nowhere yet" in page
    assert 'name="base" value="2"' in page


def test_png_may_take_the_place_of_a_jpeg(admin_client, photo):
    answer = admin_client.post(
        url("replace_file", photo), {"file": upload(transparent_png(), "quay.png"), "note": "New", "base": 1}
    )

    assert answer.url == url("versions", photo)
    photo.refresh_from_db()
    assert photo.mime_type == "image/png"
    assert [one.note for one in versions(photo)] == ["New", ""]


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (lambda folder: film_bytes(folder), "tide.mp4", "film"),
        (lambda folder: b"", "empty.jpg", "empty"),
        (lambda folder: photo_bytes()[:5000], "cut.jpg", "cut off"),
        (lambda folder: photo_bytes(), "same.jpg", "the file that it has already"),
    ],
)
def test_file_that_will_not_do_is_refused_with_a_sentence(admin_client, photo, tmp_path, data, name, sentence):
    answer = admin_client.post(url("replace_file", photo), {"file": upload(data(tmp_path), name), "base": 1})

    assert answer.status_code == 422
    [problem] = answer.context["form"].errors["file"]
    assert problem
    photo.refresh_from_db()
    assert (photo.version, photo.filename) == (1, "harbour.jpg")


def test_second_of_two_editors_is_told_and_both_files_are_kept(admin_client, versioned):
    answer = admin_client.post(
        url("replace_file", versioned),
        {"file": upload(photo_bytes(200, 100), "third.jpg"), "base": 1},
        follow=True,
    )

    told = [str(message).strip() for message in answer.context["messages"]]
    assert "Meanwhile ada had replaced the file, too. That is version 2, and it is kept." in told
    assert [one.filename for one in versions(CustomImage.objects.get(pk=versioned.pk))] == [
        "third.jpg",
        "quay.png",
        "harbour.jpg",
    ]


def test_restoring_asks_first_and_then_brings_the_file_back(admin_client, versioned):
    page = admin_client.get(url("restore_version", versioned, 1)).content.decode()
    assert "Restore version 1" in page

    admin_client.post(url("restore_version", versioned, 1), {"note": "Rights", "base": 2})

    versioned.refresh_from_db()
    assert (versioned.filename, versioned.width) == ("harbour.jpg", 800)
    assert [one.number for one in versions(versioned)] == [3, 2, 1]


@pytest.mark.parametrize("number", [2, 7])
def test_only_former_versions_can_be_restored(admin_client, versioned, number):
    assert admin_client.get(url("restore_version", versioned, number)).status_code == 404


def test_comparison_marks_what_differs(admin_client, versioned):
    answer = admin_client.get(url("compare_versions", versioned), {"left": 1, "right": 2})

    differing = {left.name for left, _right in answer.context["rows"] if left.differs}
    assert {"File name", "Type", "Dimensions"} <= differing
    # At one scale: 800 pixels, and 500.
    left, right = answer.context["sides"]
    assert (left["width"], right["width"]) == ("100%", "62%")


@pytest.mark.parametrize("query", [{"left": "x"}, {"right": "99"}])
def test_comparison_of_what_is_not_there_is_not_found(admin_client, versioned, query):
    assert admin_client.get(url("compare_versions", versioned), query).status_code == 404


def test_one_file_alone_can_not_be_compared(admin_client, photo):
    assert admin_client.get(url("compare_versions", photo)).status_code == 404


def test_preview_and_download_are_handed_out_in_private(admin_client, versioned):
    preview = admin_client.get(url("version_preview", versioned, 1))
    download = admin_client.get(url("version_download", versioned, 1))

    assert preview["Content-Type"] == "image/webp"
    assert "private" in preview["Cache-Control"]
    assert "sandbox" in preview["Content-Security-Policy"]
    assert 'attachment; filename="harbour.jpg"' in download["Content-Disposition"]
    assert BytesIO(b"".join(download.streaming_content)).read() == photo_bytes()


PAGES = [
    ("versions", ()),
    ("replace_file", ()),
    ("compare_versions", ()),
    ("restore_version", (1,)),
    ("version_preview", (1,)),
    ("version_download", (1,)),
]


@pytest.mark.parametrize(("name", "args"), PAGES)
def test_who_may_only_choose_gets_nothing(only_choosing, versioned, name, args):
    answer = only_choosing.get(url(name, versioned, *args))

    assert answer.status_code == 302 and answer.url == reverse("wagtailadmin_home")


@pytest.mark.parametrize(("name", "args"), PAGES)
def test_what_is_in_anothers_folder_is_not_found(editor_client, versioned, name, args):
    assert editor_client.get(url(name, versioned, *args)).status_code == 404


@pytest.mark.parametrize(("name", "args"), PAGES)
def test_strangers_are_sent_to_the_login(client, versioned, name, args):
    assert client.get(url(name, versioned, *args)).url.startswith("/admin/login/")


def test_new_file_on_the_edit_page_is_a_version_by_that_user(admin_client, admin_user, photo):
    form = admin_client.get(reverse("wagtailimages:edit", args=[photo.pk])).context["form"]
    data = {name: form[name].value() or "" for name in form.fields if name not in ("file", "tags")}
    admin_client.post(
        reverse("wagtailimages:edit", args=[photo.pk]), data | {"file": upload(transparent_png(), "quay.png")}
    )

    newest, _former = versions(CustomImage.objects.get(pk=photo.pk))
    assert (newest.filename, newest.created_by) == ("quay.png", admin_user)
