"""The owner takes a link to a draft, chooses for how long, and withdraws it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from research import draft_links

from .page import open_page

pytestmark = pytest.mark.django_db


def shared_link(page):
    return re.search(r'<a href="([^"]+)" data-copy', page.response.content.decode())[1]


@pytest.mark.parametrize("noun", ["publication", "project"])
def test_the_form_of_a_draft_leads_to_a_link_that_shows_it(owner_client, client, settings, request, noun):
    settings.SITE_URL = "http://localhost"
    draft = request.getfixturevalue(f"make_{noun}")(title="Secret owls", status="draft")
    form = open_page(owner_client, f"/admin/research/{noun}/{draft.pk}/change/")
    share = f"/admin/research/{noun}/{draft.pk}/share/"
    assert form.links[share] == "Show the draft to somebody"
    link = shared_link(open_page(owner_client, share))
    assert link.startswith("http://localhost/drafts/")
    assert "Secret owls" in client.get(link.removeprefix("http://localhost")).content.decode()


@pytest.mark.parametrize(("asked", "days"), [("3", 3), ("", 14), ("5", 14), ("10000", 14), ("²", 14)])
def test_the_days_are_chosen_among_a_few(owner_client, make_publication, asked, days):
    draft = make_publication(status="draft")
    page = open_page(owner_client, f"/admin/research/publication/{draft.pk}/share/", days=asked)
    _, until = draft_links.opened(shared_link(page).split("/")[-2])
    assert abs(until - timezone.now() - timedelta(days=days)) < timedelta(minutes=1)
    assert f'<option value="{days}" selected>' in page.response.content.decode()


def test_all_links_are_withdrawn_and_the_page_has_a_new_one(owner_client, client, make_publication):
    draft = make_publication(status="draft")
    url = f"/admin/research/publication/{draft.pk}/share/"
    old = shared_link(open_page(owner_client, url))
    page = open_page(owner_client, owner_client.post(url)["Location"])
    assert page.messages == ["No link that was made before works any more. The one below is a new one."]
    statuses = [client.get("/" + link.split("/", 3)[3]).status_code for link in (old, shared_link(page))]
    assert statuses == [410, 200]


def test_what_is_published_needs_no_link(owner_client, make_publication):
    public = make_publication(title="Known owls", slug="known")
    form = open_page(owner_client, f"/admin/research/publication/{public.pk}/change/")
    assert f"/admin/research/publication/{public.pk}/share/" not in form.links
    page = open_page(owner_client, f"/admin/research/publication/{public.pk}/share/")
    assert ("/publications/known/" in page.links, "data-copy" in page.response.content.decode()) == (True, False)


def test_only_who_may_change_a_draft_may_share_it(staff_client, client, make_publication):
    draft = make_publication(status="draft")
    url = f"/admin/research/publication/{draft.pk}/share/"
    assert client.get(url).status_code == 302
    assert staff_client("view_publication").get(url).status_code == 403


def test_a_draft_that_is_gone_cannot_be_shared(owner_client):
    assert owner_client.get("/admin/research/publication/99/share/").status_code == 404
