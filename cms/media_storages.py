"""Where the library keeps its files, chosen by the environment: on disk, in S3 or what speaks as it does, or on
Cloudinary."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environ import Env

CLOUDINARY_KEYS = ("CLOUDINARY_CLOUD_NAME", "CLOUDINARY_API_KEY", "CLOUDINARY_API_SECRET")

Storages = dict[str, dict[str, Any]]
"""By alias (``default`` for what workers made, ``originals`` for what editors uploaded), as in ``STORAGES``."""


def media_storages(env: Env, data_dir: Path) -> tuple[str, dict[str, Storages]]:
    """The kind of storage in use, and the storages of every kind that the environment describes.

    More than one is described while a library moves (``manage.py move_storage``); ``MEDIA_STORAGE`` then says which is
    in use. Raises ``ImproperlyConfigured`` with what to do.
    """
    described = {"local": local(data_dir)}
    if env.str("S3_BUCKET", default=""):
        described["s3"] = s3(env)
    if env.bool("USE_CLOUDINARY", default=False):
        described["cloudinary"] = cloudinary(env)
    chosen = env.str("MEDIA_STORAGE", default=list(described)[-1])
    if chosen not in described:
        needed = {"s3": "S3_BUCKET", "cloudinary": "USE_CLOUDINARY"}
        hint = f"set {needed[chosen]}" if chosen in needed else f"choose one of {', '.join(['local', *needed])}"
        raise ImproperlyConfigured(f"MEDIA_STORAGE is {chosen!r}, which is not set up: {hint}.")
    return chosen, described


def local(data_dir: Path) -> Storages:
    return {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            # A name holds a hash of the bytes, so writing it again writes the same file. The place is said here, since
            # a library that moves is read from it while MEDIA_ROOT may serve another.
            "OPTIONS": {"allow_overwrite": True, "location": str(data_dir / "media")},
        },
        "originals": {
            "BACKEND": "media_library.storage.PrivateFileSystemStorage",
            "OPTIONS": {"location": str(data_dir / "originals")},
        },
    }


def s3(env: Env) -> Storages:
    """Keys are not here: boto3 finds them, in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or the machine's role."""
    prefix = env.str("S3_PREFIX", default="").strip("/")
    delivery = env.str("S3_RENDITIONS", default="public")
    if delivery not in ("public", "signed"):
        raise ImproperlyConfigured(f"S3_RENDITIONS is {delivery!r}: write public or signed.")
    domain = env.str("S3_CUSTOM_DOMAIN", default="") or None
    if delivery == "signed" and domain and not env.str("CLOUDFRONT_KEY_ID", default=""):
        raise ImproperlyConfigured(
            "S3_RENDITIONS is signed, and nothing signs addresses on S3_CUSTOM_DOMAIN: set CLOUDFRONT_KEY_ID and "
            "CLOUDFRONT_PRIVATE_KEY, or leave S3_CUSTOM_DOMAIN out."
        )
    common = {
        "region_name": env.str("S3_REGION", default="") or None,
        "endpoint_url": env.str("S3_ENDPOINT_URL", default="") or None,
    }
    bucket = env.str("S3_BUCKET")
    renditions = {
        "bucket_name": env.str("S3_RENDITIONS_BUCKET", default="") or bucket,
        "location": _joined(prefix, "media"),
        "custom_domain": domain,
        "default_acl": env.str("S3_RENDITIONS_ACL", default="") or None,
        "querystring_auth": delivery == "signed",
        "querystring_expire": env.int("S3_URL_SECONDS", default=60 * 60),
    }
    originals = {"bucket_name": bucket, "location": _joined(prefix, "originals")}
    return {
        "default": {"BACKEND": "media_library.storage.s3.S3Renditions", "OPTIONS": common | renditions},
        "originals": {"BACKEND": "media_library.storage.s3.S3Originals", "OPTIONS": common | originals},
    }


def cloudinary(env: Env) -> Storages:
    """Name, key and secret are not here: Cloudinary's SDK reads them from the environment, too."""
    missing = [name for name in CLOUDINARY_KEYS if not env.str(name, default="")]
    if missing and not env.str("CLOUDINARY_URL", default=""):
        raise ImproperlyConfigured(f"USE_CLOUDINARY needs {', '.join(missing)}, as Cloudinary's console shows them.")
    folder = env.str("CLOUDINARY_FOLDER", default="").strip("/")
    kinds = {"default": ("CloudinaryRenditions", "media"), "originals": ("CloudinaryOriginals", "originals")}
    return {
        alias: {
            "BACKEND": f"media_library.storage.cloudinary.{name}",
            "OPTIONS": {"prefix": _joined(folder, inside)},
        }
        for alias, (name, inside) in kinds.items()
    }


def cookie_domain(env: Env, base_url: str) -> str:
    """``CLOUDFRONT_COOKIE_DOMAIN``, empty for no cookies. Raises ``ImproperlyConfigured`` with what to do."""
    domain = env.str("CLOUDFRONT_COOKIE_DOMAIN", default="").strip(".").lower()
    if not domain:
        return ""
    if not env.str("S3_CUSTOM_DOMAIN", default="") or not env.str("CLOUDFRONT_KEY_ID", default=""):
        raise ImproperlyConfigured(
            "CLOUDFRONT_COOKIE_DOMAIN needs S3_CUSTOM_DOMAIN, CLOUDFRONT_KEY_ID and CLOUDFRONT_PRIVATE_KEY."
        )
    hosts = {
        "S3_CUSTOM_DOMAIN": env.str("S3_CUSTOM_DOMAIN").lower(),
        "BASE_URL": urlsplit(base_url).hostname or "",
    }
    for name, host in hosts.items():
        if not f".{host}".endswith(f".{domain}"):
            raise ImproperlyConfigured(
                f"CLOUDFRONT_COOKIE_DOMAIN is {domain!r}, and {name} ({host}) is not below it: no browser would keep "
                "or send the cookies. Name the domain that both have in common, or leave it out."
            )
    return domain


def _joined(prefix: str, folder: str) -> str:
    return f"{prefix}/{folder}" if prefix else folder
