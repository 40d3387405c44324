import ipaddress

import pytest
from django.http import HttpResponse

from portfolio.proxies import TrustedProxies, client_address, client_network, is_trusted


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


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.1", None, "203.0.113.1"),
        ("10.1.2.3", "203.0.113.1", "203.0.113.1"),
        ("10.1.2.3", "1.2.3.4, 203.0.113.1", "203.0.113.1"),
        ("10.1.2.3", "1.2.3.4,203.0.113.1 , 10.9.9.9", "203.0.113.1"),
        ("10.1.2.3", "10.9.9.9", "10.9.9.9"),
        ("10.1.2.3", "", "10.1.2.3"),
        ("10.1.2.3", None, "10.1.2.3"),
        ("203.0.113.1", "1.2.3.4", "203.0.113.1"),
        ("", "1.2.3.4", ""),
    ],
)
def test_the_client_is_whom_the_last_front_server_of_ours_was_asked_by(rf, settings, peer, forwarded, client):
    settings.TRUSTED_PROXIES = [ipaddress.ip_network("10.0.0.0/8")]
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    assert client_address(rf.get("/", REMOTE_ADDR=peer, headers=headers)) == client


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.1", "203.0.113.1"),
        ("::ffff:203.0.113.1", "203.0.113.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("unix:", None),
        ("", None),
    ],
)
def test_an_address_of_ipv6_stands_for_its_network(rf, address, network):
    assert client_network(rf.get("/", REMOTE_ADDR=address)) == network


@pytest.mark.parametrize(
    ("peer", "is_believed"), [("", True), ("unix:", False), ("127.0.0.1", False), ("10.1.2.3", True)]
)
def test_the_front_server_at_a_unix_socket_has_no_address_and_is_believed_where_that_is_said(
    settings, peer, is_believed
):
    settings.TRUSTED_PROXIES = ["unix", ipaddress.ip_network("10.0.0.0/8")]
    assert is_trusted(peer) is is_believed
