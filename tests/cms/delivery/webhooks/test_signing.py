"""Receivers check signatures with what docs/webhooks.md gives them, and that is run here."""

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cms.delivery.webhooks.signing import headers, new_secret, sign

DOCS = Path(__file__).parents[4] / "docs" / "webhooks.md"
BODY = '{"event":"page.published","subject":{"title":"Häfen ⚓"}}'.encode()


def documented(language: str) -> str:
    return re.findall(rf"```{language}\n(.*?)```", DOCS.read_text(), re.DOTALL)[0]


def run_python(secret: str, sent: dict[str, str], body: bytes) -> bool:
    program = f"""{documented("python")}
import sys
sys.exit(0 if verify({secret!r}, {sent!r}, {body!r}) else 1)
"""
    return subprocess.run([sys.executable, "-c", program], timeout=120).returncode == 0


def run_javascript(secret: str, sent: dict[str, str], body: bytes) -> bool:
    program = f"""{documented("js")}
const ok = verify({secret!r}, {sent!r}, Buffer.from({body.hex()!r}, "hex"));
process.exit(ok ? 0 : 1);
"""
    command = ["node", "--input-type=module", "-e", program]
    return subprocess.run(command, timeout=120).returncode == 0


verified = pytest.mark.parametrize("verify", [run_python, run_javascript], ids=["Python", "JavaScript"])


def test_signature_is_that_of_the_specification():
    # The example of https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md and of
    # the libraries of Svix, who wrote it.
    assert (
        sign(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1614265330,
            b'{"test": 2432232314}',
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        )
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


@verified
def test_documented_check_takes_what_is_sent(verify):
    secret = new_secret()
    assert verify(secret, headers("one", int(time.time()), BODY, [secret]), BODY)


@verified
def test_documented_check_takes_a_message_that_two_secrets_have_signed(verify):
    former, secret = new_secret(), new_secret()
    assert verify(former, headers("one", int(time.time()), BODY, [secret, former]), BODY)


@verified
def test_documented_check_refuses_what_was_changed_on_the_way(verify):
    secret = new_secret()
    sent = headers("one", int(time.time()), BODY, [secret])
    assert not verify(secret, sent, BODY + b" ")


@verified
def test_documented_check_refuses_what_is_old(verify):
    secret = new_secret()
    assert not verify(secret, headers("one", int(time.time()) - 3600, BODY, [secret]), BODY)


@verified
def test_documented_check_refuses_what_others_have_signed(verify):
    assert not verify(new_secret(), headers("one", int(time.time()), BODY, [new_secret()]), BODY)
