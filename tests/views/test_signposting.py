"""FAIR Signposting: the page's links in header and head, and the link sets of its parts."""

import json
from collections import Counter
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from research import identifiers
from research.citations.record import offered_formats
from research.models import Person, Publication, PublicationLink, Topic

from .machine import Page, body, parse_links

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
OWLS = "/publications/owls/"
RECORD = SITE + OWLS
SIGNPOSTS = {"cite-as", "type", "author", "license", "describedby", "item", "related", "linkset", "alternate"}


def signposts(page):
    attributes = [{name: value for name, value in link.items() if name != "href"} for link in page.links]
    links = [(link["href"], rest) for link, rest in zip(page.links, attributes, strict=True)]
    return [link for link in links if link[1]["rel"] in SIGNPOSTS and link[1].get("type") != "application/atom+xml"]


def test_header_and_head_agree_exactly(client, make_record):
    publication = make_record()
    PublicationLink.objects.create(
        publication=publication, kind="data", url='https://data.example/Eulen für "alle"?a=1&b=2'
    )
    response = client.get(OWLS)
    links = parse_links(response["Link"])
    assert links == signposts(Page(response))
    assert [(target, link["rel"]) for target, link in links] == [
        (RECORD, "cite-as"),
        ("https://schema.org/ScholarlyArticle", "type"),
        ("https://schema.org/AboutPage", "type"),
        ("https://spdx.org/licenses/CC-BY-4.0", "license"),
        *((address, "describedby") for address, _ in offered_formats(publication)),
        (f"{RECORD}owls.pdf", "item"),
        ("https://code.example/owls", "item"),
        ("https://data.example/Eulen%20f%C3%BCr%20%22alle%22?a=1&b=2", "item"),
        (f"{SITE}/media/files/owls/slides.pptx", "item"),
        ("https://doi.org/10.1000/owls", "related"),
        ("https://arxiv.org/abs/2412.04984", "related"),
        ("https://orcid.org/0000-0002-1825-0097", "author"),
        *((address, "alternate") for address, _ in offered_formats(publication)),
        (f"{RECORD}linkset.json", "linkset"),
        (f"{RECORD}linkset", "linkset"),
    ]


def test_every_signpost_on_this_site_leads_to_what_it_says(client, make_record):
    make_record()
    found = {}
    for target, link in parse_links(client.get(OWLS)["Link"]):
        if target.startswith(SITE) and "type" in link:
            response = client.get(target.removeprefix(SITE))
            assert body(response)
            found[link["type"]] = response["Content-Type"].partition(";")[0]
    assert len(found) == 10
    assert [says for says, is_ in found.items() if says != is_] == []


def link_set(client):
    """{(anchor, relation, target, the other attributes), …} of the link set as JSON (RFC 9264, section 4.2)."""
    response = client.get(f"{OWLS}linkset.json")
    assert response["Content-Type"] == "application/linkset+json"
    document = json.loads(response.content)
    assert list(document) == ["linkset"]
    found = []
    for context in document["linkset"]:
        for relation, targets in context.items():
            if relation != "anchor":
                found += [
                    (
                        context["anchor"],
                        relation,
                        target["href"],
                        tuple((k, v) for k, v in target.items() if k != "href"),
                    )
                    for target in targets
                ]
    assert len(set(found)) == len(found)
    assert all(isinstance(value, str) for *_, rest in found for _, value in rest)
    return set(found)


def test_both_link_sets_say_the_same(client, make_record):
    make_record()
    response = client.get(f"{OWLS}linkset")
    assert response["Content-Type"] == "application/linkset"
    links = [
        (link.pop("anchor"), link.pop("rel"), target, tuple(link.items()))
        for target, link in parse_links(response.content.decode())
    ]
    assert len(set(links)) == len(links)
    assert set(links) == link_set(client)


def test_the_link_set_holds_the_page_and_every_part_of_it(client, make_record):
    publication = make_record()
    links = link_set(client)
    files = [f"{RECORD}owls.pdf", f"{SITE}/media/files/owls/slides.pptx"]  # not the code, which is another's
    exports = [address for address, _ in offered_formats(publication)]
    assert {anchor for anchor, *_ in links} == {RECORD, *files, *exports}
    for anchor, _, target, _ in links:
        assert urlsplit(anchor).netloc
        assert urlsplit(target).netloc
    on_page = [
        (RECORD, link.pop("rel"), target, tuple(link.items())) for target, link in parse_links(client.get(OWLS)["Link"])
    ]
    in_set = {link for link in on_page if link[1] not in ("linkset", "alternate")}
    assert {link for link in links if link[0] == RECORD} == in_set
    back = (("type", "text/html"),)
    assert {link for link in links if link[0] != RECORD} == {
        *((file, "collection", RECORD, back) for file in files),
        *((export, "describes", RECORD, back) for export in exports),
    }


def test_the_files_say_of_themselves_what_the_link_set_says(client, make_record):
    make_record()
    links = link_set(client)
    for anchor in {anchor for anchor, *_ in links if anchor.startswith(RECORD) and anchor != RECORD}:
        response = client.get(anchor.removeprefix(SITE))
        assert body(response)
        own = [(anchor, link.pop("rel"), target, tuple(link.items())) for target, link in parse_links(response["Link"])]
        assert {link for link in own if link[1] != "linkset"} == {link for link in links if link[0] == anchor}
        assert [target for _, relation, target, _ in own if relation == "linkset"] == [
            f"{RECORD}linkset.json",
            f"{RECORD}linkset",
        ]


def test_three_hundred_authors_fit_into_the_header_and_stand_on_the_page(client, make_record):
    digits = [f"0000-0001-{number:04}-000" for number in range(300)]
    people = [
        Person(given_name="Ann", family_name=f"Author{number}", orcid=each + identifiers.orcid_check_digit(each))
        for number, each in enumerate(digits)
    ]
    make_record(authors=Person.objects.bulk_create(people))
    response = client.get(OWLS)
    page = Page(response)
    assert len(response["Link"].encode()) < 8_000
    relations = Counter(link["rel"] for _, link in parse_links(response["Link"]))
    assert 40 < relations.pop("author") < 300
    assert relations == {"cite-as": 1, "type": 2, "license": 1, "describedby": 6, "item": 3, "related": 2} | {
        "alternate": 6,
        "linkset": 2,
    }
    assert parse_links(response["Link"]) == signposts(page)
    names = [f"Author{number}, Ann" for number in range(300)]
    assert (page.meta("citation_author"), page.meta("DC.creator")) == (names, names)
    assert len({author["@id"] for author in page.json_ld["author"]}) == 300
    assert [value for name, value in parse_qsl(page.coins[0]) if name == "rft.au"] == names
    assert len([link for link in link_set(client) if link[1] == "author"]) == 300


def test_the_page_takes_the_same_queries_for_one_author_and_for_thirty(
    make_record, make_person, make_project, count_queries
):
    def fill(slug, count):
        publication = make_record(
            slug=slug,
            citation_key=slug,
            doi="",
            arxiv_id="",
            authors=[make_person(f"Author{number} {slug}") for number in range(count)],
        )
        for number in range(count):
            publication.topics.add(Topic.objects.create(name=f"{slug} {number}", slug=f"{slug}-{number}"))
            publication.projects.add(make_project())
            PublicationLink.objects.create(publication=publication, url=f"https://code.example/{number}")

    fill("one", 1)
    fill("thirty", 30)
    assert count_queries("/publications/one/") == count_queries("/publications/thirty/") < 14


# --- Slides and data under /media/ ---

SLIDES = "/media/files/owls/slides.pptx"


def test_slides_lead_back_to_their_record(client, make_record, django_assert_num_queries):
    make_record()
    with django_assert_num_queries(1):
        response = client.get(SLIDES)
    assert body(response) == b"PK\x03\x04"
    assert parse_links(response["Link"]) == [
        (RECORD, {"rel": "collection", "type": "text/html"}),
        (f"{RECORD}linkset.json", {"rel": "linkset", "type": "application/linkset+json"}),
        (f"{RECORD}linkset", {"rel": "linkset", "type": "application/linkset"}),
    ]


def test_a_file_of_several_records_leads_to_each_that_everybody_may_see(client, owner_client, make_record):
    """Caches keep a file and pass it on, so that what staff may see is not in it, even for staff."""
    for slug, fields in {
        "owls": {},
        "bats": {},
        "secret": {"status": "draft"},
        "later": {"publish_at": timezone.now() + timedelta(days=1)},
    }.items():
        publication = make_record(slug=slug, citation_key=slug, doi="", arxiv_id="", authors=[], **fields)
        publication.links.filter(kind="slides").update(file="files/owls/slides.pptx")
        PublicationLink.objects.create(publication=publication, kind="poster", file="files/owls/slides.pptx")
    for reader in (client, owner_client):
        response = reader.get(SLIDES)
        assert [target for target, link in parse_links(response["Link"]) if link["rel"] == "collection"] == [
            RECORD,
            f"{SITE}/publications/bats/",
        ]
        assert body(response)


def test_slides_of_a_draft_and_files_of_nobody_name_no_record(client, make_record):
    publication = make_record()
    assert "Link" in client.head(SLIDES)
    Publication.objects.filter(pk=publication.pk).update(status="draft")
    assert "Link" not in client.head(SLIDES)
    publication.delete()
    default_storage.save("files/owls/slides.pptx", ContentFile(b"PK"))
    assert "Link" not in client.head(SLIDES)
