"""One machine, one command: SQLite, local files, a broker in a file, and a secret key of this machine's own."""

import contextlib
import os
import secrets

from cms.settings.base import *  # noqa: F403
from cms.settings.base import DATA_DIR, STORAGES, env


def _local_secret_key() -> str:
    """Read the key of this data directory, or make it: sessions outlive a restart and no key stands in code."""
    path = DATA_DIR / "secret_key"
    with contextlib.suppress(FileExistsError):
        # Created with its rights and never half written: several processes may start at once.
        draft = DATA_DIR / f"secret_key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)
        finally:
            draft.unlink()
    return path.read_text()


SECRET_KEY = env.str("SECRET_KEY", default="") or _local_secret_key()
DEBUG = env.bool("DEBUG", default=False)

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# Straight from the apps, so that nothing has to be collected first.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
