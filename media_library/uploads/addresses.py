"""Which addresses a worker may ask: those that anybody in the world could ask."""

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from django.utils.translation import gettext as _

from media_library.conf import conf
from media_library.exceptions import ImportFailed, NotPublic, UnknownHost
from media_library.uploads.names import storable

PORTS = {"http": 80, "https": 443}
LONGEST = 2000

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""IPv6 addresses that stand for an IPv4 one in their last 32 bits (RFC 6052)."""


@dataclass(frozen=True)
class Target:
    """Where to connect to: the address itself, which was checked, so that a name can't mean another one meanwhile."""

    scheme: str
    host: str
    port: int
    path: str
    address: str

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def read_url(url: str) -> SplitResult:
    """Take an address apart. Raises ``ImportFailed`` for anything but one of the web."""
    problem = _("This is no address of a file on the web. It must begin with https:// or http://.")
    if len(url) > LONGEST or any(ord(one) <= 32 or ord(one) == 127 for one in url) or storable(url) != url:
        raise ImportFailed(problem)
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises ValueError
    except ValueError as error:
        raise ImportFailed(problem) from error
    if parts.scheme not in PORTS or not parts.hostname:
        raise ImportFailed(problem)
    if parts.username is not None or parts.password is not None:
        raise ImportFailed(_("Addresses with a user name or a password in them are not asked."))
    return parts


def resolve(url: str, allowed_hosts: Iterable[object] | None = None) -> Target:
    """Find out where an address leads.

    ``allowed_hosts`` are hosts and networks inside that may be asked all the same, ``IMPORT_ALLOWED_HOSTS`` by
    default. Raises ``NotPublic`` if it leads where not everybody could go, in any of its answers, and
    ``UnknownHost``; both are ``ImportFailed``.
    """
    allowed = {str(one).lower() for one in (conf.IMPORT_ALLOWED_HOSTS if allowed_hosts is None else allowed_hosts)}
    parts = read_url(url)
    host = str(parts.hostname)
    port = parts.port or PORTS[parts.scheme]
    try:
        ascii_host = host if ":" in host else host.encode("idna").decode("ascii")
        found = socket.getaddrinfo(ascii_host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnknownHost(_("There is no server named “%(host)s”. Check the address.") % {"host": host}) from error
    addresses = [ipaddress.ip_address(str(answer[4][0]).partition("%")[0]) for answer in found]
    if host.lower() not in allowed and not all(is_allowed(one, _networks(allowed)) for one in addresses):
        raise NotPublic(
            _("“%(host)s” is inside a private network. Files are imported from the public web only.") % {"host": host}
        )
    path = parts.path or "/"
    if parts.query:
        path += f"?{parts.query}"
    return Target(parts.scheme, ascii_host, port, _quoted(path), str(addresses[0]))


def follow(url: str, location: str) -> str:
    """Where a redirect leads."""
    return urljoin(url, location)


def is_allowed(address: Address, networks: Iterable[Network] = ()) -> bool:
    """Whether this is an address of the public internet, or of a network that the operator has named."""
    if any(address in network for network in networks if network.version == address.version):
        return True
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            return is_allowed(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF), networks)
        carried = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if any(one is not None and not is_allowed(one, networks) for one in carried):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _networks(names: Iterable[str]) -> list[Network]:
    networks = []
    for one in names:
        try:
            networks.append(ipaddress.ip_network(one, strict=False))
        except ValueError:
            # The name of a host.
            continue
    return networks


def _quoted(path: str) -> str:
    """Letters beyond ASCII as browsers send them."""
    return "".join(one if ord(one) < 128 else "".join(f"%{byte:02X}" for byte in one.encode()) for one in path)
