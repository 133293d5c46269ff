"""For the test suite: a data directory of each process's own, and a broker that nobody listens to.

Tests that want real workers start the real stack (tests/stack.py) with the settings an operator would use.
"""

import atexit
import os
import shutil
import tempfile

_data_dir = tempfile.mkdtemp(prefix="darkroom-test-")
atexit.register(shutil.rmtree, _data_dir, ignore_errors=True)
os.environ["DATA_DIR"] = _data_dir

from cms.settings.base import *  # noqa: E402, F403
from cms.settings.base import DATA_DIR, DATABASES, MEDIA_LIBRARY, STORAGES  # noqa: E402

SECRET_KEY = "tests only"  # noqa: S105
ALLOWED_HOSTS = ["*"]
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as in production: threads of a test see what the test committed, and WAL is really used.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
CELERY_BROKER_URL = "memory://localhost/"
CELERY_BROKER_TRANSPORT_OPTIONS = {}
# Roomy enough that nothing is thrown out by chance in the middle of a test.
_memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 1_000_000}}
CACHES = {"default": _memory, "delivery": _memory}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
# Tests of other things publish pictures that no worker has developed; those of publishing have what operators have.
MEDIA_LIBRARY["PUBLISHING_CHECKS"] = {"unfinished": "off", "failed": "off", "alt_text": "off"}
# Tests of other things ask for what they have just changed; those of the cache switch it on.
RESPONSE_CACHE = False
