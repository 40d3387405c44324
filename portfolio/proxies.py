"""Which X-Forwarded-* headers are believed, and who is behind them."""

import ipaddress

from django.conf import settings


class TrustedProxies:
    """
    Middleware that removes X-Forwarded-* headers unless a front server in TRUSTED_PROXIES sent the request.

    Anybody can send `X-Forwarded-Proto: https` or somebody else's address; only the front server's word counts.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not is_trusted(request.META.get("REMOTE_ADDR", "")):
            for header in [name for name in request.META if name.startswith("HTTP_X_FORWARDED_")]:
                del request.META[header]
        return self.get_response(request)


def is_trusted(address):
    """Whether TRUSTED_PROXIES has a network with the peer's address (text); the peer of a Unix socket has none."""
    if not address:
        return "unix" in settings.TRUSTED_PROXIES
    try:
        address = ipaddress.ip_address(address)
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address in network for network in settings.TRUSTED_PROXIES if network != "unix")


def client_address(request):
    """
    The address (text) of whoever sent the request; "" where there is none, as on a Unix socket.

    Each proxy appends whom it was asked by, so the last in X-Forwarded-For that is no proxy of ours is the client:
    what stands before it, the client may have written. The header of an unknown peer is gone (TrustedProxies).
    """
    peer = request.META.get("REMOTE_ADDR") or ""
    if not is_trusted(peer):
        return peer
    for address in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        peer = address.strip() or peer
        if not is_trusted(peer):
            break
    return peer


def client_network(request):
    """The client's address, of IPv6 its /64 network: all of that belongs to one customer. None where there is none."""
    try:
        address = ipaddress.ip_address(client_address(request))
    except ValueError:
        return None
    address = getattr(address, "ipv4_mapped", None) or address
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((int(address), 64), strict=False).network_address)
