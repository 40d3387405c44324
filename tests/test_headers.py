import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from portfolio.headers import POLICY, SecurityHeaders

FIXED = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Server": "web",
}


# What a script of a page for visitors may do with text; the admin's jQuery makes markup of it.
TRUSTED_TYPES = "; require-trusted-types-for 'script'; trusted-types 'none'"
PUBLIC = FIXED | {"Content-Security-Policy": FIXED["Content-Security-Policy"] + TRUSTED_TYPES}


def fixed(response):
    return {name: response.headers.get(name) for name in FIXED}


@pytest.mark.parametrize("address", ["/", "/publications/", "/nowhere/", "/robots.txt"])
def test_every_page_has_them(client, profile, address):
    assert fixed(client.get(address)) == PUBLIC


def test_the_login_has_them(client, profile):
    assert fixed(client.get("/admin/login/")) == FIXED


def test_a_page_for_the_owner_has_them(owner_client, profile):
    assert fixed(owner_client.get("/admin/research/publication/add/")) == FIXED


def test_a_broken_page_has_them(client, monkeypatch, profile):
    monkeypatch.setattr("research.models.Profile.current", lambda: 1 / 0)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert fixed(response) == PUBLIC


def test_no_feature_of_the_browser_is_used(client, profile):
    features = client.get("/")["Permissions-Policy"].split(", ")
    assert {"camera=()", "geolocation=()", "microphone=()"} <= set(features)
    assert all(feature.endswith("=()") for feature in features)


def test_what_is_meant_for_other_sites_may_be_had_by_them(client, profile):
    response = client.get("/feed.xml")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_nothing_inline_and_nothing_of_others_is_allowed():
    sources = " ".join(POLICY.values())
    assert set(sources.split()) == {"'none'", "'self'", "blob:"}
    assert "blob:" not in POLICY["script-src"]


def test_over_https_nothing_is_asked_for_without_it(settings):
    settings.IS_HTTPS = True
    response = SecurityHeaders(lambda request: HttpResponse())(RequestFactory().get("/admin/"))
    assert response["Content-Security-Policy"].endswith("; frame-ancestors 'none'; upgrade-insecure-requests")


def test_a_picture_may_be_shown_by_the_pages_of_others(client, db, stored_picture):
    response = client.get(f"/media/{stored_picture()}")
    b"".join(response.streaming_content)
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
