"""Whatever a stranger sends with an address, it is answered, and never with a fault."""

import ipaddress
from datetime import timedelta
from urllib.parse import quote, urlencode

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from research import draft_links

pytestmark = pytest.mark.django_db

asked = hypothesis_settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ANY = st.characters(max_codepoint=255, exclude_characters="\r\n\0")  # of a header, as a server hands it over
VALUES = st.text(max_size=8) | st.sampled_from(["owls", "1", "2024", "0" * 12, "article", "٣", "\0", "-1", "9" * 30])
PARAMETERS = st.lists(st.tuples(st.sampled_from(["q", "year", "type", "topic", "author", "page"]), VALUES), max_size=6)


def made_of(*words):
    """Texts made of what is understood there, so that they come further than noise."""
    return st.lists(st.sampled_from(words) | st.text(ANY, max_size=5), max_size=12).map("".join)


HEADERS = {
    "Accept": made_of("text/html", "text/x-bibliography", "*/*", ";q=", "; style=", "; a*=x''y", "1e9", ","),
    "Range": made_of("bytes=", "0", "5", "-", "9" * 30, ",", " ", "items="),
    "If-None-Match": made_of('"', "W/", "*", ",", " ", '"abc"'),
}
PROXIES = made_of("127.0.0.1", "::1", "::ffff:1.2.3.4", "[", "]", ":80", ",", " ", "999.1", "unknown", "fe80::1%eth0")


@pytest.fixture
def publication(profile, make_publication, make_person):
    name = default_storage.save(f"files/{'a' * 32}/owls.pdf", ContentFile(b"%PDF-1.7 owls"))
    return make_publication([make_person()], slug="owls", citation_key="owls", pdf=name)


def status(client, path, **options):
    """The status of an answer, which is read to its end."""
    response = client.get(path, **options)
    if response.streaming:
        b"".join(response.streaming_content)
    return response.status_code


@asked
@given(PARAMETERS, st.text(max_size=20))
def test_any_query_leads_to_a_list(client, publication, parameters, text):
    assert status(client, "/publications/", QUERY_STRING=urlencode(parameters)) == 200
    assert status(client, "/publications.bib", QUERY_STRING=quote(text, safe="&=%+;")) == 200


@pytest.mark.parametrize("name", HEADERS)
def test_any_header_is_read_or_left(name, client, publication):
    @asked
    @given(HEADERS[name])
    def check(text):
        path = "/publications/owls/" if name == "Accept" else "/publications/owls/owls.pdf"
        assert status(client, path, headers={name: text}) in {200, 206, 304, 406, 416}

    check()


@asked
@given(PROXIES)
def test_any_addresses_before_the_front_servers_are_taken_at_the_login(client, settings, admin_user, text):
    settings.TRUSTED_PROXIES = [ipaddress.ip_network("127.0.0.0/8")]
    answer = client.post("/admin/login/", {"username": "admin", "password": "x"}, headers={"X-Forwarded-For": text})
    assert answer.status_code in {200, 429}


@pytest.fixture
def token(make_publication):
    record = make_publication(status="draft")
    return draft_links.path(record, timezone.now() + timedelta(1)).split("/")[2]


@asked
@given(st.text(max_size=20), st.data())
def test_any_token_that_was_not_given_out_shows_nothing(client, token, text, data):
    assert client.get(f"/drafts/{token}/").status_code == 200
    start, end = (data.draw(st.integers(0, len(token))) for _ in range(2))
    for other in (text, token[:start] + text + token[end:]):
        if other != token:
            assert status(client, f"/drafts/{quote(other, safe='')}/") == 404
