"""
Every page of the site, from its URL patterns, with payloads in all that it shows: nothing runs, nothing could, and
nothing meets the Content-Security-Policy.
"""

import pytest
from django.test import Client

from research.admin.accounts import AccountAdmin
from research.models import Publication
from tests.addresses import paths
from tests.hostile import texts, traces

OPENED = (6, 1, 56)  # for visitors, to log in, and of the desk, as docs/promises.md says
SHARED_DRAFT = "/admin/research/publication/2/share/"  # what the pattern leads to is published
# What shows nothing that anybody has written.
BARE = [
    "/admin/login/",
    "/admin/auth/user/1/delete/",  # refused, as the next ones without a form are
    "/admin/auth/user/1/password/",
    "/admin/auth/user/add/",
    "/admin/autocomplete/",
    "/admin/password_change/",
    "/admin/password_change/done/",
    "/admin/research/person/add/",
    "/admin/research/profile/1/delete/",
    "/admin/research/profile/add/",
    "/admin/research/profile/deleted/",
    "/admin/research/project/add/",
    "/admin/research/publication/add/",
    "/admin/research/topic/add/",
    "/admin/security/app/",
    "/admin/security/confirm/",
    "/admin/x",
]


def pages(client, addresses):
    """{address: status} of those that answer with a page, and not with a file or a redirect."""
    found = {}
    for address in addresses:
        response = client.get(address)
        if response.streaming:
            list(response.streaming_content)  # which closes the file
        elif response.get("Content-Type", "").startswith("text/html") and not 300 <= response.status_code < 400:
            found[address] = response.status_code
    return found


@pytest.fixture
def every_page(live_server, whole_site, owner_client):
    """What answers with a page: to a visitor, and in the desk to its owner."""
    found = paths(whole_site)
    desk = [*(path for path in found if path.startswith("/admin/")), SHARED_DRAFT]
    return pages(Client(), found), pages(owner_client, desk)


@pytest.fixture
def hostile_site(every_page, takes_any_length, records, admin_user, stored_picture):
    """Payloads in every field of the records with the key 1, their versions, in what was deleted, and beside them."""
    publication, _, project, topic, profile = records
    publication.topics.add(topic)
    publication.thumbnail = project.thumbnail = profile.photo = stored_picture()
    texts.write_over([*records, Publication.objects.get(pk=2)], admin_user)
    texts.delete_some(admin_user)
    traces.leave(admin_user)


def test_no_payload_runs_or_could_on_any_page(visit, watch, every_page, hostile_site, admin_user, monkeypatch):
    monkeypatch.setattr(AccountAdmin, "list_per_page", 1_000)
    for_visitors, of_the_desk = every_page
    public = {address: status for address, status in for_visitors.items() if not address.startswith("/admin/")}
    login = {address: status for address, status in for_visitors.items() if address not in public}
    assert (len(public), len(login), len(of_the_desk)) == OPENED
    bare = []
    for options, asked in (({}, public), ({"takes_cookies": True}, login), ({"user": admin_user}, of_the_desk)):
        visitor = visit(**options)
        for address, status in asked.items():
            if status != 200:
                watch.expect(f"{status}: GET {address}")
            visitor.open(address)
            if not visitor.holds():
                bare.append(address)
        assert visitor.found == []
    assert bare == BARE
