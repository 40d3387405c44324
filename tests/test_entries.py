"""Entries of lists are remembered by what they are made of: never stale, and rendered anew only where they changed."""

from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import timezone

from research import entries
from research.context_processors import Site
from research.models import Authorship, Person, Profile, Publication, PublicationLink

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(make_publication, make_person):
    """Two selected publications, of Jane and of John, the first with a link."""
    first = make_publication([make_person("Jane Doe")], title="Owls", slug="owls", selected=True)
    make_publication([make_person("John Roe")], title="Bats", slug="bats", selected=True)
    PublicationLink.objects.create(publication=first, kind="code", url="https://code.example/owls")


@pytest.fixture
def rendered(monkeypatch):
    """The titles of the entries that are rendered, in a list that grows."""
    entries.forget()
    titles, render = [], entries.render_to_string

    def noted(template, context):
        titles.append(context["publication"].title)
        return render(template, context)

    monkeypatch.setattr(entries, "render_to_string", noted)
    return titles


def rename():
    Person.objects.filter(family_name="Doe").update(family_name="Dove")


def relabel():
    PublicationLink.objects.update(label="Program")


def mark():
    Authorship.objects.filter(person__family_name="Doe").update(equal_contribution=True)


def retitle():
    Publication.objects.filter(slug="owls").update(title="Barn owls")


@pytest.mark.parametrize(
    ("change", "new"),
    [(rename, "Jane Dove</a>"), (relabel, ">Program</a>"), (mark, "Jane Doe</a>*"), (retitle, ">Barn owls</a>")],
)
def test_a_change_is_on_the_next_page_and_renders_one_entry(client, two, rendered, change, new):
    before = client.get("/").content.decode()
    assert (new in before, sorted(rendered)) == (False, ["Bats", "Owls"])
    rendered.clear()
    change()
    assert new in client.get("/").content.decode()
    assert rendered == [Publication.objects.get(slug="owls").title]


def test_a_page_as_it_was_renders_no_entry(client, two, rendered):
    first = client.get("/").content
    rendered.clear()
    assert (client.get("/").content == first, rendered) == (True, [])


def test_who_the_owner_is_decides_who_is_bold(client, two, rendered):
    assert "<b>" not in client.get("/").content.decode()
    Profile.objects.update(person=Person.objects.get(family_name="Roe"))
    assert "<b>John Roe</b>" in client.get("/").content.decode()


def test_a_publication_loses_its_badge_when_its_time_comes(admin_client, two, rendered, monkeypatch):
    Publication.objects.filter(slug="owls").update(publish_at=timezone.now() + timedelta(hours=1))
    assert "Hidden until" in admin_client.get("/").content.decode()
    later = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert "Hidden until" not in admin_client.get("/").content.decode()


def test_the_address_of_the_site_is_in_what_zotero_reads(client, two, rendered):
    assert "jane.example" not in client.get("/").content.decode()
    with override_settings(SITE_URL="https://jane.example"):
        assert "https%3A%2F%2Fjane.example%2Fpublications%2Fowls%2F" in client.get("/").content.decode()


def test_the_oldest_entries_are_forgotten(client, two, rendered, monkeypatch):
    monkeypatch.setattr(entries, "MOST_REMEMBERED", 1)
    client.get("/")
    assert (len(rendered), len(entries._remembered)) == (2, 1)


def test_entries_are_the_same_with_and_without_their_publications(two, rf):
    site, keys = Site(rf.get("/")), dict(Publication.objects.order_by("title").publicity())
    entries.forget()
    fetched = entries.listed(keys, site)
    assert ["rft.title=Bats&" in fetched[0].html, "rft.title=Owls&" in fetched[1].html] == [True, True]
    assert entries.listed(keys, site) == fetched
    states = entries.states(keys, site)
    assert states == list(reversed(entries.states(dict(reversed(keys.items())), site)))
    assert [entries._remembered[state] for state in states] == fetched
    assert len(entries._remembered) == 4  # each as its rows, and as the objects that were made of them


def test_what_changes_while_it_is_fetched_is_not_taken_for_what_it_was(client, two, rendered, monkeypatch):
    fetch = entries.with_item_parts

    def after_a_save(publications):
        retitle()
        return fetch(publications)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(entries, "with_item_parts", after_a_save)
        assert ">Barn owls</a>" in client.get("/").content.decode()
    Publication.objects.filter(slug="owls").update(title="Owls")
    assert ">Barn owls</a>" not in client.get("/").content.decode()


@pytest.mark.parametrize("when", ["states", "with_item_parts"])
def test_what_is_hidden_while_a_page_is_made_is_not_on_it(client, two, rendered, monkeypatch, when):
    made = getattr(entries, when)

    def after_the_owner_hid_it(*arguments):
        Publication.objects.filter(slug="owls").update(status="draft", title="Secret owls")
        return made(*arguments)

    monkeypatch.setattr(entries, when, after_the_owner_hid_it)
    html = client.get("/").content.decode()
    assert ("Secret owls" in html, ">Bats</a>" in html) == (False, True)
