"""Reads environment variables, and says so in one sentence when one of them makes no sense.

Every message names the variable, what was read (no secrets), and what is expected. A variable that is set to nothing
counts as not set: so ``.env`` files and compose files may list all of them.
"""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import environ
from django.core.exceptions import ImproperlyConfigured

SECRET = re.compile(r"SECRET|PASSWORD|TOKEN|KEY|DSN|CREDENTIAL")
USER_IN_URL = re.compile(r"(?<=://).*(?=@)")

YES, NO = environ.Env.BOOLEAN_TRUE_STRINGS, ("false", "off", "n", "no", "0")
EXPECTED: dict[Any, str] = {
    bool: "true or false",
    int: "a whole number, 0 or more",
    float: "a number, 0 or more",
    dict: "names with values, as one=this,other=that",
}

PROCESS_VARIABLES = ("ADMIN_PASSWORD", "BIND", "DJANGO_SETTINGS_MODULE", "WEB_WORKERS")
"""What is read elsewhere: by the Procfile, by Django, by ``manage.py prepare``."""

DATABASES = ("sqlite", "postgres", "postgresql")


class Environment(environ.Env):
    """django-environ, with messages for operators. Raises ``ImproperlyConfigured`` for what can't be meant."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set(PROCESS_VARIABLES)

    def get_value(
        self, var: str, cast: Any = None, default: Any = environ.Env.NOTSET, parse_default: bool = False
    ) -> Any:
        self.names.add(var)
        value = self.ENVIRON.get(var, "")
        if not value:
            if default is self.NOTSET:
                raise ImproperlyConfigured(f"{var} is not set. It has to be: see the table in README.md.")
            return default
        # Not by the parent: it would take a secret that begins with "$" for the name of another variable.
        if cast is bool:
            return self._bool(var, value)
        try:
            parsed = self.parse_value(value, cast)
        except (ValueError, TypeError) as error:
            raise self.wrong(var, EXPECTED.get(cast, "something else")) from error
        if cast in (int, float) and (parsed < 0 or not re.fullmatch(r"\s*[-+]?\d+(\.\d+)?\s*", value)):
            raise self.wrong(var, EXPECTED[cast])
        return [one.strip() for one in parsed if one.strip()] if cast is list else parsed

    def wrong(self, var: str, expected: str) -> ImproperlyConfigured:
        """The error for a variable that is not what is expected; the caller raises it."""
        return ImproperlyConfigured(f"{var} is {self.shown(var)}. Expected is {expected}.")

    def shown(self, var: str) -> str:
        """What was read, without secrets."""
        value = self.ENVIRON.get(var, "")
        if not value:
            return "not set"
        if SECRET.search(var):
            return "set to something that is not shown here"
        return repr(USER_IN_URL.sub("…", value))

    def whole(self, var: str, default: int, least: int, most: int) -> int:
        """A whole number between two others."""
        number = self.int(var, default=default)
        if not least <= number <= most:
            raise self.wrong(var, f"a whole number from {least} to {most}")
        return number

    def share(self, var: str, default: float) -> float:
        """A part of everything, from 0 to 1."""
        share = self.float(var, default=default)
        if not 0 <= share <= 1:
            raise self.wrong(var, "a number from 0 to 1")
        return share

    def choice(self, var: str, default: str, choices: Iterable[str]) -> str:
        """One of several words, in any case."""
        words = {word.lower(): word for word in choices}
        value = self.str(var, default=default)
        if value.lower() not in words:
            raise self.wrong(var, f"one of {', '.join(words.values())}")
        return words[value.lower()]

    def address(self, var: str, default: str = "", schemes: Iterable[str] = ("http", "https")) -> str:
        """A URL of a server."""
        value = self.str(var, default=default)
        if value and not _is_url(value, schemes):
            raise self.wrong(var, f"a URL such as {next(iter(schemes))}://example.org")
        return value

    def database(self, var: str, default: str) -> dict[str, Any]:
        """``DATABASES["default"]`` from a URL of SQLite or PostgreSQL."""
        expected = (
            "postgres://user:password@host:5432/name (with @, : and / in the password percent-encoded), "
            "or sqlite:////path/to/file"
        )
        try:
            parts = urlsplit(self.str(var, default=default))
            # The port is read when it is asked for, and complained about then.
            is_one = parts.scheme in DATABASES and bool(parts.path.strip("/")) and parts.port != 0
        except ValueError:
            is_one = False
        if not is_one:
            raise self.wrong(var, expected)
        return self.db_url(var, default=default)

    def mail(self, var: str, default: str) -> dict[str, Any]:
        """``EMAIL_…`` settings from a URL."""
        try:
            return self.email_url(var, default=default)
        except (ImproperlyConfigured, ValueError, KeyError) as error:
            raise self.wrong(var, "a URL such as smtp+tls://user:password@mail.example.org:587") from error

    def time_zone(self, var: str, default: str) -> str:
        """The name of a time zone."""
        value = self.str(var, default=default)
        if value not in available_timezones():
            close = get_close_matches(value, available_timezones(), n=1)
            raise self.wrong(var, f"a time zone such as {close[0] if close else 'Europe/Berlin'}")
        return value

    def folder(self, var: str, default: str, relative_to: Path) -> Path:
        """A folder that can be written, made if it is missing."""
        path = relative_to / Path(self.str(var, default=default)).expanduser()
        make_folder(path, var)
        return path

    def misspelt(self) -> dict[str, str | None]:
        """Variables that look like ours and that nobody reads, with what was probably meant."""
        found: dict[str, str | None] = {}
        for name in sorted(set(self.ENVIRON) - self.names):
            close = get_close_matches(name, self.names, n=1, cutoff=0.9)
            if close or name.startswith("MEDIA_"):
                near = close or get_close_matches(name, self.names, n=1)
                found[name] = near[0] if near else None
        return found

    def _bool(self, var: str, value: str) -> bool:
        word = value.strip().lower()
        if word not in (*YES, *NO):
            raise self.wrong(var, EXPECTED[bool])
        return word in YES


def make_folder(path: Path, var: str) -> None:
    """Make a folder that a variable names or contains. Raises ``ImproperlyConfigured`` with what to do."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"{path} can't be made ({error.strerror}). Let {var} name a folder that this user may write to."
        ) from error


def _is_url(value: str, schemes: Iterable[str]) -> bool:
    try:
        parts = urlsplit(value)
        is_somewhere = bool(parts.path) if parts.scheme == "unix" else bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is none
        return False
    return parts.scheme in schemes and is_somewhere
