"""Every tunable of the media library, with its default and what it means.

Override one in the setting ``MEDIA_LIBRARY``::

    MEDIA_LIBRARY = {"JOB_LEASE_SECONDS": 60}
"""

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings

DEFAULTS: dict[str, Any] = {
    # Seconds for which a worker owns the job it claimed. It renews the lease at a third of this; a worker that
    # died is noticed when the lease has run out.
    "JOB_LEASE_SECONDS": 30,
    # How often one job is tried before it has failed, and the wait before the second try, in seconds (doubles).
    "JOB_MAX_ATTEMPTS": 4,
    "JOB_BACKOFF_SECONDS": 10,
    # Hours for which a job waits for a storage that is away or full, at no cost of its tries.
    "JOB_AWAY_HOURS": 72,
    # A job queued for longer than this is sent to the broker again, in case its message was lost.
    "JOB_RESEND_SECONDS": 120,
    # Seconds by which work that nobody waits for is put off while films wait that somebody does wait for.
    "JOB_GIVE_WAY_SECONDS": 30,
    # Seconds for which a worker does one bulk operation before it lets others work; the next message goes on with it.
    "BULK_SECONDS": 5,
    # How many assets are changed at once, in the request itself, instead of by a worker.
    "BULK_AT_ONCE": 20,
    # Days for which the results of bulk operations are kept.
    "BULK_KEEP_DAYS": 90,
    # Celery's limits for one job, in seconds: at the soft one the job is told, at the hard one its process is ended.
    "IMAGE_SOFT_TIME_LIMIT": 5 * 60,
    "IMAGE_TIME_LIMIT": 6 * 60,
    "VIDEO_SOFT_TIME_LIMIT": 3 * 60 * 60,
    "VIDEO_TIME_LIMIT": 3 * 60 * 60 + 60,
    "AUDIO_SOFT_TIME_LIMIT": 60 * 60,
    "AUDIO_TIME_LIMIT": 61 * 60,
    # Encoders of one picture at the same time; 0 is one for each processor, 4 at most.
    "IMAGE_THREADS": 0,
    # Seconds for which one process waits for another that makes renditions of the same picture, before it does so too.
    "RENDER_WAIT_SECONDS": 20,
    # Days for which a file that another one replaced stays, until caches have forgotten its address.
    "SUPERSEDED_DAYS": 30,
    # Days for which what was deleted stays in the trash, and can be restored; then it is deleted for good.
    "TRASH_DAYS": 30,
    # How many former files of an asset are kept when it gets another one, the latest ones; None is all of them.
    "KEEP_VERSIONS": 20,
    # Whether renditions that live pages use are made smaller in idle time. A polished rendition has a new address, of
    # which caches are told.
    "IMAGE_POLISHING": True,
    # Seconds after which one job of polishing stops; the next one goes on. One large AVIF takes a minute.
    "IMAGE_POLISH_SECONDS": 60,
    # What looks at assets and suggests tags, texts and focal points: dotted paths by the name under which editors see
    # it; functions as in insight/proposals.py. An empty path switches one off. None of these sends anything anywhere.
    "INSIGHT_BACKENDS": {
        "file": "media_library.insight.file.suggest",
        "people": "media_library.insight.seen.suggest_people",
        "colours": "media_library.insight.seen.suggest_colours",
        "focus": "media_library.insight.seen.suggest_focal_point",
        "text": "media_library.insight.text.suggest",
    },
    # Words in pictures, where Tesseract is installed: its names of the languages ("deu", "eng"), or none for those of
    # the site. How sure it must be of a word, 0 to 1; and what one look at a picture may take, in seconds and bytes.
    "INSIGHT_TEXT_LANGUAGES": [],
    "INSIGHT_TEXT_SURE": 0.7,
    "INSIGHT_TEXT_SECONDS": 60,
    "INSIGHT_TEXT_MAX_BYTES": 1024**3,
    # A server that describes pictures, in the manner of OpenAI (/chat/completions): its address, such as
    # http://localhost:11434/v1, the name of a model that can see, and a key if it wants one. Off without the first
    # two. Pictures are sent there; those of private collections only if INSIGHT_ENDPOINT_PRIVATE says so. Seconds to
    # connect and in all, and how many requests it is sent at the same time.
    "INSIGHT_ENDPOINT": "",
    "INSIGHT_ENDPOINT_MODEL": "",
    "INSIGHT_ENDPOINT_KEY": "",
    "INSIGHT_ENDPOINT_PRIVATE": False,
    "INSIGHT_ENDPOINT_CONNECT_SECONDS": 10,
    "INSIGHT_ENDPOINT_SECONDS": 180,
    "INSIGHT_ENDPOINT_AT_ONCE": 2,
    # The folder of a model that puts pictures and words into one space (insight/embedding/manifest.py); "" is none.
    # Threads that it may take in each process, bytes of either half at most, bytes of each process for the vectors of
    # the library, and how often it looks whether these have changed.
    "INSIGHT_MODEL_DIR": "",
    "INSIGHT_MODEL_THREADS": 1,
    "INSIGHT_MODEL_BYTES": 2 * 1024**3,
    "INSIGHT_INDEX_BYTES": 256 * 1024**2,
    "INSIGHT_INDEX_SECONDS": 10,
    # Largest upload, in bytes. Images have Wagtail's own WAGTAILIMAGES_MAX_UPLOAD_SIZE.
    "MAX_VIDEO_BYTES": 2 * 1024**3,
    "MAX_AUDIO_BYTES": 1024**3,
    "MAX_DOCUMENT_BYTES": 200 * 1024**2,
    # Where uploads are gathered until they are whole; None is a folder in WORK_DIR. All web processes and workers must
    # see the same folder. On the file system of the originals, a file of any size is taken in without being copied.
    "UPLOAD_DIR": None,
    # Days after which an upload that doesn't go on is removed.
    "UPLOAD_DAYS": 7,
    # Bytes of one request of the browser's; what stands before the server must let as many through.
    "UPLOAD_PART_BYTES": 8 * 1024**2,
    # Seconds for which an upload belongs to a request that has gone silent, before another one may go on with it.
    "UPLOAD_SILENCE_SECONDS": 10,
    # Bytes of the disk that uploads leave free for everything else.
    "UPLOAD_SPARE_BYTES": 500 * 1024**2,
    # Importing from addresses: seconds to connect, seconds without a byte, and seconds in all.
    "IMPORT_CONNECT_SECONDS": 10,
    "IMPORT_READ_SECONDS": 30,
    "IMPORT_SECONDS": 15 * 60,
    # Hosts and networks inside that may be imported from all the same: ["media.intranet", "10.1.0.0/16"].
    "IMPORT_ALLOWED_HOSTS": [],
    # Hosts of a CDN from which media are fetched, the best first: ["https://cdn.example.org"]. The first one that is
    # well is used, and the storage's own if none is (media_library/hosts.py).
    "MEDIA_HOSTS": [],
    # Longest sound, in hours.
    "MAX_AUDIO_HOURS": 12,
    # Keys that sign the addresses of renditions on demand, at least 32 characters each: the first one signs, all of
    # them are accepted. None at all means one that follows from SECRET_KEY.
    "TRANSFORM_KEYS": [],
    # Largest rendition on demand: pixels in all, and along one side.
    "TRANSFORM_MAX_PIXELS": 16_000_000,
    "TRANSFORM_MAX_EDGE": 8192,
    # How many of them one process renders at the same time, how many requests may wait for one beyond these, and for
    # how many seconds.
    "TRANSFORM_CONCURRENCY": 2,
    "TRANSFORM_QUEUE": 16,
    "TRANSFORM_WAIT_SECONDS": 20,
    # Seconds for which one may be cached when its address doesn't say which revision of the picture is meant.
    "TRANSFORM_MAX_AGE": 5 * 60,
    # Longest animation (GIF, WebP, AVIF, PNG): frames, and pixels in all frames together.
    "MAX_ANIMATION_FRAMES": 3_000,
    "MAX_ANIMATION_PIXELS": 100_000_000,
    # Largest drawing (SVG), in bytes. It is served as one file, whatever the size at which it is shown.
    "MAX_SVG_BYTES": 5 * 1024**2,
    # Largest captions: bytes, as uploaded and as WebVTT, and cues. Ten hours of dense speech are half of it.
    "MAX_CAPTIONS_BYTES": 1024**2,
    "MAX_CAPTION_CUES": 20_000,
    # What comes of media in what somebody wants to publish: "block", "warn" or "off". "unfinished" are those that
    # workers are at, "failed" those that could not be processed, "alt_text" pictures that nobody has described. What
    # may not be shown any more always blocks.
    "PUBLISHING_CHECKS": {"unfinished": "block", "failed": "block", "alt_text": "block"},
    # Days before the end of the right to show an asset from which editors are warned.
    "EXPIRY_WARNING_DAYS": 30,
    # Path of an ffmpeg to use instead of the one that imageio-ffmpeg brings.
    "FFMPEG": "",
    # What one ffmpeg may take: bytes of memory (0 is no limit), seconds in all, and seconds without any progress. The
    # seconds in all should be below Celery's soft limit for films, so that a film is told to be too long.
    "FFMPEG_MAX_BYTES": 6 * 1024**3,
    "FFMPEG_SECONDS": 2 * 60 * 60 + 45 * 60,
    "FFMPEG_STALL_SECONDS": 120,
    # Seconds of a film above which it is cut at key pictures, for several workers to transcode it; its parts last a
    # tenth of this. 0 leaves every film to one worker.
    "VIDEO_SPLIT_SECONDS": 5 * 60,
    # LUFS to which sound is brought: -23 is that of European broadcasting (EBU R 128), many players use -14 to -16.
    "LOUDNESS": -23.0,
    # Path of a TrueType or OpenType font for the text of watermarks, instead of Roboto (Latin, Greek, Cyrillic).
    "WATERMARK_FONT": "",
    # Watermarks for the filter ``watermark-<name>``: {"logo": {"image": "blog/logo.png", "position": "top-left",
    # "opacity": 0.5}, "press": {"text": "© Harbour Press"}}. An image is a static file's name or a path. Renditions
    # are kept for ever: give a watermark that has changed a new name.
    "WATERMARKS": {},
    # Beacons of front ends: how many one address may send a minute, to each web process; and after how many seconds,
    # or how many events before that, they are written to the database.
    "BEACONS_PER_MINUTE": 120,
    "STATISTICS_FLUSH_SECONDS": 10,
    "STATISTICS_FLUSH_EVENTS": 5000,
    # Requests a minute that one token, or one address without any, may send to the APIs for programs; 0 is no limit.
    "API_REQUESTS_PER_MINUTE": 1200,
    # Events of assets (server-sent): how many one web process sends at the same time (each takes one of its threads,
    # so fewer than there are), after how many seconds one ends, and how often it looks for news.
    "EVENT_STREAMS": 2,
    "EVENT_STREAM_SECONDS": 60,
    "EVENT_SECONDS": 1.0,
    # What one gigabyte (1024³ bytes) of storage costs a month, for the health board; 0 shows no costs.
    "STORAGE_PRICE_PER_GB": 0.0,
    "STORAGE_CURRENCY": "EUR",
    # Originals above this are oversize: they can be used, and were better smaller. Bytes, by kind.
    "OVERSIZE_BYTES": {
        "image": 20 * 1024**2,
        "video": 1024**3,
        "audio": 200 * 1024**2,
        "document": 50 * 1024**2,
    },
    # Hours after which work on an asset that has not ended is stuck.
    "STUCK_HOURS": 4,
    # Days after which media that nothing uses go to the trash; 0 never. They are announced so many days before.
    "UNUSED_CLEANUP_DAYS": 0,
    "UNUSED_NOTICE_DAYS": 14,
    # How many proxies of ours stand in front, each of which adds an address to X-Forwarded-For.
    "TRUSTED_PROXIES": 0,
    # Days for which an API token is good; 0 until somebody revokes it.
    "API_TOKEN_DAYS": 0,
    # Seconds for which the signed address of a file in a private collection is good, between half of it and all.
    "PRIVATE_URL_SECONDS": 60 * 60,
    # Where workers keep what is not finished; None is a folder of ours in the system's temporary folder.
    "WORK_DIR": None,
}


class MediaLibrarySettings:
    """Reads ``settings.MEDIA_LIBRARY`` at each access, so that ``override_settings`` works in tests.

    Raises ``AttributeError`` for a name that is not in ``DEFAULTS``.
    """

    def __getattr__(self, name: str) -> Any:
        if name not in DEFAULTS:
            raise AttributeError(f"'{name}' is not a setting of MEDIA_LIBRARY")
        return getattr(settings, "MEDIA_LIBRARY", {}).get(name, DEFAULTS[name])

    @property
    def publishing_checks(self) -> dict[str, str]:
        """``PUBLISHING_CHECKS`` with the defaults of those that it doesn't name."""
        return DEFAULTS["PUBLISHING_CHECKS"] | self.PUBLISHING_CHECKS

    @property
    def work_dir(self) -> Path:
        """The folder for unfinished work, made if it is missing."""
        path = Path(self.WORK_DIR or Path(tempfile.gettempdir()) / "darkroom")
        path.mkdir(parents=True, exist_ok=True)
        return path

    @property
    def upload_dir(self) -> Path:
        """The folder of unfinished uploads, made if it is missing."""
        path = Path(self.UPLOAD_DIR) if self.UPLOAD_DIR else self.work_dir / "uploads"
        path.mkdir(parents=True, exist_ok=True)
        return path


conf = MediaLibrarySettings()
