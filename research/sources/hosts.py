"""
Whom the program may ask, and at which address: the hosts of the sources, with https, at public addresses alone; and
whether a link is alive of every host, at public addresses alone.

An address that the operator has set (`settings.SOURCE_URLS` other than its default) is asked exactly as it stands:
scheme, host and port, wherever its name leads, since an operator may run a mirror inside their own network.
"""

import ipaddress
import socket
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings

# Where doi.org sends whoever asks for a record (each registration agency has its own), and where arXiv's PDFs are.
ALSO = ("arxiv.org", "data.crossref.org", "data.crosscite.org", "api.datacite.org", "data.datacite.org",
        "data.medra.org", "dblp.uni-trier.de", "dblp.dagstuhl.de")  # fmt: skip
GLOBAL = ipaddress.ip_network("2000::/3")  # all that the internet has of IPv6 (RFC 4291, IANA)
DOCUMENTATION = ipaddress.ip_network("3fff::/20")  # RFC 9637; Python's own list lacks it, depending on its patch level
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


class Target(NamedTuple):
    """What an address asks for, checked: whom to connect to, by which name, for which path."""

    scheme: str
    host: str
    port: int
    path: str  # with its query
    addresses: tuple[str, ...]  # the IP addresses to connect to, the best first

    @property
    def name(self):
        """The value of the header `Host`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == {"http": 80, "https": 443}[self.scheme] else f"{host}:{self.port}"


def origin(url):
    """(scheme, host, port) of an address. Raises ValueError for what is none."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ValueError(f"{url[:200]!r} is not an address that can be asked.")
    return parts.scheme, parts.hostname.rstrip(".").lower(), parts.port or (443 if parts.scheme == "https" else 80)


def of_the_operator():
    """The origins that the operator has set."""
    defaults = settings.DEFAULT_SOURCE_URLS
    return {origin(url) for name, url in settings.SOURCE_URLS.items() if url != defaults.get(name)}


def check(url):
    """
    The `Target` of an address.

    Raises ValueError with a sentence where the program must not ask it, and OSError where its name is unknown.
    """
    scheme, host, _ = found = origin(url)
    if found not in of_the_operator():
        usual = {origin(default) for default in settings.SOURCE_URLS.values()} | {("https", name, 443) for name in ALSO}
        if found not in usual or scheme != "https":
            raise ValueError(f"{scheme}://{host} is not one of the sources that this program asks.")
    return target(url)


def target(url):
    """
    The `Target` of an address, whosever it is: at public addresses alone, unless the operator has set it.

    Raises as `check`.
    """
    scheme, host, port = found = origin(url)
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii() or not path.isprintable() or " " in path:
        raise ValueError(f"{url[:200]!r} is not an address that can be asked.")
    addresses = list(dict.fromkeys(entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
    if found not in of_the_operator() and not all(map(is_public, addresses)):
        raise ValueError(f"{host} leads to an address inside a private network, which is not asked.")
    return Target(scheme, host, port, path, tuple(addresses))


def is_public(text):
    """Whether an IP address is one of the internet at large, also where it wraps an IPv4 address in IPv6."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if address.version == 6:
        inner = address.ipv4_mapped or (ipaddress.ip_address(int(address) & 0xFFFFFFFF) if address in NAT64 else None)
        if inner:
            return is_public(str(inner))
        if address.sixtofour or address.teredo or address not in GLOBAL or address in DOCUMENTATION:
            return False
    return address.is_global and not address.is_multicast
