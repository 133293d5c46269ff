"""What operators read when a variable makes no sense. Settings are executed anew, as each process does."""

import os
import re
import runpy
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from cms.environment import Environment
from cms.settings.base import env
from tests.processes import ROOT


@pytest.fixture
def read(tmp_path, monkeypatch):
    """Execute a module of settings under an environment, and return what it sets."""

    def load(module: str = "base", **variables: str) -> dict:
        for name in env.names - set(variables):
            monkeypatch.delenv(name, raising=False)
        for name, value in ({"DATA_DIR": str(tmp_path / "data")} | variables).items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "cms" / "settings" / f"{module}.py"))

    return load


@pytest.fixture
def environment(monkeypatch):
    """An environment of these variables only."""

    def make(**variables: str) -> Environment:
        made = Environment()
        monkeypatch.setattr(made, "ENVIRON", variables)
        return made

    return make


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PORT", "eight", "PORT is 'eight'. Expected is a whole number"),
        ("PORT", "80000", "from 1 to 65535"),
        ("BASE_URL", "cms.example.org", "a URL such as http://example.org"),
        ("DATABASE_URL", "nonsense", "postgres://user:password@host:5432/name"),
        ("DATABASE_URL", "mysql://me@host/name", "postgres://"),
        ("DATABASE_URL", "postgres://host:5432", "postgres://"),
        ("DATABASE_URL", "postgres://me@host:many/name", "postgres://"),
        ("REDIS_URL", "localhost:6379", "REDIS_URL is 'localhost:6379'. Expected is a URL such as redis://"),
        ("EMAIL_URL", "pigeon://roof", "EMAIL_URL is 'pigeon://roof'"),
        ("TIME_ZONE", "Europe/Berlim", "a time zone such as Europe/Berlin"),
        ("LOG_LEVEL", "loud", "one of DEBUG, INFO"),
        ("LANGUAGES", "en,klingon", "klingon"),
        ("DATA_DIR", "/dev/null/data", "DATA_DIR name a folder that this user may write to"),
        ("IMAGE_POLISHING", "flase", "IMAGE_POLISHING is 'flase'. Expected is true or false"),
        ("API_REQUESTS_PER_MINUTE", "-1", "0 or more"),
        ("STORAGE_PRICE_PER_GB", "cheap", "a number"),
    ],
)
def test_nonsense_is_told_by_name_with_what_is_expected(read, name, value, told):
    with pytest.raises(ImproperlyConfigured) as raised:
        read(**{name: value})

    assert name in str(raised.value)
    assert told in str(raised.value)


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ({"BASE_URL": "https://cms.example.org"}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "x" * 50}, "Neither BASE_URL nor ALLOWED_HOSTS is set"),
    ],
)
def test_production_wants_a_key_and_a_host(read, missing, told):
    with pytest.raises(ImproperlyConfigured, match=told):
        read("production", **missing)


def test_server_answers_to_the_host_of_its_address(read):
    assert "cms.example.org" in read(BASE_URL="https://cms.example.org/")["ALLOWED_HOSTS"]
    assert read(BASE_URL="https://cms.example.org/", ALLOWED_HOSTS="other.org")["ALLOWED_HOSTS"] == ["other.org"]


def test_variable_set_to_nothing_is_not_set(read):
    found = read(PORT="", REDIS_URL="", TIME_ZONE="", CORS_ALLOWED_ORIGINS="")

    assert (found["PORT"], found["REDIS_URL"], found["TIME_ZONE"]) == (8000, "", "UTC")
    assert found["CORS_ALLOW_ALL_ORIGINS"] is True


def test_message_holds_no_secret(environment):
    env = environment(
        DATABASE_URL="mysql://me:hunter@2/hunter2@host/name", SECRET_KEY="hunter2", SENTRY_DSN="https://hunter2@host/1"
    )
    with pytest.raises(Exception, match="DATABASE_URL is 'mysql://…@host/name'") as raised:
        env.database("DATABASE_URL", default="")

    assert "hunter2" not in str(raised.value)
    assert "hunter2" not in env.shown("SECRET_KEY") + env.shown("SENTRY_DSN")


def test_key_that_begins_with_a_dollar_is_taken_as_it_is(environment):
    assert environment(SECRET_KEY="$ecret").str("SECRET_KEY") == "$ecret"


def test_misspelt_variables_are_found_and_those_of_others_are_not(environment):
    env = environment(MEDIA_TRASH_DAY="3", MEDIA_PARTY="1", DATABASE_ULR="sqlite:///x", HOME="/root", PATH="/bin")
    for name in ("MEDIA_TRASH_DAYS", "DATABASE_URL", "PORT"):
        env.str(name, default="")

    assert env.misspelt() == {
        "DATABASE_ULR": "DATABASE_URL",
        "MEDIA_PARTY": None,
        "MEDIA_TRASH_DAY": "MEDIA_TRASH_DAYS",
    }


def test_manage_tells_one_sentence_and_no_traceback(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "PORT": "eight"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 1
    assert done.stderr.strip().splitlines() == [
        "Darkroom can't start. PORT is 'eight'. Expected is a whole number, 0 or more."
    ]


def test_every_variable_stands_in_the_table(read):
    """Those that settings read, and those of the Procfile."""
    names = read()["env"].names | read("dev")["env"].names
    names |= read("production", SECRET_KEY="x" * 50, BASE_URL="https://cms.example.org")["env"].names
    names |= set(re.findall(r"\$\{?([A-Z_]+)", (ROOT / "Procfile").read_text()))
    readme = (ROOT / "README.md").read_text()
    section = readme[readme.index("## Environment") : readme.index("## Where to look next")]

    assert names <= set(re.findall(r"`\$?([A-Z][A-Z_0-9]+)", section))


def test_every_variable_stands_in_the_example(read):
    example = (ROOT / ".env.example").read_text()
    names = (
        read()["env"].names | read("production", SECRET_KEY="x" * 50, BASE_URL="https://cms.example.org")["env"].names
    )

    assert names <= set(re.findall(r"^(?:# )?([A-Z][A-Z_0-9]+)=", example, re.MULTILINE))


def test_example_can_be_read_as_it_is(read):
    """But for what is to be filled in, everything in it is left to its default."""
    example = (ROOT / ".env.example").read_text()
    assigned = dict(line.split("=", 1) for line in example.splitlines() if line and not line.startswith("#"))

    found = read(**{name: value for name, value in assigned.items() if name not in ("SECRET_KEY", "BASE_URL")})

    assert {name for name, value in assigned.items() if value} == {"DJANGO_SETTINGS_MODULE"}
    assert found["PORT"] == 8000
