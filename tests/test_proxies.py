import ipaddress

import pytest
from django.http import HttpResponse

from portfolio.proxies import TrustedProxies


@pytest.mark.parametrize(
    ("peer", "is_believed"),
    [
        ("10.1.2.3", True),
        ("::ffff:10.1.2.3", True),
        ("11.1.2.3", False),
        ("2001:db8::1", False),
        ("", False),
        ("unix:", False),
    ],
)
def test_only_a_trusted_front_server_may_say_that_a_request_came_by_https(rf, settings, peer, is_believed):
    settings.TRUSTED_PROXIES = [ipaddress.ip_network("10.0.0.0/8")]
    seen = []
    middleware = TrustedProxies(lambda request: seen.append(request) or HttpResponse())
    middleware(rf.get("/", REMOTE_ADDR=peer, headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "1.2.3.4"}))
    assert seen[0].is_secure() is is_believed
    assert ("HTTP_X_FORWARDED_FOR" in seen[0].META) is is_believed
