"""The second step of the login: codes as an authenticator app computes them."""

import re
import time
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from blog.models import BlogIndexPage
from cms.models import User
from cms.security.two_factor.devices import make_backup_codes
from tests.blog.content import make_post

pytestmark = pytest.mark.django_db

PASSWORD = "selenium toner"
CODE = "/admin/two-factor/code/"
ACCOUNT = "/admin/account/two-factor/"


@pytest.fixture
def ada() -> User:
    return User.objects.create_superuser("ada", "ada@example.org", PASSWORD)


@pytest.fixture
def phone(ada: User) -> TOTPDevice:
    return TOTPDevice.objects.create(user=ada, name="Phone", confirmed=True)


def code_of(device: TOTPDevice, steps: int = 0) -> str:
    totp = TOTP(device.bin_key)
    totp.time = time.time() + steps * 30
    return f"{totp.token():06}"


def logged_in(name: str = "ada") -> Client:
    """By password alone."""
    client = Client()
    response = client.post("/admin/login/", {"username": name, "password": PASSWORD})
    assert response.status_code == 302
    return client


def give(client: Client, code: str, **more: str) -> Any:
    return client.post(CODE, {"code": code, **more})


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def test_whoever_has_no_device_logs_in_by_password(ada: User):
    assert is_in(logged_in())


def test_device_is_set_up_with_a_code_and_gives_backup_codes_once(ada: User):
    client = logged_in()
    page = client.get(f"{ACCOUNT}new/").content.decode()
    device = TOTPDevice.objects.get()
    picture = client.get(f"{ACCOUNT}new/qr.svg")
    assert picture["Content-Type"] == "image/svg+xml"
    assert "no-store" in picture["Cache-Control"]
    assert b"<svg" in picture.content

    answer = client.post(f"{ACCOUNT}new/", {"name": "Phone", "code": code_of(device), "password": PASSWORD})
    codes = re.findall(r"<code>(\w{4}-\w{4})</code>", answer.content.decode())
    assert len(set(codes)) == 10
    assert is_in(client), "the session that set it up goes on"
    assert "10 codes are left" in client.get(ACCOUNT).content.decode()
    assert codes[0] not in client.get(ACCOUNT).content.decode()
    assert "Phone" in client.get(ACCOUNT).content.decode()
    assert device.key not in page


def test_device_is_not_set_up_without_password_or_with_a_wrong_code(ada: User):
    client = logged_in()
    client.get(f"{ACCOUNT}new/")
    device = TOTPDevice.objects.get()
    sent = {"name": "Phone", "code": code_of(device), "password": PASSWORD}
    for wrong in ({"password": "guess"}, {"code": f"{(int(sent['code']) + 1) % 10**6:06}"}):
        assert client.post(f"{ACCOUNT}new/", sent | wrong).status_code == 200
        assert not TOTPDevice.objects.filter(confirmed=True).exists()


def test_password_alone_opens_nothing_where_there_is_a_device(phone: TOTPDevice):
    client = logged_in()
    for url in ("/admin/", "/admin/pages/", ACCOUNT, f"{ACCOUNT}new/", "/admin/account/"):
        response = client.get(url)
        assert response.status_code == 302, url
        assert response["Location"].startswith(CODE)
    scripted = client.get("/admin/media/status/", headers={"x-requested-with": "XMLHttpRequest"})
    assert scripted.status_code == 403


def test_code_opens_the_admin_and_leads_to_where_one_wanted_to_go(phone: TOTPDevice):
    client = logged_in()
    before = client.session.session_key
    response = give(client, code_of(phone), next="/admin/pages/")
    assert response["Location"] == "/admin/pages/"
    assert is_in(client)
    assert client.session.session_key != before


def test_code_leads_to_no_other_site(phone: TOTPDevice):
    assert give(logged_in(), code_of(phone), next="https://evil.example/")["Location"] == "/admin/"


def test_code_is_good_once(phone: TOTPDevice):
    code = code_of(phone)
    assert give(logged_in(), code).status_code == 302
    second = logged_in()
    assert give(second, code).status_code == 200
    assert not is_in(second)


def test_wrong_codes_make_the_next_wait_even_if_it_is_right(phone: TOTPDevice):
    client = logged_in()
    for number in range(3):
        TOTPDevice.objects.update(throttling_failure_timestamp=None)
        give(client, f"{(int(code_of(phone)) + 7 + number) % 10**6:06}")
    answer = give(client, code_of(phone))
    assert "the next is looked at in" in answer.content.decode()
    assert not is_in(client)


def test_backup_code_opens_once(ada: User, phone: TOTPDevice):
    code = make_backup_codes(ada)[0]
    client, second = logged_in(), logged_in()
    give(client, f" {code.upper()} ")
    assert is_in(client)
    give(second, code)
    assert not is_in(second)
    assert StaticToken.objects.count() == 9


def test_code_of_somebody_else_opens_nothing(phone: TOTPDevice):
    eve = User.objects.create_superuser("eve", "eve@example.org", PASSWORD)
    hers = TOTPDevice.objects.create(user=eve, name="Hers", confirmed=True)
    client = logged_in()
    give(client, code_of(hers))
    assert not is_in(client)


def test_half_a_login_is_nobody_outside_of_the_admin(blog: BlogIndexPage, phone: TOTPDevice):
    post = make_post(blog)
    client = logged_in()
    assert client.get(f"/userbar/?page={post.pk}").status_code == 204
    give(client, code_of(phone))
    assert client.get(f"/userbar/?page={post.pk}").status_code == 200


def test_required_means_that_a_device_comes_before_all_else(ada: User, settings: Any):
    settings.TWO_FACTOR = "required"
    client = logged_in()
    assert client.get("/admin/")["Location"].startswith(f"{ACCOUNT}new/")
    client.get(f"{ACCOUNT}new/")
    device = TOTPDevice.objects.get()
    client.post(f"{ACCOUNT}new/", {"name": "Phone", "code": code_of(device), "password": PASSWORD})
    assert is_in(client)


def test_required_of_a_group_is_asked_of_its_members_only(settings: Any):
    settings.TWO_FACTOR_GROUPS = ["Editor"]
    for name, group in (("edda", "Editor"), ("wim", "Writer")):
        User.objects.create_user(name, password=PASSWORD).groups.add(Group.objects.get(name=group))
    assert not is_in(logged_in("edda"))
    assert is_in(logged_in("wim"))


def test_off_asks_nobody_for_a_code(phone: TOTPDevice, settings: Any):
    settings.TWO_FACTOR = "off"
    assert is_in(logged_in())


def test_last_device_is_removed_with_the_password_and_takes_the_codes_along(ada: User, phone: TOTPDevice):
    make_backup_codes(ada)
    client = logged_in()
    give(client, code_of(phone))
    client.post(f"{ACCOUNT}{phone.pk}/remove/", {"password": "guess"})
    assert TOTPDevice.objects.exists()
    client.post(f"{ACCOUNT}{phone.pk}/remove/", {"password": PASSWORD})
    assert not TOTPDevice.objects.exists()
    assert not StaticToken.objects.exists()
    assert is_in(client)


def test_admin_resets_the_device_of_who_has_lost_it_but_not_of_a_superuser(ada: User):
    admin = User.objects.create_user("max", password=PASSWORD)
    admin.groups.add(Group.objects.get(name="Admin"))
    wim = User.objects.create_user("wim", password=PASSWORD)
    wim.groups.add(Group.objects.get(name="Writer"))
    for user in (ada, wim):
        TOTPDevice.objects.create(user=user, name="Lost", confirmed=True)
    client, writer = logged_in("max"), logged_in("wim")

    assert client.post(f"/admin/users/{wim.pk}/two-factor/reset/", {"password": PASSWORD}).status_code == 302
    assert is_in(writer)
    assert client.post(f"/admin/users/{ada.pk}/two-factor/reset/", {"password": PASSWORD}).status_code in (302, 403)
    assert writer.post(f"/admin/users/{admin.pk}/two-factor/reset/", {"password": PASSWORD}).status_code in (302, 403)
    assert TOTPDevice.objects.get().user == ada


def test_operator_resets_a_device(phone: TOTPDevice):
    call_command("reset_two_factor", "ada")
    assert is_in(logged_in())
