"""The page of one publication, as machines read it: meta elements, JSON-LD, its PDF."""

import json
from collections import Counter
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree

import pytest
from django.core.files.storage import default_storage

from research import metadata
from research.citations.record import item
from research.models import Person, Topic

from .machine import Page, body, parse_links

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
OWLS = "/publications/owls/"
RECORD = SITE + OWLS
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
    assert [kind for kind, _ in page.scripts] == ["application/ld+json"] * 2 + [
        "/static/js/copy.js",
        "/static/js/theme.js",
    ]
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


def test_the_way_to_the_record_is_told(client, profile, make_record):
    make_record()
    lists = [("Jane Doe", f"{SITE}/"), ("Publications", f"{SITE}/publications/")]
    assert Page(client.get(OWLS)).breadcrumbs == [*lists, ("Owls fly at x²", RECORD)]


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
