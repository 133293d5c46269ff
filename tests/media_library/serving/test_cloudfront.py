"""Files of private collections behind CloudFront: signed addresses and cookies, against what its guide describes."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.models import CollectionViewRestriction

from cms.media_storages import s3
from media_library.cache_tags import collect
from media_library.models.files import public_storage
from media_library.serving import private_address
from tests.cloudfront_server import Refused, distribution
from tests.storages import Environment, use_storages

pytestmark = pytest.mark.django_db

SECONDS = 60 * 60


@pytest.fixture
def cloudfront(s3_server, s3_environment, monkeypatch, settings):
    """A distribution that asks for signatures, in front of the bucket of the library."""
    made = distribution("media.example.org", s3_environment["S3_BUCKET"], s3_server.client())
    environment = s3_environment | made.environment() | {"S3_RENDITIONS": "signed", "S3_PREFIX": "site"}
    settings.AWS_CLOUDFRONT_KEY_ID, settings.AWS_CLOUDFRONT_KEY = made.key_id, made.pem().encode()
    settings.CLOUDFRONT_COOKIE_DOMAIN = "example.org"
    use_storages(monkeypatch, settings, s3(Environment(environment)))
    return made


@pytest.fixture
def board(root_collection):
    collection = root_collection.add_child(name="Board")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    return collection


@pytest.fixture
def name(cloudfront, photo, board) -> str:
    """The name of a file of an asset in a private collection."""
    photo.collection = board
    photo.save()
    return public_storage().save(f"{photo.pk}/1/a-0123456789ab.avif", ContentFile(b"picture"))


def plain(name: str) -> str:
    return f"https://media.example.org/site/media/{name}"


def test_signed_address_gives_the_file(cloudfront, name):
    assert cloudfront.get(public_storage().url(name)) == b"picture"


def test_plain_address_gives_nothing(cloudfront, name):
    with pytest.raises(Refused, match="MissingKey"):
        cloudfront.get(plain(name))


def test_signed_address_ends(cloudfront, name):
    url = public_storage().url(name)
    cloudfront.ahead = SECONDS + 1

    with pytest.raises(Refused, match="expired"):
        cloudfront.get(url)


def test_end_of_a_signed_address_cannot_be_put_off(cloudfront, name):
    url = public_storage().url(name)
    expires = parse_qs(urlsplit(url).query)["Expires"][0]

    with pytest.raises(Refused, match="signature"):
        cloudfront.get(url.replace(expires, str(int(expires) + 1)))


def test_signature_is_good_for_no_other_file(cloudfront, name):
    public_storage().save("9/1/b.avif", ContentFile(b"another"))

    with pytest.raises(Refused, match="signature"):
        cloudfront.get(public_storage().url(name).replace(name, "9/1/b.avif"))


def test_signed_address_stays_the_same_for_half_its_life(name, monkeypatch):
    began = 1_800_000_000 // SECONDS * SECONDS
    urls = []
    for later in (0, SECONDS // 2 - 1, SECONDS // 2):
        monkeypatch.setattr("media_library.storage.s3.time.time", lambda later=later: began + later)
        urls.append(public_storage().url(name))

    assert urls[0] == urls[1] != urls[2]


def test_answer_is_kept_no_longer_than_a_quarter_of_the_life_of_addresses_in_it(name):
    with collect() as collected:
        public_storage().url(name)

    left = (collected.until - timezone.now()).total_seconds()
    assert left == pytest.approx(SECONDS / 4, abs=5)


def test_address_of_ours_leads_to_one_that_ends_with_it(client, cloudfront, name, photo):
    answer = client.get(private_address(photo.pk) + name)

    assert cloudfront.get(answer["Location"]) == b"picture"
    cloudfront.ahead = SECONDS + 1
    with pytest.raises(Refused, match="expired"):
        cloudfront.get(answer["Location"])


@pytest.fixture
def given(admin_client, name, photo):
    """The answer with cookies to somebody who may see the collection."""
    return admin_client.get(f"/files/cookies/{photo.pk}/")


def test_cookies_give_every_file_of_the_asset(given, cloudfront, name, photo):
    public_storage().save(f"{photo.pk}/1/b.m4s", ContentFile(b"piece"))

    assert given.json()["url"] == plain(f"{photo.pk}/")
    assert cloudfront.get(plain(name), given.cookies) == b"picture"
    assert cloudfront.get(given.json()["url"] + "1/b.m4s", given.cookies) == b"piece"


def test_cookies_give_no_file_of_another_asset(given, cloudfront, photo):
    public_storage().save(f"{photo.pk}0/1/b.avif", ContentFile(b"another"))
    url = plain(f"{photo.pk}0/1/b.avif")

    with pytest.raises(Refused, match="MissingKey"):
        cloudfront.get(url, given.cookies)
    for cookie in given.cookies.values():
        cookie["path"] = "/"
    with pytest.raises(Refused, match="resource"):
        cloudfront.get(url, given.cookies)


def test_cookies_end(given, cloudfront, name):
    cloudfront.ahead = SECONDS + 1

    with pytest.raises(Refused, match="expired"):
        cloudfront.get(plain(name), given.cookies)


def test_cookies_are_kept_from_scripts_other_paths_and_caches(given, photo):
    assert set(given.cookies) == {"CloudFront-Policy", "CloudFront-Signature", "CloudFront-Key-Pair-Id"}
    for cookie in given.cookies.values():
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
        assert (cookie["domain"], cookie["path"]) == ("example.org", f"/site/media/{photo.pk}/")
        assert cookie["max-age"] == SECONDS
    assert given["Cache-Control"] == "private, no-store"


def test_nobody_gets_cookies_who_may_not_see_the_collection(client, name, photo):
    answer = client.get(f"/files/cookies/{photo.pk}/")

    assert (answer.status_code, dict(answer.cookies)) == (404, {})


def test_visitor_who_has_given_the_password_gets_cookies(client, name, photo, board):
    restriction = CollectionViewRestriction.objects.get()
    restriction.restriction_type, restriction.password = "password", "swordfish"
    restriction.save()
    url = f"/files/cookies/{photo.pk}/"
    assert client.get(url).status_code == 404

    session = client.session
    session[restriction.passed_view_restrictions_session_key] = [restriction.pk]
    session.save()

    assert client.get(url).status_code == 200


@pytest.mark.parametrize("asset_id", [10**6, 10**30])
def test_there_are_no_cookies_for_what_is_not_there(admin_client, cloudfront, asset_id):
    assert admin_client.get(f"/files/cookies/{asset_id}/").status_code == 404


def test_there_are_no_cookies_without_a_domain_in_common(admin_client, settings, name, photo):
    settings.CLOUDFRONT_COOKIE_DOMAIN = ""

    assert admin_client.get(f"/files/cookies/{photo.pk}/").status_code == 404
