from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from cms.media_storages import cookie_domain, media_storages
from tests.storages import Environment

HERE = Path("/srv/darkroom")


def chosen(**values: str) -> tuple[str, dict]:
    return media_storages(Environment(values), HERE)


def test_files_lie_on_disk_by_default():
    kind, described = chosen()

    assert kind == "local"
    assert described["local"]["originals"]["OPTIONS"]["location"] == "/srv/darkroom/originals"


def test_bucket_alone_chooses_s3():
    kind, described = chosen(S3_BUCKET="library", S3_RENDITIONS_BUCKET="public", S3_PREFIX="site/")

    assert kind == "s3"
    assert described["s3"]["originals"]["OPTIONS"]["bucket_name"] == "library"
    assert described["s3"]["originals"]["OPTIONS"]["location"] == "site/originals"
    assert described["s3"]["default"]["OPTIONS"]["bucket_name"] == "public"


def test_library_that_moves_stays_where_it_is_for_now():
    kind, described = chosen(S3_BUCKET="library", MEDIA_STORAGE="local")

    assert kind == "local"
    assert list(described) == ["local", "s3"]


def test_cloudinary_is_chosen_by_its_switch_and_three_values():
    kind, described = chosen(
        USE_CLOUDINARY="true",
        CLOUDINARY_CLOUD_NAME="harbour",
        CLOUDINARY_API_KEY="1",
        CLOUDINARY_API_SECRET="s3cret",
    )

    assert kind == "cloudinary"
    assert "s3cret" not in str(described)


@pytest.mark.parametrize(
    ("values", "hint"),
    [
        ({"MEDIA_STORAGE": "s3"}, "set S3_BUCKET"),
        ({"MEDIA_STORAGE": "ftp"}, "choose one of local, s3, cloudinary"),
        (
            {"USE_CLOUDINARY": "true", "CLOUDINARY_CLOUD_NAME": "harbour"},
            "needs CLOUDINARY_API_KEY, CLOUDINARY_API_SECRET",
        ),
        ({"S3_BUCKET": "library", "S3_RENDITIONS": "secret"}, "write public or signed"),
        (
            {"S3_BUCKET": "library", "S3_RENDITIONS": "signed", "S3_CUSTOM_DOMAIN": "media.example.org"},
            "set CLOUDFRONT_KEY_ID",
        ),
    ],
)
def test_mistake_is_told_with_what_to_do(values, hint):
    with pytest.raises(ImproperlyConfigured, match=hint):
        chosen(**values)


COOKIES = {
    "S3_CUSTOM_DOMAIN": "media.example.org",
    "CLOUDFRONT_KEY_ID": "K2JCJMDEHXQW5F",
    "CLOUDFRONT_COOKIE_DOMAIN": ".example.org",
}


def test_domain_of_cookies_is_one_that_both_hosts_have_in_common():
    assert cookie_domain(Environment(COOKIES), "https://cms.example.org") == "example.org"


@pytest.mark.parametrize(
    ("values", "hint"),
    [
        ({"S3_CUSTOM_DOMAIN": "d111111abcdef8.cloudfront.net"}, "S3_CUSTOM_DOMAIN .* is not below it"),
        ({"CLOUDFRONT_COOKIE_DOMAIN": "cms.example.org"}, "S3_CUSTOM_DOMAIN .* is not below it"),
        ({"CLOUDFRONT_COOKIE_DOMAIN": "media.example.org"}, "BASE_URL .* is not below it"),
        ({"CLOUDFRONT_KEY_ID": ""}, "needs S3_CUSTOM_DOMAIN, CLOUDFRONT_KEY_ID"),
    ],
)
def test_domain_that_no_cookie_would_cross_is_refused(values, hint):
    with pytest.raises(ImproperlyConfigured, match=hint):
        cookie_domain(Environment(COOKIES | values), "https://cms.example.org")
