"""From the environment to settings of a CDN. Knows no models: settings call it."""

from typing import Any
from urllib.parse import urlsplit

from cms.environment import Environment

BACKENDS = "cms.delivery.purge.backends."


def frontend_cache(env: Environment, base_url: str) -> dict[str, dict[str, Any]]:
    """What ``CDN_BACKEND`` and its variables mean; nothing without it.

    ``CDN_HOSTNAMES`` are the hosts that the CDN serves, that of ``base_url`` by default: no others are purged.
    Raises ``ImproperlyConfigured``.
    """
    hostnames = env.list("CDN_HOSTNAMES", default=[urlsplit(base_url).hostname or "*"])
    if not env.str("CDN_BACKEND", default=""):
        return {}
    name = env.choice("CDN_BACKEND", "", KINDS)
    backend, variables = KINDS[name]
    options: dict[str, Any] = {"BACKEND": BACKENDS + backend, "HOSTNAMES": hostnames}
    for key, (variable, is_needed) in variables.items():
        value = env.list(variable, default=[]) if key == "LOCATIONS" else env.str(variable, default="")
        if is_needed and not value:
            raise env.wrong(variable, f"its value: CDN_BACKEND={name} can't do without")
        if value:
            options[key] = value
    return {"cdn": options}


def media_hosts(env: Environment) -> list[str]:
    """``CDN_HOSTS``: where media are fetched from, as ``https://cdn.example.org``. Raises ``ImproperlyConfigured``."""
    found = [one.rstrip("/") for one in env.list("CDN_HOSTS", default=[])]
    for one in found:
        parts = urlsplit(one)
        if parts.scheme not in ("http", "https") or one != f"{parts.scheme}://{parts.netloc}" or not parts.hostname:
            raise env.wrong("CDN_HOSTS", "hosts with https:// and without a path, with commas between them")
    return found


KINDS: dict[str, tuple[str, dict[str, tuple[str, bool]]]] = {
    "cloudflare": (
        "Cloudflare",
        {
            "ZONEID": ("CLOUDFLARE_ZONE_ID", True),
            "BEARER_TOKEN": ("CLOUDFLARE_API_TOKEN", True),
            "API": ("CLOUDFLARE_API_URL", False),
        },
    ),
    "cloudfront": ("CloudFront", {"DISTRIBUTION_ID": ("CLOUDFRONT_DISTRIBUTION_ID", True)}),
    "fastly": (
        "Fastly",
        {
            "SERVICE_ID": ("FASTLY_SERVICE_ID", True),
            "TOKEN": ("FASTLY_API_TOKEN", True),
            "API": ("FASTLY_API_URL", False),
        },
    ),
    "varnish": ("Varnish", {"LOCATIONS": ("CDN_LOCATIONS", True)}),
    "http": ("HTTPCache", {"LOCATIONS": ("CDN_LOCATIONS", True)}),
    "azure": (
        "AzureFrontDoor",
        {
            "RESOURCE_GROUP_NAME": ("AZURE_RESOURCE_GROUP", True),
            "FRONT_DOOR_NAME": ("AZURE_FRONT_DOOR", True),
            "SUBSCRIPTION_ID": ("AZURE_SUBSCRIPTION_ID", False),
        },
    ),
}
"""For each CDN its backend, and for each of its options the variable, and whether there is no going without it."""
