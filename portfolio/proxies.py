"""Which X-Forwarded-* headers are believed."""

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
    """Whether the peer's address (text) lies in one of the networks of TRUSTED_PROXIES."""
    try:
        address = ipaddress.ip_address(address)
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address in network for network in settings.TRUSTED_PROXIES)
