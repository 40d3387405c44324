"""Atom feeds, as RFC 4287 and a feed reader want them."""

import datetime
import re
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from research.models import Profile, Project, Publication, Topic

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
NEWS, PAPERS = "/feed.xml", "/publications/feed.xml"
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def feed(client, url=NEWS, **headers):
    """The feed element of an address, after checking what every feed must have (RFC 4287, 4.1)."""
    response = client.get(url, headers=headers)
    assert (response.status_code, response["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    root = ElementTree.fromstring(response.content)
    assert root.tag == f"{ATOM}feed"
    for element, required in [(root, ["author"]), *((entry, ["summary"]) for entry in root.iter(f"{ATOM}entry"))]:
        for name in ("id", "title", "updated", *required):
            assert len(element.findall(ATOM + name)) == 1 if name != "author" else element.find(ATOM + name) is not None
        assert all(
            DATE_TIME.fullmatch(date.text) for name in ("updated", "published") for date in element.findall(ATOM + name)
        )
        assert all(name.text for name in element.iter(f"{ATOM}name"))
    ids = [one.text for one in root.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids))
    return root


def texts(root, name):
    """The texts of an element in each entry."""
    return [entry.findtext(ATOM + name) for entry in root.iter(f"{ATOM}entry")]


def links(element):
    return [(link.get("rel"), link.get("href")) for link in element.findall(f"{ATOM}link")]


def at(day):
    return datetime.datetime(2024, 1, day, 12, tzinfo=datetime.UTC)


def test_the_feed_has_all_that_is_new(client, make_publication, make_project, profile):
    for record, day in (
        (make_publication(title="P1"), 1),
        (make_project(title="J"), 2),
        (make_publication(title="P2"), 3),
    ):
        type(record).objects.filter(pk=record.pk).update(created=at(day), updated=at(day + 10))
    root = feed(client)
    assert texts(root, "title") == ["P2", "J", "P1"]
    assert texts(root, "published") == [f"2024-01-0{day}T12:00:00+00:00" for day in (3, 2, 1)]
    assert texts(root, "updated") == [f"2024-01-1{day}T12:00:00+00:00" for day in (3, 2, 1)]
    assert root.findtext(f"{ATOM}updated") == "2024-01-13T12:00:00+00:00"
    assert (root.findtext(f"{ATOM}title"), root.findtext(f"{ATOM}author/{ATOM}name")) == ("Jane Doe", "Jane Doe")
    assert texts(feed(client, PAPERS), "title") == ["P2", "P1"]


def test_an_old_paper_that_is_added_today_is_news(client, make_publication, monkeypatch):
    """A feed is cut where it is long: whoever follows it must see what came in last, whatever its year."""
    monkeypatch.setattr("research.feeds.LONGEST", 2)
    for day, year in enumerate((2024, 2023, 1999), 1):
        record = make_publication(title=str(year), year=year)
        Publication.objects.filter(pk=record.pk).update(created=at(day))
    assert texts(feed(client, PAPERS), "title") == ["1999", "2023"]


@pytest.mark.parametrize("url", [NEWS, PAPERS, f"{PAPERS}?topic=nothing"])
def test_the_feed_of_an_empty_site_is_valid_too(client, url):
    root = feed(client, url)
    assert list(root.iter(f"{ATOM}entry")) == []


def test_an_entry_has_every_author_and_a_summary(client, make_person, make_publication, make_project):
    make_publication([make_person("Jane Doe"), make_person("John Roe")], title="A", abstract="We **fly**.\n\nHigh.")
    make_publication([make_person()], title="B", tldr="They *fly* at $x^2$.", abstract="Not this")
    make_project(title="C", summary="A [link](https://owls.example)")
    entries = {entry.findtext(f"{ATOM}title"): entry for entry in feed(client).iter(f"{ATOM}entry")}
    authors = {title: [name.text for name in entry.iter(f"{ATOM}name")] for title, entry in entries.items()}
    assert authors == {"A": ["Jane Doe", "John Roe"], "B": ["Jane Doe"], "C": []}
    summaries = {title: entry.findtext(f"{ATOM}summary") for title, entry in entries.items()}
    assert summaries == {"A": "We fly. High.", "B": "They fly at x².", "C": "A link"}


def test_signs_of_markup_are_text_in_a_feed(client, make_person, make_publication, profile):
    Profile.objects.update(name="Jane & <Co>")
    make_publication([make_person("Ann <i>O'Neil</i>")], title="a < b & c > d", tldr="if x < y & y > z, <script>")
    root = feed(client)
    assert root.findtext(f"{ATOM}title") == "Jane & <Co>"
    assert texts(root, "title") == ["a < b & c > d"]
    assert root.findtext(f"{ATOM}entry/{ATOM}author/{ATOM}name") == "Ann <i>O'Neil</i>"
    summary = root.find(f"{ATOM}entry/{ATOM}summary")
    assert (summary.get("type"), summary.text) == ("html", "if x &lt; y &amp; y &gt; z, &lt;script&gt;")


@pytest.mark.parametrize("url", [NEWS, PAPERS])
def test_what_xml_cannot_hold_is_left_out(client, make_person, make_publication, make_project, profile, url):
    """Such signs come with texts that were copied from a PDF."""
    bad = "\x02\x1b\ufffe\uffff"
    Profile.objects.update(name=f"Jane{bad}")
    make_publication([make_person(f"John{bad} Roe")], title=f"Owls{bad}", tldr=f"They{bad} fly")
    entry = feed(client, url).find(f"{ATOM}entry")
    assert [entry.findtext(ATOM + path) for path in ("title", "summary", f"author/{ATOM}name")] == [
        "Owls",
        "They fly",
        "John Roe",
    ]


def test_an_entry_keeps_its_id_when_its_slug_title_and_date_change(client, make_publication, make_project):
    publication, project = make_publication(), make_project()
    Publication.objects.update(created=at(1))
    Project.objects.update(created=at(2))
    before = set(texts(feed(client), "id"))
    assert before == {publication.uuid.urn, project.uuid.urn}
    assert all(re.fullmatch("urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", one) for one in before)
    for record in (publication, project):
        record.refresh_from_db()
        record.slug, record.title, record.publish_at = f"other-{record.pk}", "Other", at(20)
        record.save()
    assert set(texts(feed(client), "id")) == before


def test_all_addresses_are_the_sites_whatever_name_the_request_came_by(
    client, settings, make_publication, make_project
):
    settings.SITE_URL = "https://jane.example"
    settings.ALLOWED_HOSTS = ["*"]
    make_publication(slug="owls")
    make_project(slug="nest")
    root = feed(client, NEWS, host="evil.example")
    assert links(root) == [("alternate", "https://jane.example/"), ("self", "https://jane.example/feed.xml")]
    assert sorted(link for entry in root.iter(f"{ATOM}entry") for link in links(entry)) == [
        ("alternate", "https://jane.example/projects/nest/"),
        ("alternate", "https://jane.example/publications/owls/"),
    ]
    assert b"evil.example" not in client.get(NEWS, headers={"host": "evil.example"}).content


@pytest.mark.parametrize("url", [NEWS, PAPERS, f"{PAPERS}?year=2024"])
def test_no_id_changes_with_the_name_of_the_site_or_of_its_owner(client, settings, profile, make_publication, url):
    make_publication()
    before = [one.text for one in feed(client, url).iter(f"{ATOM}id")]
    settings.SITE_URL = "https://jane.example"
    settings.ALLOWED_HOSTS = ["*"]
    profile.name = "Jane Roe"
    profile.save()
    assert [one.text for one in feed(client, url).iter(f"{ATOM}id")] == before
    assert len(set(before)) == 2


def test_each_topic_has_a_feed_of_its_own(client, make_publication):
    make_publication(title="A").topics.add(Topic.objects.create(name="Owls", slug="owls"))
    make_publication(title="B").topics.add(Topic.objects.create(name="Bats", slug="bats"))
    root = feed(client, f"{PAPERS}?topic=owls")
    assert texts(root, "title") == ["A"]
    site = "http://127.0.0.1:8000"
    assert links(root) == [
        ("alternate", f"{site}/publications/?topic=owls"),
        ("self", f"{site}/publications/feed.xml?topic=owls"),
    ]
    ids = {feed(client, url).findtext(f"{ATOM}id") for url in (NEWS, PAPERS, f"{PAPERS}?topic=owls")}
    assert len(ids) == 3


def test_drafts_and_what_is_not_yet_due_are_absent_even_for_staff(owner_client, make_publication, make_project):
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    for make in (make_publication, make_project):
        make(title="Secret", status="draft")
        make(title="Embargoed", publish_at=tomorrow)
        make(title=f"Public {make.__name__}", publish_at=timezone.now())
    assert len(texts(feed(owner_client), "title")) == 2
    for url in (NEWS, PAPERS, f"{PAPERS}?q=secret", f"{PAPERS}?q=embargoed"):
        content = owner_client.get(url).content
        assert (b"<title>Secret" in content, b"<title>Embargoed" in content) == (False, False)


def test_an_entry_is_new_when_everybody_may_read_it_first(client, make_publication):
    """One that lay behind an embargo while fifty others came out is still news when it is over."""
    embargoed = make_publication(title="Embargoed", publish_at=at(20))
    for number in range(50):
        make_publication(title=f"Other {number}")
    Publication.objects.update(created=at(10), updated=at(10))
    Publication.objects.filter(pk=embargoed.pk).update(created=at(1), updated=at(2))
    entries = list(feed(client).iter(f"{ATOM}entry"))
    assert len(entries) == 50
    first = [entries[0].findtext(ATOM + name) for name in ("title", "published", "updated")]
    assert first == ["Embargoed", "2024-01-20T12:00:00+00:00", "2024-01-20T12:00:00+00:00"]


def test_every_page_may_read_the_feeds(client):
    assert [client.get(url)["Access-Control-Allow-Origin"] for url in (NEWS, PAPERS)] == ["*", "*"]


@pytest.mark.parametrize("url", [NEWS, PAPERS, f"{PAPERS}?topic=owls&q=paper"])
def test_a_feed_takes_the_same_queries_however_long_it_is(client, make_person, make_publication, make_project, url):
    topic = Topic.objects.create(name="Owls", slug="owls")
    counts = []
    for more in (1, 2, 57):
        for _ in range(more):
            make_publication([make_person(), make_person("John Roe")]).topics.add(topic)
            make_project()
        with CaptureQueriesContext(connection) as queries:
            root = feed(client, url)
        counts.append((len(list(root.iter(f"{ATOM}entry"))), len(queries)))
    assert [entries for entries, _ in counts] == ([2, 6, 50] if url == NEWS else [1, 3, 50])
    assert len({number for _, number in counts}) == 1


def test_a_retraction_stands_before_what_the_work_says(client, profile, make_publication):
    make_publication(title="Owls", tldr="Owls fly.", notice="Retracted in May 2024.")
    assert "Retracted in May 2024. Owls fly." in client.get("/publications/feed.xml").content.decode()
