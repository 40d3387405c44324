"""The page of one publication, as machines read it: meta elements, JSON-LD, Signposting, its PDF."""

import json
from collections import Counter
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree

import pytest
from django.core.files.storage import default_storage

from research import identifiers, metadata
from research.citations.record import item
from research.models import Person, PublicationLink, Topic
from research.views.records import offered_formats

from .machine import Page, body, parse_links

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
OWLS = "/publications/owls/"
RECORD = SITE + OWLS
SIGNPOSTS = {"cite-as", "type", "author", "license", "describedby", "item", "related", "linkset"}
ATTACK = "</script><script>alert(1)</script><!-- \u2028 &"


def highwire(page):
    return [(name.removeprefix("citation_"), value) for name, value in page.metas if name.startswith("citation_")]


AUTHORS = [("author", "Doe, Jane"), ("author", "van der Berg, Jan Jr."), ("author", "ATLAS Collaboration")]
DATES = [("publication_date", "2024/11/5"), ("online_date", "2024/10/1")]
LAST = [
    ("doi", "10.1000/owls"),
    ("arxiv_id", "2412.04984"),
    ("language", "en"),
    ("keywords", "flight; owls"),
    ("pdf_url", f"{RECORD}owls.pdf"),
    ("abstract_html_url", RECORD),
    ("abstract", "We fly & see."),
]


@pytest.mark.parametrize(
    ("fields", "tags"),
    [
        (
            {"type": "article"},
            [
                *AUTHORS,
                *DATES,
                ("journal_title", "Journal of Owls"),
                ("journal_abbrev", "J. Owls"),
                ("volume", "12"),
                ("issue", "3"),
                ("firstpage", "101"),
                ("lastpage", "117"),
                ("issn", "2049-3630"),
                ("publisher", "Nest Press"),
                *LAST,
            ],
        ),
        (
            {
                "type": "conference-paper",
                "venue": "Proceedings of Owls",
                "event": "Conference on Owls",
                "editors": "John Roe",
                "isbn": "978-3-16-148410-0",
                "issn": "",
                "volume": "",
                "issue": "",
            },
            [
                *AUTHORS,
                ("editor", "Roe, John"),
                *DATES,
                ("inbook_title", "Proceedings of Owls"),
                ("conference_title", "Conference on Owls"),
                ("firstpage", "101"),
                ("lastpage", "117"),
                ("isbn", "978-3-16-148410-0"),
                ("publisher", "Nest Press"),
                *LAST,
            ],
        ),
        (
            {"type": "preprint", "venue": "", "venue_short": "", "volume": "", "issue": "", "pages": "", "issn": ""},
            [*AUTHORS, *DATES, ("publisher", "arXiv"), *LAST],
        ),
        (
            {"type": "thesis", "venue": "University of Owls", "volume": "", "issue": "", "pages": "", "issn": ""},
            [*AUTHORS, *DATES, ("dissertation_institution", "University of Owls"), *LAST],
        ),
    ],
    ids=lambda value: value.get("type") if isinstance(value, dict) else "",
)
def test_each_tag_stands_once_and_in_its_place(client, make_record, fields, tags):
    make_record(**fields)
    page = Page(client.get(OWLS))
    assert highwire(page) == [("title", "Owls fly at x²"), *tags]


def test_no_tag_is_empty_where_hardly_anything_is_known(client, make_publication):
    make_publication(slug="owls")
    page = Page(client.get(OWLS))
    assert highwire(page) == [("title", "Paper 1"), ("publication_date", "2024"), ("abstract_html_url", RECORD)]
    assert [value for _, value in page.metas if not value.strip()] == []
    assert page.json_ld == {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "@id": RECORD,
        "url": RECORD,
        "mainEntityOfPage": RECORD,
        "name": "Paper 1",
        "headline": "Paper 1",
        "datePublished": "2024",
        "image": page.meta("og:image")[0],
        "creativeWorkStatus": "Preprint",
    }


def test_all_vocabularies_agree_on_every_meta_element(client, make_record):
    publication = make_record()
    page, work = Page(client.get(OWLS)), item(publication)
    for name, values in grouped(metadata.highwire(work) + metadata.dublin_core(work)).items():
        assert page.meta(name) == values
    repeated = {name for name, count in Counter(name for name, _ in page.metas).items() if count > 1}
    assert repeated == {"citation_author", "DC.creator", "DC.identifier"}
    assert page.linked("schema.DC") == ["http://purl.org/dc/elements/1.1/"]


def grouped(pairs):
    groups = {}
    for name, value in pairs:
        groups.setdefault(name, []).append(value)
    return groups


@pytest.mark.parametrize("doi", ["10.1000/owls", ""])
@pytest.mark.parametrize("query", ["", "?style=ieee"])
def test_every_channel_calls_the_record_by_the_same_address(client, make_record, doi, query):
    make_record(doi=doi)
    response = client.get(OWLS + query, headers={"Host": "localhost:1234"})
    page = Page(response)
    [coins] = page.coins
    rdf = ElementTree.fromstring(client.get("/unapi?id=doe2024owls&format=rdf_zotero").content)
    channels = {
        "canonical": page.linked("canonical"),
        "og:url": page.meta("og:url"),
        "JSON-LD": list({page.json_ld[name] for name in ("@id", "url", "mainEntityOfPage")}),
        "Dublin Core": page.meta("DC.identifier")[bool(doi) :],
        "Highwire": page.meta("citation_abstract_html_url"),
        "COinS": [value for name, value in parse_qsl(coins) if name == "rft_id"][bool(doi) :],
        "unAPI": [rdf[0].attrib["{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"]],
        "Signposting": [target for target, link in parse_links(response["Link"]) if link["rel"] == "cite-as"],
    }
    assert channels == {name: [RECORD] for name in channels}


# --- JSON-LD ---


def test_nothing_breaks_out_of_the_json(client, profile, make_record):
    profile.name = ATTACK
    profile.save()
    publication = make_record(
        **dict.fromkeys(("title", "abstract", "venue", "venue_short", "publisher", "notice", "note", "award"), ATTACK)
    )
    Person.objects.update(family_name=ATTACK)
    publication.topics.add(Topic.objects.create(name=ATTACK, slug="attack"))
    response = client.get(OWLS)
    page = Page(response)
    assert [kind for kind, _ in page.scripts] == ["application/ld+json", "/static/js/copy.js", "/static/js/theme.js"]
    assert page.json_ld["isPartOf"]["isPartOf"]["isPartOf"]["name"] == ATTACK
    assert page.json_ld["author"][0]["familyName"] == ATTACK
    assert ATTACK in page.json_ld["keywords"]
    assert page.metas.count(("citation_journal_title", " ".join(ATTACK.split()))) == 1


def test_the_json_of_the_page_is_the_one_of_the_file_with_a_picture(client, profile, make_record):
    make_record()
    on_page, in_file = Page(client.get(OWLS)).json_ld, json.loads(client.get(f"{OWLS}owls.jsonld").content)
    assert on_page == in_file | {"image": on_page["image"]}
    assert on_page["encoding"][0] == {
        "@type": "MediaObject",
        "name": "PDF",
        "contentUrl": f"{RECORD}owls.pdf",
        "encodingFormat": "application/pdf",
    }
    image = client.get(urlsplit(on_page["image"]).path)
    assert (on_page["image"].startswith(RECORD), image["Content-Type"]) == (True, "image/png")


def test_the_owner_is_the_same_person_as_on_the_home_page(client, profile, make_record):
    profile.person = Person.objects.create(given_name="Jane", family_name="Doe")
    profile.save()
    namesake = Person.objects.create(given_name="Jane", family_name="Doe")
    make_record(authors=[profile.person])
    make_record(slug="others", citation_key="others", doi="", arxiv_id="", authors=[namesake])
    make_record(slug="both", citation_key="both", doi="", arxiv_id="", authors=[namesake, profile.person])
    owner = Page(client.get("/")).json_ld["mainEntity"]["@id"]
    assert author_ids(client, OWLS) == [owner]
    assert author_ids(client, "/publications/others/") == [None]
    assert author_ids(client, "/publications/both/") == [None, owner]
    document = json.loads(client.get("/publications/both/both.jsonld").content)
    assert [author.get("@id") for author in document["author"]] == [None, owner]


def author_ids(client, path):
    return [author.get("@id") for author in Page(client.get(path)).json_ld["author"]]


# --- Signposting ---


def signposts(page):
    attributes = [{name: value for name, value in link.items() if name != "href"} for link in page.links]
    return [(link["href"], rest) for link, rest in zip(page.links, attributes, strict=True) if link["rel"] in SIGNPOSTS]


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
    assert {link for link in links if link[0] == RECORD} == {link for link in on_page if link[1] != "linkset"}
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
    assert 50 < relations.pop("author") < 300
    assert relations == {"cite-as": 1, "type": 2, "license": 1, "describedby": 6, "item": 3, "related": 2, "linkset": 2}
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


# --- The paper beside its page ---


def test_the_pdf_stands_beside_the_page_under_a_name_of_its_own(client, make_record):
    make_record()
    response = client.get(f"{OWLS}owls.pdf")
    assert (response.status_code, body(response)) == (200, b"%PDF-1.7 owls")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="owls.pdf"'
    assert response["Content-Length"] == "13"
    assert parse_links(response["Link"]) == [
        (RECORD, {"rel": "collection", "type": "text/html"}),
        (f"{RECORD}linkset.json", {"rel": "linkset", "type": "application/linkset+json"}),
        (f"{RECORD}linkset", {"rel": "linkset", "type": "application/linkset"}),
    ]
    assert Page(client.get(OWLS)).meta("citation_pdf_url") == [f"{RECORD}owls.pdf"]


def test_a_publication_without_a_pdf_names_none(client, make_record):
    make_record(pdf="")
    response = client.get(OWLS)
    assert Page(response).meta("citation_pdf_url") == []
    assert f"{OWLS}owls.pdf" not in response.content.decode() + response["Link"]
    assert f"{OWLS}owls.pdf" not in client.get(f"{OWLS}linkset").content.decode()
    assert client.get(f"{OWLS}owls.pdf").status_code == 404


def test_a_lost_pdf_is_a_missing_page(client, make_record):
    default_storage.delete(make_record().pdf.name)
    assert client.get(f"{OWLS}owls.pdf").status_code == 404
    assert client.get(OWLS).status_code == 200
