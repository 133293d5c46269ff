"""Who may see how Darkroom is doing: whoever has ``MONITORING_TOKEN``, or asks from ``MONITORING_NETWORKS``."""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from media_library.api.addresses import client_address


def may_watch(request: HttpRequest) -> bool:
    """Whether details are for them; nobody at all where neither setting is made."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if settings.MONITORING_TOKEN and scheme.lower() == "bearer":
        return constant_time_compare(token.strip(), settings.MONITORING_TOKEN)
    try:
        address = ip_address(client_address(request))
    except ValueError:  # a Unix socket has none
        return False
    return any(address in ip_network(network, strict=False) for network in settings.MONITORING_NETWORKS)
