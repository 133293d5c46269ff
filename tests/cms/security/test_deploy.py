"""What an operator gets from ``manage.py check --deploy``, and the headers and cookies of production."""

import os
import subprocess
import sys
from pathlib import Path

from tests.processes import ROOT

HEADERS = """
import django; django.setup()
from django.conf import settings
from django.test import Client
names = {"host": "cms.example.org", "x-forwarded-proto": "https"}
answer = Client().get("/api/media/beacon/", headers=names)
print(answer.status_code, answer["Strict-Transport-Security"])
print(Client().get("/api/media/beacon/", headers=names | {"host": "evil.example"}).status_code)
for name in ("SESSION_COOKIE", "CSRF_COOKIE"):
    print(*(getattr(settings, f"{name}_{what}") for what in ("NAME", "SECURE", "SAMESITE", "PATH", "DOMAIN")))
"""


def run(tmp_path: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Production with as little as it takes."""
    minimal = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "cms.settings.production",
        "SECRET_KEY": "kj3#9dF!0sPq-Zx8vB2mN7wE5rT1yU6iO4aL_cHgQbVnMzXlKjHgFdSa",
        "BASE_URL": "https://cms.example.org",
        "REDIS_URL": "redis://localhost:6379/0",
    }
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=minimal | environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_production_passes_the_check_with_a_minimal_environment(tmp_path: Path):
    done = run(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr


def test_production_speaks_https_only_and_keeps_its_cookies_to_itself(tmp_path: Path):
    done = run(tmp_path, "-c", HEADERS, REDIS_URL="", SECURE_HSTS_INCLUDE_SUBDOMAINS="true")
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip().splitlines() == [
        "405 max-age=31536000; includeSubDomains",
        "400",
        "__Host-sessionid True Lax / None",
        "__Host-csrftoken True Lax / None",
    ]
