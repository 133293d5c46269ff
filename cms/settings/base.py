"""Settings shared by every way to run Darkroom. The environment is read here, once; see the table in README.md."""

import os
import socket
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from corsheaders.defaults import default_headers
from django.core.exceptions import ImproperlyConfigured
from redis.backoff import NoBackoff
from redis.retry import Retry

from cms.delivery.purge.configuration import frontend_cache, media_hosts
from cms.environment import Environment, make_folder
from cms.languages import languages
from cms.media_storages import cookie_domain, media_storages

BASE_DIR = Path(__file__).resolve().parents[2]

env = Environment()

# Where everything that is not code lives: database, media, broker file, secret key.
DATA_DIR = env.folder("DATA_DIR", default="var", relative_to=BASE_DIR)

PORT = env.whole("PORT", default=8000, least=1, most=65535)
BASE_URL = env.address("BASE_URL", default=f"http://localhost:{PORT}").rstrip("/")
FRONTEND_URL = env.address("FRONTEND_URL").rstrip("/")
FRONTEND_PREVIEW_URL = env.address("FRONTEND_PREVIEW_URL", default=f"{FRONTEND_URL}/preview" if FRONTEND_URL else "")
# Seconds for which the front end may fetch a draft with the token of one preview.
PREVIEW_TOKEN_MAX_AGE = env.int("PREVIEW_TOKEN_MAX_AGE", default=60 * 60)

# What visitors send with forms: bytes of one file, files in one form, how often one address may send within a minute,
# and seconds for which nobody reads and answers a form, nor leaves it open.
FORM_MAX_FILE_BYTES = env.int("FORM_MAX_FILE_BYTES", default=10 * 1024**2)
FORM_MAX_FILES = env.int("FORM_MAX_FILES", default=5)
FORM_SUBMISSIONS_PER_MINUTE = env.int("FORM_SUBMISSIONS_PER_MINUTE", default=10)
FORM_MIN_SECONDS = env.float("FORM_MIN_SECONDS", default=2.0)
FORM_TOKEN_MAX_AGE = env.int("FORM_TOKEN_MAX_AGE", default=24 * 60 * 60)
# Whether a form is taken only with the token that says when it was opened. For front ends that ask for one.
FORM_TOKEN_REQUIRED = env.bool("FORM_TOKEN_REQUIRED", default=False)

# The password of a page: seconds for which the token is good that is given for it, and how many wrong ones are looked
# at within ten minutes, from one address and for one page.
PAGE_PASSWORD_MAX_AGE = env.int("PAGE_PASSWORD_MAX_AGE", default=4 * 60 * 60)
PAGE_PASSWORD_TRIES = env.int("PAGE_PASSWORD_TRIES", default=10)
PAGE_PASSWORD_TRIES_IN_ALL = env.int("PAGE_PASSWORD_TRIES_IN_ALL", default=100)

DEBUG = False
# Where none are named: this machine, and the host by which BASE_URL says it is reached.
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS",
    default=list(dict.fromkeys(["localhost", "127.0.0.1", "[::1]", urlsplit(BASE_URL).hostname or "localhost"])),
)
CSRF_TRUSTED_ORIGINS = list(dict.fromkeys([BASE_URL, *env.list("CSRF_TRUSTED_ORIGINS", default=[])]))

INSTALLED_APPS = [
    "cms",
    "blog",
    "media_library",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.locales",
    "django.contrib.sitemaps",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.api.v2",
    "wagtail.api.v3",
    "wagtail",
    "wagtail_headless_preview",
    "modelcluster",
    "taggit",
    "rest_framework",
    # For the files of its documentation page; its APIs need no app.
    "ninja",
    "corsheaders",
    "django_filters",
    "django_tasks",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # After Wagtail, whose receivers have done what they do when ours look.
    "cms.delivery",
    "cms.sharing",
    # Last: django-cleanup as we need it, for files of deleted rows, in place of Wagtail's own.
    "media_library.file_removal.apps.FileRemovalConfig",
]

MIDDLEWARE = [
    "cms.operations.views.ProbesMiddleware",
    "cms.operations.requests.RequestMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    # Before it stands what differs from one reader to the next; what follows is made once for each answer.
    "cms.delivery.cache.middleware.ResponseCacheMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "cms.security.middleware.PolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cms.media_files.MediaFilesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "cms.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cms.security.two_factor.middleware.TwoFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "media_library.admin.publishing.NotPublishableMiddleware",
    "blog.redirects.middleware.RedirectMiddleware",
    "blog.editorial.doors.UnseenDraftsMiddleware",
    "cms.security.login.known.KnownBrowserMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Database: SQLite by default, PostgreSQL by DATABASE_URL.
DATABASES = {"default": env.database("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'darkroom.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Opening a connection costs more than most queries, with SQLite too.
DATABASES["default"]["CONN_MAX_AGE"] = 60
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # Take the write lock when a transaction begins: a read that is upgraded later fails at once with
        # "database is locked", whatever the timeout.
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

# Cache and broker: files under DATA_DIR by default, Redis by REDIS_URL.
REDIS_URL = env.address("REDIS_URL", schemes=("redis", "rediss", "unix"))
if REDIS_URL:
    # A page that waits for a cache is worse than none: one new try at once, for a connection that was idle too long.
    _seconds = env.float("CACHE_TIMEOUT_SECONDS", default=0.5)
    _cache: dict = {
        "LOCATION": REDIS_URL,
        "OPTIONS": {
            "serializer": "cms.caches.ReadableSerializer",
            "socket_timeout": _seconds,
            "socket_connect_timeout": _seconds,
            "retry": Retry(NoBackoff(), 1),
        },
    }
    _backend = "RedisCache"
    CELERY_BROKER_URL = REDIS_URL
    # The job table outlives a lost message; this only bounds how long Redis waits before it sends one again.
    CELERY_BROKER_TRANSPORT_OPTIONS: dict = {"visibility_timeout": 4 * 60 * 60}
else:
    _cache = {
        "LOCATION": DATA_DIR / "cache",
        "OPTIONS": {
            "MAX_ENTRIES": env.int("CACHE_MAX_ENTRIES", default=50_000),
            "MAX_BYTES": env.int("CACHE_MAX_BYTES", default=512 * 1024**2),
        },
    }
    _backend = "FileCache"
    CELERY_BROKER_URL = f"sqla+sqlite:///{DATA_DIR / 'broker.sqlite3'}"
    CELERY_BROKER_TRANSPORT_OPTIONS = {"connect_args": {"timeout": 30}}

# One cache by two names (cms/caches.py): the first forgives all faults, the second tells of them.
CACHES: dict = {
    "default": {"BACKEND": f"cms.caches.Forgiving{_backend}", **_cache},
    "delivery": {"BACKEND": f"cms.caches.{_backend}", **_cache},
}

# The response cache (docs/delivery.md): whether answers are kept at all, how long lists and details are at most, how
# long a stale one stands in for one that can't be made, and how long a CDN may keep them that is told of changes. Then
# bytes of each web process for them, and for parts of lists; and seconds for which a reader waits for what another one
# has asked for.
RESPONSE_CACHE = env.bool("RESPONSE_CACHE", default=True)
RESPONSE_CACHE_LIST_SECONDS = env.int("RESPONSE_CACHE_LIST_SECONDS", default=5 * 60)
RESPONSE_CACHE_DETAIL_SECONDS = env.int("RESPONSE_CACHE_DETAIL_SECONDS", default=10 * 60)
RESPONSE_CACHE_STALE_SECONDS = env.int("RESPONSE_CACHE_STALE_SECONDS", default=60 * 60)
RESPONSE_CACHE_CDN_SECONDS = env.int("RESPONSE_CACHE_CDN_SECONDS", default=0)
RESPONSE_CACHE_MEMORY_BYTES = env.int("RESPONSE_CACHE_MEMORY_BYTES", default=32 * 1024**2)
RESPONSE_CACHE_PART_BYTES = env.int("RESPONSE_CACHE_PART_BYTES", default=64 * 1024**2)
RESPONSE_CACHE_WAIT_SECONDS = env.float("RESPONSE_CACHE_WAIT_SECONDS", default=2.0)

CELERY_TASK_DEFAULT_QUEUE = "images"
CELERY_TASK_ROUTES = {
    "media_library.tasks.run_video_job_task": {"queue": "video"},
    "media_library.tasks.run_spare_video_job_task": {"queue": "video"},
    "media_library.tasks.run_film_part_task": {"queue": "video"},
    # Both workers take these in turn with their own work, so that a thousand pictures don't hold up the reaper.
    "media_library.tasks.run_polish_job_task": {"queue": "polish"},
    "media_library.tasks.run_suggest_job_task": {"queue": "polish"},
    "media_library.tasks.run_ask_job_task": {"queue": "imports"},
    "media_library.tasks.catch_up_with_model_task": {"queue": "polish"},
    "media_library.tasks.look_at_older_files_task": {"queue": "polish"},
    "media_library.tasks.look_for_suggestions_task": {"queue": "housekeeping"},
    "media_library.tasks.ask_endpoint_task": {"queue": "housekeeping"},
    "media_library.tasks.reap_jobs_task": {"queue": "housekeeping"},
    "media_library.tasks.polish_images_task": {"queue": "housekeeping"},
    "media_library.tasks.follow_presets_task": {"queue": "housekeeping"},
    "media_library.tasks.remove_superseded_files_task": {"queue": "housekeeping"},
    "media_library.tasks.empty_trash_task": {"queue": "housekeeping"},
    "media_library.tasks.remove_files_task": {"queue": "housekeeping"},
    "media_library.tasks.revoke_old_tokens_task": {"queue": "housekeeping"},
    "media_library.tasks.measure_storage_task": {"queue": "housekeeping"},
    "media_library.tasks.clean_up_unused_task": {"queue": "housekeeping"},
    "media_library.tasks.tell_of_ended_rights_task": {"queue": "housekeeping"},
    "media_library.tasks.look_for_orphans_task": {"queue": "housekeeping"},
    # Some seconds at a time, so that neither the reaper nor a thousand pictures wait for it, nor it for them.
    "media_library.tasks.run_bulk_operation_task": {"queue": "housekeeping"},
    "media_library.tasks.forget_bulk_operations_task": {"queue": "housekeeping"},
    # A worker of its own, in threads that only wait: a slow server keeps neither pictures nor clocks waiting.
    "media_library.tasks.import_upload_task": {"queue": "imports"},
    "media_library.tasks.tend_uploads_task": {"queue": "housekeeping"},
    "blog.tasks.tell_of_submission_task": {"queue": "housekeeping"},
    "blog.seo.tasks.make_missing_cards_task": {"queue": "housekeeping"},
    "media_library.tasks.publish_awaited_task": {"queue": "housekeeping"},
    # An hour of waiting for disks and buckets keeps neither pictures nor clocks waiting.
    "cms.tasks.back_up_task": {"queue": "imports"},
    "cms.tasks.*": {"queue": "housekeeping"},
    # A worker of its own again: a file of an hour keeps no webhook waiting.
    "cms.delivery.webhooks.tasks.send_webhooks_task": {"queue": "sending"},
    "cms.delivery.webhooks.tasks.*": {"queue": "housekeeping"},
    "cms.delivery.purge.tasks.send_purges_task": {"queue": "sending"},
    "cms.sharing.tasks.send_posting_task": {"queue": "sending"},
    "cms.sharing.tasks.*": {"queue": "housekeeping"},
    "cms.delivery.tasks.watch_media_hosts_task": {"queue": "sending"},
    "cms.delivery.purge.tasks.*": {"queue": "housekeeping"},
    "cms.delivery.tasks.tell_changes_task": {"queue": "housekeeping"},
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 2, "interval_start": 0, "interval_step": 0.2}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    # A message that nobody took within one period is superseded by the next.
    "reap-jobs": {
        "task": "media_library.tasks.reap_jobs_task",
        "schedule": env.int("MEDIA_JOB_REAP_SECONDS", default=10),
        "options": {"expires": 10},
    },
    "polish-images": {
        "task": "media_library.tasks.polish_images_task",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "follow-presets": {
        "task": "media_library.tasks.follow_presets_task",
        "schedule": 10,
        "options": {"expires": 10},
    },
    "look-for-suggestions": {
        "task": "media_library.tasks.look_for_suggestions_task",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "look-at-older-files": {
        "task": "media_library.tasks.look_at_older_files_task",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "catch-up-with-model": {
        "task": "media_library.tasks.catch_up_with_model_task",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "ask-endpoint": {
        "task": "media_library.tasks.ask_endpoint_task",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "remove-superseded-files": {
        "task": "media_library.tasks.remove_superseded_files_task",
        "schedule": 60 * 60,
        "options": {"expires": 60},
    },
    "tend-uploads": {
        "task": "media_library.tasks.tend_uploads_task",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "measure-storage": {
        "task": "media_library.tasks.measure_storage_task",
        "schedule": 5 * 60,
        "options": {"expires": 60},
    },
    "forget-bulk-operations": {
        "task": "media_library.tasks.forget_bulk_operations_task",
        "schedule": 24 * 60 * 60,
        "options": {"expires": 60 * 60},
    },
    "remove-files": {
        "task": "media_library.tasks.remove_files_task",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "empty-trash": {
        "task": "media_library.tasks.empty_trash_task",
        "schedule": 60 * 60,
        "options": {"expires": 60},
    },
    "revoke-old-tokens": {
        "task": "media_library.tasks.revoke_old_tokens_task",
        "schedule": 60 * 60,
        "options": {"expires": 60},
    },
    "clean-up-unused": {
        "task": "media_library.tasks.clean_up_unused_task",
        "schedule": 24 * 60 * 60,
        "options": {"expires": 60 * 60},
    },
    "tell-of-ended-rights": {
        "task": "media_library.tasks.tell_of_ended_rights_task",
        "schedule": 24 * 60 * 60,
        "options": {"expires": 60 * 60},
    },
    "look-for-orphans": {
        "task": "media_library.tasks.look_for_orphans_task",
        "schedule": 7 * 24 * 60 * 60,
        "options": {"expires": 60 * 60},
    },
    "make-missing-cards": {
        "task": "blog.seo.tasks.make_missing_cards_task",
        "schedule": 10 * 60,
        "options": {"expires": 60},
    },
    "tell-changes": {
        "task": "cms.delivery.tasks.tell_changes_task",
        "schedule": 10,
        "options": {"expires": 10},
    },
    "back-up": {
        "task": "cms.tasks.back_up_task",
        "schedule": 10 * 60,
        "options": {"expires": 10 * 60},
    },
    "forget-login-attempts": {
        "task": "cms.tasks.forget_login_attempts_task",
        "schedule": 10 * 60,
        "options": {"expires": 60},
    },
    "tidy-broker": {
        "task": "cms.tasks.tidy_broker_task",
        "schedule": 60 * 60,
        "options": {"expires": 60},
    },
    "tidy-cache": {
        "task": "cms.tasks.tidy_cache_task",
        "schedule": 5 * 60,
        "options": {"expires": 60},
    },
    "learn-sizes": {
        "task": "cms.tasks.learn_sizes_task",
        "schedule": 60 * 60,
        "options": {"expires": 60},
    },
    "publish-awaited": {
        "task": "media_library.tasks.publish_awaited_task",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "publish-scheduled": {
        "task": "cms.tasks.publish_scheduled_task",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "tend-experiments": {
        "task": "blog.tasks.tend_experiments_task",
        "schedule": 60,
        "options": {"expires": 60},
    },
}

# Who may see metrics and what /readyz knows: who has the token, or asks from one of these networks. And without which
# parts this server is of no use (cms/operations/parts.py), and after how many seconds waiting work is a fault.
MONITORING_TOKEN = env.str("MONITORING_TOKEN", default="")
MONITORING_NETWORKS = env.list("MONITORING_NETWORKS", default=[])
READY_REQUIRES = env.list("READY_REQUIRES", default=["database"])
QUEUE_AGE_LIMIT = env.int("QUEUE_AGE_LIMIT", default=15 * 60)

# Webhooks: hosts and networks inside that may be sent to all the same; days without any success after which one is
# switched off (0: never), after which a message is given up, and for which the log of messages is kept.
WEBHOOK_ALLOWED_HOSTS = env.list("WEBHOOK_ALLOWED_HOSTS", default=[])
WEBHOOK_OFF_AFTER_DAYS = env.int("WEBHOOK_OFF_AFTER_DAYS", default=3)
WEBHOOK_GIVE_UP_DAYS = env.int("WEBHOOK_GIVE_UP_DAYS", default=3)
WEBHOOK_KEEP_DAYS = env.int("WEBHOOK_KEEP_DAYS", default=30)
CELERY_BEAT_SCHEDULE |= {
    "tend-webhooks": {
        "task": "cms.delivery.webhooks.tasks.tend_webhooks_task",
        "schedule": env.int("WEBHOOK_TEND_SECONDS", default=10),
        "options": {"expires": 10},
    },
    "forget-webhook-deliveries": {
        "task": "cms.delivery.webhooks.tasks.forget_webhook_deliveries_task",
        "schedule": 24 * 60 * 60,
        "options": {"expires": 60 * 60},
    },
    "tend-purges": {
        "task": "cms.delivery.purge.tasks.tend_purges_task",
        "schedule": 10,
        "options": {"expires": 10},
    },
    "forget-purges": {
        "task": "cms.delivery.purge.tasks.forget_purges_task",
        "schedule": 24 * 60 * 60,
        "options": {"expires": 60 * 60},
    },
}

# Posting posts to accounts on other servers: by which connectors, and after how many days one is given up.
SHARING_CONNECTORS = {
    "mastodon": "cms.sharing.mastodon.Mastodon",
    "webhook": "cms.sharing.webhook.Webhook",
}
SHARING_GIVE_UP_DAYS = env.int("SHARING_GIVE_UP_DAYS", default=3)
CELERY_BEAT_SCHEDULE |= {
    "tend-postings": {
        "task": "cms.sharing.tasks.tend_postings_task",
        "schedule": 30,
        "options": {"expires": 30},
    },
}

# What processes count lies here, in files of each (cms/operations/metrics.py). Process ids are of one machine.
METRICS_DIR = DATA_DIR / "metrics" / (socket.gethostname() or "localhost")
make_folder(METRICS_DIR, "DATA_DIR")
# prometheus_client looks for it when it is imported, and nowhere else.
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(METRICS_DIR)

# Where errors are reported to, as what, and of which share of requests (0 to 1) the times are sent along.
SENTRY_DSN = env.str("SENTRY_DSN", default="")
SENTRY_ENVIRONMENT = env.str("SENTRY_ENVIRONMENT", default="production")
SENTRY_RELEASE = env.str("SENTRY_RELEASE", default="")
SENTRY_SAMPLE_RATE = env.share("SENTRY_SAMPLE_RATE", default=0.0)

# A CDN that is asked to forget what has changed; its variables: docs/cdn.md.
WAGTAILFRONTENDCACHE = frontend_cache(env, BASE_URL)
# Hosts of a CDN for media, the best first, and how often they are asked whether they are well, in seconds.
CDN_HOSTS = media_hosts(env)
if CDN_HOSTS:
    seconds = env.whole("CDN_PROBE_SECONDS", default=15, least=1, most=3600)
    CELERY_BEAT_SCHEDULE["watch-media-hosts"] = {
        "task": "cms.delivery.tasks.watch_media_hosts_task",
        "schedule": seconds,
        "options": {"expires": seconds},
    }

# Wagtail's own jobs. What deletion and search rely on stays inside the transaction.
TASKS = {
    "default": {
        "BACKEND": "cms.tasks_backend.CeleryOnCommitBackend",
        "OPTIONS": {
            "IMMEDIATE": [
                "wagtail.tasks.update_reference_index_task",
                "modelsearch.tasks.insert_or_update_object_task",
            ]
        },
    }
}

# Any page may ask the APIs from a browser, without cookies (a token is sent on purpose); or only the front ends named
# here.
CORS_URLS_REGEX = r"^/api/(v2|media|collections)/"
CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_ALLOW_ALL_ORIGINS = not CORS_ALLOWED_ORIGINS
CORS_ALLOW_HEADERS = [
    *default_headers,
    *("if-match", "idempotency-key", "last-event-id"),
    *("tus-resumable", "upload-checksum", "upload-length", "upload-metadata", "upload-offset"),
    "x-http-method-override",
    "x-page-token",
]
CORS_EXPOSE_HEADERS = [
    *("Content-Location", "ETag", "Location", "Retry-After", "X-Request-ID"),
    *("Tus-Checksum-Algorithm", "Tus-Extension", "Tus-Max-Size", "Tus-Resumable", "Tus-Version"),
    *("Upload-Expires", "Upload-Length", "Upload-Offset"),
]

# Anybody may read /api/v2/: so many times a minute from one address in each web process, answers from the response
# cache not counted; 0 is no limit, for behind a CDN. Passwords are given to the login alone, which counts them.
API_ANONYMOUS_REQUESTS_PER_MINUTE = env.whole("API_ANONYMOUS_REQUESTS_PER_MINUTE", default=1200, least=0, most=10**9)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_THROTTLE_CLASSES": ["cms.security.reading.ReadingThrottle"],
}

AUTH_USER_MODEL = "cms.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "wagtailadmin_login"
# Wrong passwords (cms/security/login): how many of one account from one address, from one address, and of one account
# are looked at within these minutes; and how many letters an account gets in an hour for a forgotten one.
LOGIN_LOCK_MINUTES = env.int("LOGIN_LOCK_MINUTES", default=15)
LOGIN_TRIES = env.int("LOGIN_TRIES", default=5)
LOGIN_TRIES_OF_ADDRESS = env.int("LOGIN_TRIES_OF_ADDRESS", default=30)
LOGIN_TRIES_OF_ACCOUNT = env.int("LOGIN_TRIES_OF_ACCOUNT", default=50)
PASSWORD_RESETS_PER_HOUR = env.int("PASSWORD_RESETS_PER_HOUR", default=3)
# Codes beside passwords (cms/security/two_factor): off, optional or required; and the groups that need them anyway.
TWO_FACTOR = env.choice("TWO_FACTOR", "optional", ("off", "optional", "required"))
TWO_FACTOR_GROUPS = env.list("TWO_FACTOR_GROUPS", default=[])
OTP_TOTP_ISSUER = "Darkroom"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AXES_HANDLER = "cms.security.login.attempts.LoginHandler"
AXES_LOCKOUT_CALLABLE = "cms.security.login.attempts.locked_out"
AXES_CLIENT_IP_CALLABLE = "media_library.api.addresses.client_address"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = LOGIN_TRIES
AXES_COOLOFF_TIME = timedelta(minutes=LOGIN_LOCK_MINUTES)
AXES_RESET_ON_SUCCESS = True
# An end that an attacker could put off would be none.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
WAGTAILADMIN_USER_PASSWORD_RESET_FORM = "cms.security.login.password_reset.PasswordLetterForm"  # noqa: S105

# The languages of the content, the default one first; the admin speaks all that Wagtail does.
LANGUAGES = languages(env.list("LANGUAGES", default=["en"]))
LANGUAGE_CODE = LANGUAGES[0][0]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = len(LANGUAGES) > 1
TIME_ZONE = env.time_zone("TIME_ZONE", default="UTC")
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static"
# Where npm installs (package.json).
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "cms.vendored.VendoredFinder",
]

# Files: what workers made is public and named by its content; what editors uploaded is private.
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
# Which kind of storage, and those that a library may be moved between (manage.py move_storage).
MEDIA_STORAGE, MEDIA_STORAGES = media_storages(env, DATA_DIR)
USE_CLOUDINARY = MEDIA_STORAGE == "cloudinary"
STORAGES = {
    **MEDIA_STORAGES[MEDIA_STORAGE],
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Who sends the bytes of local files: this process, or the server in front ("nginx" by X-Accel-Redirect below the
# internal address, "apache" by X-Sendfile).
MEDIA_SENDFILE = env.str("SENDFILE_BACKEND", default="")
MEDIA_SENDFILE_URL = env.str("SENDFILE_URL", default="/protected/")
if MEDIA_SENDFILE not in ("", "nginx", "apache"):
    raise ImproperlyConfigured(f"SENDFILE_BACKEND is {MEDIA_SENDFILE!r}: write nginx or apache, or leave it out.")
# For signed addresses of public files behind CloudFront. django-storages reads these two itself.
AWS_CLOUDFRONT_KEY_ID = env.str("CLOUDFRONT_KEY_ID", default="") or None
AWS_CLOUDFRONT_KEY = env.str("CLOUDFRONT_PRIVATE_KEY", default="", multiline=True).encode() or None
# Parent of the hosts of BASE_URL and S3_CUSTOM_DOMAIN, for CloudFront's signed cookies.
CLOUDFRONT_COOKIE_DOMAIN = cookie_domain(env, BASE_URL)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "tmp"
make_folder(FILE_UPLOAD_TEMP_DIR, "DATA_DIR")

# Backups: where beat makes one, every so many hours, how many are kept, and where a bucket is if not at Amazon.
BACKUP_TO = env.str("BACKUP_TO", default="")
BACKUP_EVERY = env.float("BACKUP_EVERY", default=24.0)
BACKUP_KEEP = env.int("BACKUP_KEEP", default=14)
BACKUP_S3_ENDPOINT_URL = env.str("BACKUP_S3_ENDPOINT_URL", default=env.str("S3_ENDPOINT_URL", default=""))
BACKUP_S3_REGION = env.str("BACKUP_S3_REGION", default=env.str("S3_REGION", default=""))

# Every tunable of the media library, with its default and what it means: media_library/conf.py.
MEDIA_LIBRARY = {
    "JOB_LEASE_SECONDS": env.int("MEDIA_JOB_LEASE_SECONDS", default=30),
    "TRASH_DAYS": env.int("MEDIA_TRASH_DAYS", default=30),
    "IMAGE_POLISHING": env.bool("IMAGE_POLISHING", default=True),
    "PUBLISHING_CHECKS": env.dict("PUBLISHING_CHECKS", default={}),
    "FFMPEG": env.str("FFMPEG", default=""),
    "VIDEO_SPLIT_SECONDS": env.int("VIDEO_SPLIT_SECONDS", default=5 * 60),
    "STORAGE_PRICE_PER_GB": env.float("STORAGE_PRICE_PER_GB", default=0.0),
    "STORAGE_CURRENCY": env.str("STORAGE_CURRENCY", default="EUR"),
    "UNUSED_CLEANUP_DAYS": env.int("UNUSED_CLEANUP_DAYS", default=0),
    "API_REQUESTS_PER_MINUTE": env.int("API_REQUESTS_PER_MINUTE", default=1200),
    "API_TOKEN_DAYS": env.int("API_TOKEN_DAYS", default=0),
    "EVENT_STREAMS": env.int("EVENT_STREAMS", default=2),
    "EVENT_STREAM_SECONDS": env.int("EVENT_STREAM_SECONDS", default=60),
    "TRUSTED_PROXIES": env.int("TRUSTED_PROXIES", default=0),
    "TRANSFORM_KEYS": env.list("IMAGE_TRANSFORM_KEY", default=[]),
    "WORK_DIR": DATA_DIR / "tmp",
    "PRIVATE_URL_SECONDS": env.int("PRIVATE_URL_SECONDS", default=60 * 60),
    "UPLOAD_DIR": env.str("UPLOAD_DIR", default="") or DATA_DIR / "uploads",
    "MEDIA_HOSTS": CDN_HOSTS,
    "IMPORT_ALLOWED_HOSTS": env.list("IMPORT_ALLOWED_HOSTS", default=[]),
    # A server that describes pictures (docs/operators/insight.md); nothing is sent anywhere without.
    "INSIGHT_ENDPOINT": env.address("INSIGHT_ENDPOINT"),
    "INSIGHT_ENDPOINT_MODEL": env.str("INSIGHT_ENDPOINT_MODEL", default=""),
    "INSIGHT_ENDPOINT_KEY": env.str("INSIGHT_ENDPOINT_KEY", default=""),
    "INSIGHT_ENDPOINT_PRIVATE": env.bool("INSIGHT_ENDPOINT_PRIVATE", default=False),
    # A model of one's own for tags and for search by appearance: a folder.
    "INSIGHT_MODEL_DIR": env.str("INSIGHT_MODEL_DIR", default=""),
    # Languages of words in pictures, as Tesseract calls them.
    "INSIGHT_TEXT_LANGUAGES": env.list("INSIGHT_TEXT_LANGUAGES", default=[]),
    "INSIGHT_ENDPOINT_SECONDS": env.int("INSIGHT_ENDPOINT_SECONDS", default=180),
}

# How films are developed; what may stand here: media_library/video/processing.py.
VIDEO_PROCESSING = {
    "thumbnail_time": 5,
    "max_resolution": "1080p",
    "formats": ["mp4", "webm"],
    "quality": "high",
}

# Mail: to the log by default, to a server by EMAIL_URL, as smtp+tls://user:password@mail.example.org:587.
globals().update(env.mail("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="Darkroom <darkroom@localhost>")
# An answer to a click waits for it.
EMAIL_TIMEOUT = 10

WAGTAIL_SITE_NAME = "Darkroom"
WAGTAILADMIN_BASE_URL = BASE_URL
# Nothing of an editor's goes to strangers unasked.
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILAPI_BASE_URL = BASE_URL
WAGTAILAPI_LIMIT_MAX = 100
WAGTAILAPI_RICH_TEXT_FORMAT = "html"
WAGTAILADMIN_RICH_TEXT_EDITORS = {"default": {"WIDGET": "blog.rich_text_editor.RichTextEditor"}}
WAGTAILIMAGES_IMAGE_MODEL = "media_library.CustomImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "media_library.admin.forms.ImageForm"
# What file dialogs offer and help texts say; what is accepted is decided by the bytes (media_library/intake/sniff.py).
WAGTAILIMAGES_EXTENSIONS = [
    *("jpg", "jpeg", "jfif", "mpo", "png", "apng", "webp", "avif", "gif"),
    *("heic", "heif", "hif", "tif", "tiff", "bmp", "svg"),
]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 64 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 120_000_000
WAGTAILDOCS_DOCUMENT_MODEL = "media_library.CustomDocument"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "media_library.admin.forms.DocumentForm"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "cms.delivery.search_backend"}}
WAGTAIL_HEADLESS_PREVIEW = {
    "CLIENT_URLS": {"default": FRONTEND_URL},
    "ENFORCE_TRAILING_SLASH": False,
    # Straight into the panel's own frame: Wagtail keeps the place in that one only, even across hosts.
    "REDIRECT_ON_PREVIEW": True,
}
TAGGIT_CASE_INSENSITIVE = True

# What pages may load from elsewhere (cms/security/policies.py): media that lie on other hosts, and films of others
# with their pictures. Violations are told to CSP_REPORT_URI; with CSP_REPORT_ONLY, nothing is kept from loading.
CSP_MEDIA_SOURCES = [*env.list("CSP_MEDIA_SOURCES", default=[]), *CDN_HOSTS]
CSP_EMBED_SOURCES = env.list(
    "CSP_EMBED_SOURCES",
    default=[
        *("https://www.youtube.com", "https://www.youtube-nocookie.com", "https://i.ytimg.com"),
        *("https://player.vimeo.com", "https://i.vimeocdn.com"),
    ],
)
CSP_REPORT_URI = env.str("CSP_REPORT_URI", default="")
CSP_REPORT_ONLY = env.bool("CSP_REPORT_ONLY", default=False)

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "SAMEORIGIN"

# Lines for people, or JSON for machines (cms/operations/logs.py); a line for each request, for the latter by default.
LOG_FORMAT = env.choice("LOG_FORMAT", default="plain", choices=("plain", "json"))
LOG_REQUESTS = env.bool("LOG_REQUESTS", default=LOG_FORMAT == "json")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "cms.operations.logs.PlainFormatter",
            "format": "%(levelname)s %(name)s: %(message)s",
        },
        "json": {
            "()": "cms.operations.logs.JSONFormatter",
            "fmt": ["levelname", "name", "message", "process"],
            "rename_fields": {"levelname": "level", "name": "logger"},
            "json_ensure_ascii": False,
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {
        "handlers": ["console"],
        "level": env.choice("LOG_LEVEL", default="INFO", choices=("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")),
    },
    # One line for each job is ours (media_library.jobs); theirs would tell of every beat.
    "loggers": {
        name: {"level": "WARNING"}
        for name in (
            "axes",
            "celery.app.trace",
            "celery.beat",
            "celery.worker.request",
            "celery.worker.strategy",
            "django_tasks",
        )
    },
}
