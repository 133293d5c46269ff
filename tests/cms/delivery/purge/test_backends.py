"""Each CDN is asked as its public description says; what it answers otherwise is told as a failure.

The servers here are written from those descriptions (addresses in cms/delivery/purge/backends.py), no more.
"""

import json
import threading
from datetime import timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from cms.delivery.purge.backends import Cloudflare, CloudFront, Fastly, HTTPCache, PurgeFailed, Varnish
from tests.cms.delivery.servers import Asked, Receiver, Told, receiving

URL = "https://example.org/api/v2/pages/7/?fields=*"


def answer(status: int = 200, **content: Any) -> Told:
    return Told(status, json.dumps(content).encode(), {"Content-Type": "application/json"})


@pytest.fixture
def cloudflare(receiver: Receiver) -> Cloudflare:
    receiver.answers = [
        answer(success=True, errors=[], messages=[], result={"id": "023e105f4ecef8ad9ca31a8372d0c353"})
    ]
    return Cloudflare({"ZONEID": "zone1", "BEARER_TOKEN": "t0ken", "API": receiver.url})


@pytest.fixture
def fastly(receiver: Receiver) -> Fastly:
    def purge(asked: Asked) -> Told:
        if asked.path == "/service/svc1/purge":
            return answer(**dict.fromkeys(asked.json["surrogate_keys"], "108-1391560174-974124"))
        return Told(200, b'{"status": "ok", "id": "108-1391560174-974125"}')

    receiver.answers = [purge]
    return Fastly({"SERVICE_ID": "svc1", "TOKEN": "t0ken", "API": receiver.url})


def test_cloudflare_is_asked_by_tag(cloudflare: Cloudflare, receiver: Receiver):
    cloudflare.purge_tags(["page-7", "image-12"])
    (asked,) = receiver.asked
    assert (asked.method, asked.path) == ("POST", "/client/v4/zones/zone1/purge_cache")
    assert asked.headers["authorization"] == "Bearer t0ken"
    assert asked.json == {"tags": ["page-7", "image-12"]}


def test_cloudflare_is_asked_by_url_thirty_at_a_time(cloudflare: Cloudflare, receiver: Receiver):
    cloudflare.purge_batch([f"https://example.org/{number}/" for number in range(31)])
    assert [len(asked.json["files"]) for asked in receiver.asked] == [30, 1]


def test_cloudflare_that_refuses_is_a_failure(cloudflare: Cloudflare, receiver: Receiver):
    receiver.answers = [answer(success=False, errors=[{"code": 1012, "message": "Request must contain one of ..."}])]
    with pytest.raises(PurgeFailed, match="must contain one of"):
        cloudflare.purge_tags(["page-7"])


def test_fastly_is_asked_by_surrogate_key(fastly: Fastly, receiver: Receiver):
    fastly.purge_tags(["page-7", "image-12"])
    (asked,) = receiver.asked
    assert (asked.method, asked.path) == ("POST", "/service/svc1/purge")
    assert asked.headers["fastly-key"] == "t0ken"
    assert asked.json == {"surrogate_keys": ["page-7", "image-12"]}


def test_fastly_is_asked_by_url(fastly: Fastly, receiver: Receiver):
    fastly.purge_batch([URL])
    assert receiver.asked[0].path == "/purge/example.org/api/v2/pages/7/?fields=*"


def test_fastly_that_leaves_out_a_key_is_a_failure(fastly: Fastly, receiver: Receiver):
    receiver.answers = [answer(**{"page-7": "1-2-3"})]
    with pytest.raises(PurgeFailed, match="did not confirm"):
        fastly.purge_tags(["page-7", "image-12"])


def test_every_varnish_is_asked_by_tag(receiver: Receiver):
    with receiving() as second:
        Varnish({"LOCATIONS": [receiver.url, second.url + "/"]}).purge_tags(["page-7", "image-12"])
        for one in (receiver, second):
            assert [(asked.method, asked.headers["xkey"]) for asked in one.asked] == [("PURGE", "page-7 image-12")]


def test_cache_is_asked_by_url_with_the_host_of_the_url(receiver: Receiver):
    receiver.answers = [Told(404), Told(200)]
    HTTPCache({"LOCATIONS": [receiver.url]}).purge_batch([URL, "https://example.org"])
    assert [(asked.method, asked.path, asked.headers["host"]) for asked in receiver.asked] == [
        ("PURGE", "/api/v2/pages/7/?fields=*", "example.org"),
        ("PURGE", "/", "example.org"),
    ]


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


@pytest.fixture
def distribution(aws: None):
    with mock_aws():
        ports = {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}
        origin = {"Id": "o", "DomainName": "origin.example.org", "CustomOriginConfig": ports}
        behaviour = {
            "TargetOriginId": "o",
            "ViewerProtocolPolicy": "allow-all",
            "ForwardedValues": {"QueryString": True, "Cookies": {"Forward": "none"}},
            "MinTTL": 0,
        }
        made = boto3.client("cloudfront").create_distribution(
            DistributionConfig={
                "CallerReference": "test",
                "Comment": "",
                "Enabled": True,
                "Origins": {"Quantity": 1, "Items": [origin]},
                "DefaultCacheBehavior": behaviour,
            }
        )
        yield made["Distribution"]["Id"]


def test_cloudfront_invalidates_paths(distribution: str):
    CloudFront({"DISTRIBUTION_ID": distribution}).purge_batch([URL, "https://example.org"])
    client = boto3.client("cloudfront")
    (summary,) = client.list_invalidations(DistributionId=distribution)["InvalidationList"]["Items"]
    made = client.get_invalidation(DistributionId=distribution, Id=summary["Id"])["Invalidation"]
    assert made["InvalidationBatch"]["Paths"]["Items"] == ["/", "/api/v2/pages/7/?fields=*"]


def test_cloudfront_that_knows_no_such_distribution_is_a_failure(distribution: str):
    with pytest.raises(PurgeFailed, match="NoSuchDistribution"):
        CloudFront({"DISTRIBUTION_ID": "another"}).purge_batch([URL])


def test_cloudfront_that_is_down_is_a_failure(aws: None, receiver: Receiver, monkeypatch: pytest.MonkeyPatch):
    receiver.stop()
    monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDFRONT", receiver.url)
    with pytest.raises(PurgeFailed, match="CloudFront"):
        CloudFront({"DISTRIBUTION_ID": "one"}).purge_batch([URL])


def test_cloudfront_that_talks_nonsense_is_a_failure(aws: None, receiver: Receiver, monkeypatch: pytest.MonkeyPatch):
    receiver.answers = [Told(200, b"<nonsense")]
    monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDFRONT", receiver.url)
    with pytest.raises(PurgeFailed, match="CloudFront"):
        CloudFront({"DISTRIBUTION_ID": "one"}).purge_batch([URL])


@pytest.mark.parametrize("told", [Told(200, b"<html>"), Told(200, b"null"), Told(200, b"[]"), Told(302), Told(500)])
@pytest.mark.parametrize("name", ["cloudflare", "fastly"])
def test_nonsense_is_a_failure(name: str, told: Told, receiver: Receiver, request: pytest.FixtureRequest):
    backend = request.getfixturevalue(name)
    receiver.answers = [told]
    with pytest.raises(PurgeFailed):
        backend.purge_tags(["page-7"])


@pytest.mark.parametrize("name", ["cloudflare", "fastly"])
def test_server_that_is_down_is_a_failure_that_tells_no_secret(
    name: str, receiver: Receiver, request: pytest.FixtureRequest
):
    backend = request.getfixturevalue(name)
    receiver.stop()
    with pytest.raises(PurgeFailed, match="can't be reached") as problem:
        backend.purge_tags(["page-7"])
    assert "t0ken" not in str(problem.value)


def test_slow_server_is_a_failure(cloudflare: Cloudflare, receiver: Receiver, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("cms.delivery.purge.backends.READ_SECONDS", 0.2)
    enough = threading.Event()
    receiver.answers = [Told(wait=enough)]
    with pytest.raises(PurgeFailed, match="ReadTimeout"):
        cloudflare.purge_tags(["page-7"])
    enough.set()


def test_cdn_that_wants_to_be_left_alone_says_for_how_long(cloudflare: Cloudflare, receiver: Receiver):
    receiver.answers = [Told(429, b"slow down", {"Retry-After": "90"})]
    with pytest.raises(PurgeFailed) as problem:
        cloudflare.purge_tags(["page-7"])
    assert problem.value.wait == timedelta(seconds=90)
