"""A publication in the formats of machines: by Accept header and by file."""

import json
import re

import pytest

from research.citations import formats, text
from research.citations.record import item
from research.models import Publication

from .machine import Page, body, parse_links

pytestmark = pytest.mark.django_db

HTML = "text/html; charset=utf-8"
BIB, RIS, CSL, RDF, JSON_LD, TEXT = (module.MEDIA_TYPE for module in formats.FORMATS)
OWLS = "/publications/owls/"
SITE = "http://127.0.0.1:8000"
every_format = pytest.mark.parametrize("module", formats.FORMATS, ids=lambda module: module.EXTENSION)
every_extension = pytest.mark.parametrize("extension", [*formats.BY_EXTENSION, "pdf"])


def ask(client, accept, path=OWLS):
    return client.get(path, headers={} if accept is None else {"Accept": accept})


@pytest.mark.parametrize(
    ("accept", "answer"),
    [
        (None, HTML),
        ("", HTML),
        ("*/*", HTML),
        ("text/html", HTML),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", HTML),  # Firefox
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8,application/rdf+xml;q=0.7", HTML),
        ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", HTML),  # Java
        ("*;q=0.3", HTML),
        ("application/x-bibtex", BIB),
        ("Application/X-BibTeX", BIB),
        (" application/x-bibtex ; q=1.000 ", BIB),
        ("application/x-bibtex;q=0.5, application/x-research-info-systems", RIS),
        ("application/x-research-info-systems, application/x-bibtex;q=0.5", RIS),
        ("application/vnd.citationstyles.csl+json;q=0.51, application/x-bibtex;q=0.5, text/html;q=0.1", CSL),
        ("image/png, application/rdf+xml;q=0.001", RDF),
        ('application/ld+json; profile="https://schema.org"', JSON_LD),
        ("text/x-bibliography; style=ieee; locale=en-US", TEXT),
        ("text/bibliography; style=ieee", TEXT),  # the name that DOI resolvers gave it first
        ("application/citeproc+json", CSL),
        ("text/x-bibtex, */*;q=0.1", BIB),
        ("text/*", HTML),
        ("application/*", BIB),
        ("text/*;q=0.9, text/html;q=0.1", TEXT),
        ("application/*, application/x-bibtex;q=0.2", RIS),
        ("text/html;q=0, */*", BIB),
        ("text/html;q=0, application/x-bibtex;q=0, */*;q=0.1", RIS),
        ("*/*;q=0, application/ld+json", JSON_LD),
        ("application/x-bibtex, */*", BIB),  # as welcome, but asked for by name
        ("application/json, text/plain, */*", HTML),  # axios
        ("text/html, application/x-bibtex", HTML),
        ("application/x-research-info-systems, application/x-bibtex", BIB),
        ("application/x-bibtex;q=nonsense", BIB),
        ("application/x-bibtex;q=2", BIB),
        # What cannot be read does not count; where nothing can, anything is welcome.
        ("nonsense", HTML),
        (",,;q=0,", HTML),
        ("nonsense, application/rdf+xml;q=0.1", RDF),
        ("text/html; a*=nonsense'en'%C3", HTML),
        ("text/html; a*=nonsense'en'%C3, application/rdf+xml", RDF),
        ("text/html; a=" + "x" * 20_000, HTML),
    ],
)
def test_the_accept_header_chooses_the_format(client, make_record, accept, answer):
    make_record()
    response = ask(client, accept)
    assert (response.status_code, response["Content-Type"]) == (200, answer)


@pytest.mark.parametrize(
    "accept", ["image/png", "application/json", "application/pdf;q=0.5, image/*", "text/html;q=0", "*/*;q=0", "*;q=0"]
)
def test_nothing_acceptable_is_answered_with_what_there_is(client, make_record, accept):
    make_record()
    response = ask(client, accept)
    assert (response.status_code, response["Content-Type"]) == (406, "text/plain; charset=utf-8")
    exports = {formats.media_type(module): f"{SITE}{OWLS}owls.{module.EXTENSION}" for module in formats.FORMATS}
    offers = {"text/html": f"{SITE}{OWLS}"} | exports
    assert response.content.decode().splitlines()[1:] == [f"{kind} {address}" for kind, address in offers.items()]
    assert parse_links(response["Link"]) == [
        (address, {"rel": "alternate", "type": kind}) for kind, address in offers.items()
    ]
    assert [response_type(ask(client, kind, path)) for kind, path in offers.items()] == list(offers)
    assert (response["Vary"].split(", ")[0], response["Access-Control-Allow-Origin"]) == ("Accept", "*")


@pytest.mark.parametrize("accept", [None, *map(formats.media_type, formats.FORMATS)])
def test_what_is_negotiated_is_kept_apart_by_caches(client, make_record, accept):
    make_record()
    assert set(ask(client, accept)["Vary"].split(", ")) == {"Accept", "Cookie"}


def test_scripts_of_other_sites_may_read_the_formats_but_not_the_pages(client, make_record, make_project):
    make_record().projects.add(make_project())
    for path in ("/", OWLS, "/publications/", "/projects/project-1/", "/publications/none/"):
        assert "Access-Control-Allow-Origin" not in client.get(path)
    paths = [f"{OWLS}owls.{extension}" for extension in formats.BY_EXTENSION]
    paths += [f"{OWLS}linkset", f"{OWLS}linkset.json", "/doi/10.1000/owls", "/arxiv/2412.04984"]
    paths += ["/publications.bib", "/publications.ris", "/publications.json", "/unapi?id=doe2024owls&format=ris"]
    paths += ["/unapi", "/unapi?id=doe2024owls", "/unapi?id=none", "/unapi?id=doe2024owls&format=none"]
    assert {path: client.get(path)["Access-Control-Allow-Origin"] for path in paths} == dict.fromkeys(paths, "*")
    for module in formats.FORMATS:
        assert ask(client, formats.media_type(module))["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("accept", "style"),
    [
        ("text/x-bibliography", "apa"),
        ("text/x-bibliography; style=ieee", "ieee"),
        ("text/bibliography; style=ieee", "ieee"),
        ("text/x-bibliography; style = ieee; locale=en-US", "ieee"),  # habanero
        ('text/x-bibliography; style="mla"; q=0.5, text/html;q=0.1', "mla"),
        ("text/x-bibliography; style=modern-language-association", "mla"),  # its name in CSL's own repository
        ("text/x-bibliography; style=none-of-ours", "apa"),
        ("text/x-bibliography; style=none-of-ours, text/x-bibliography; style=ieee", "ieee"),
        ("text/x-bibliography; style=mla; q=0.5, text/x-bibliography; style=ieee", "ieee"),
        ("application/x-bibtex; style=ieee; q=0.5, text/x-bibliography", "apa"),
    ],
)
def test_a_citation_comes_in_the_style_that_was_asked_for(client, make_record, accept, style):
    publication = make_record()
    response = ask(client, accept)
    assert response.content.decode() == text.render(item(publication), style)
    assert client.get(response["Content-Location"]).content == response.content


def test_the_styles_differ(client, make_record):
    make_record()
    answers = [client.get(f"{OWLS}owls.txt?style={style}").content for style in text.STYLES]
    assert len(set(answers)) == len(answers) == 6
    assert client.get(f"{OWLS}owls.txt?style=none-of-ours").content == answers[0]


def test_bibtex_comes_for_pdflatex_too(client, make_record):
    make_record(title="Können Eulen fliegen?")
    assert client.get(f"{OWLS}owls.bib?flavour=latex").content.isascii()
    assert "Können" in client.get(f"{OWLS}owls.bib").content.decode()
    assert client.get("/publications.bib?flavour=latex").content.isascii()


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        *((OWLS, accept) for accept in ("text/html", *map(formats.media_type, formats.FORMATS), "image/png")),
        *((f"{OWLS}owls.{extension}", "*/*") for extension in [*formats.BY_EXTENSION, "pdf"]),
        *((f"{OWLS}{name}", "*/*") for name in ("linkset", "linkset.json", "none.bib")),
        *((path, "*/*") for path in ("/publications.bib", "/unapi", "/unapi?id=doe2024owls", "/doi/10.1000/owls")),
    ],
)
def test_head_says_what_get_says_without_a_body(client, make_record, path, accept):
    make_record()
    get, head = (ask(accept, path) for ask in (asking(client.get), asking(client.head)))
    assert (head.status_code, dict(head.headers)) == (get.status_code, dict(get.headers))
    assert (body(head), bool(body(get))) == (b"", get.status_code != 303)


def asking(method):
    return lambda accept, path: method(path, headers={"Accept": accept})


def test_nothing_can_be_posted(client, make_record):
    make_record()
    assert {client.post(path).status_code for path in (OWLS, f"{OWLS}owls.bib", "/publications.bib", "/unapi")} == {405}


# --- The registry: what holds of every format, and of the next one too ---


def test_every_format_has_a_name_a_type_and_an_extension_of_its_own():
    for module in formats.FORMATS:
        assert re.fullmatch(r"[A-Z][\w -]+", module.NAME)
        assert re.fullmatch(r"(application|text)/[a-z.+-]+(; charset=utf-8)?", module.MEDIA_TYPE)
        assert re.fullmatch("[a-z]+", module.EXTENSION)
    for values in zip(*((m.NAME, formats.media_type(m), m.EXTENSION) for m in formats.FORMATS), strict=True):
        assert len(set(values)) == len(formats.FORMATS)
    assert "pdf" not in formats.BY_EXTENSION
    assert list(formats.BY_EXTENSION.items()) == [(module.EXTENSION, module) for module in formats.FORMATS]


@every_format
def test_a_format_has_a_file_beside_the_page(client, make_record, module):
    publication = make_record()
    response = client.get(f"{OWLS}owls.{module.EXTENSION}")
    assert response.status_code == 200
    assert response.content == module.render(item(publication)).encode()
    assert response["Content-Type"] == module.MEDIA_TYPE
    assert response["Content-Disposition"] == f'inline; filename="owls.{module.EXTENSION}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert parse_links(response["Link"]) == [
        (f"{SITE}{OWLS}", {"rel": "describes", "type": "text/html"}),
        (f"{SITE}{OWLS}linkset.json", {"rel": "linkset", "type": "application/linkset+json"}),
        (f"{SITE}{OWLS}linkset", {"rel": "linkset", "type": "application/linkset"}),
    ]


@every_format
def test_a_format_is_linked_from_the_page_and_its_header(client, make_record, module):
    make_record()
    response = client.get(OWLS)
    page, address = Page(response), f"{SITE}{OWLS}owls.{module.EXTENSION}"
    media_type = formats.media_type(module)
    links = [("describedby", media_type), ("alternate", media_type)]
    assert [(link["rel"], link["type"]) for target, link in parse_links(response["Link"]) if target == address] == links
    assert [(link["rel"], link["type"]) for link in page.links if link["href"] == address] == links
    assert page.anchors.count(f"owls.{module.EXTENSION}") == 1


@every_format
def test_a_format_is_negotiated_to_the_same_as_its_file(client, make_record, module):
    make_record()
    response, file = ask(client, formats.media_type(module)), client.get(f"{OWLS}owls.{module.EXTENSION}")
    assert response["Content-Location"] == f"{OWLS}owls.{module.EXTENSION}"
    assert response.content == file.content
    for header in ("Content-Type", "Content-Disposition", "Link", "Access-Control-Allow-Origin"):
        assert response[header] == file[header]


def response_type(response):
    return response["Content-Type"].partition(";")[0]


def test_the_page_names_no_content_location(client, make_record):
    make_record()
    assert "Content-Location" not in client.get(OWLS)


@every_format
def test_no_format_holds_an_address_without_its_site(client, make_record, module):
    for slug, fields in {"pdf": {}, "own": {"url": "/media/files/own/p.pdf"}}.items():
        make_record(slug=slug, citation_key=slug, doi="", arxiv_id="", authors=[], **fields)
        content = client.get(f"/publications/{slug}/{slug}.{module.EXTENSION}").content.decode()
        assert re.findall(r"""(?<![\w.:/<])/(?:media|publications)/[^\s"'<>]*""", content) == []


def test_a_pdf_of_the_site_is_cited_where_it_stands_beside_its_page(make_record):
    work = item(make_record(doi="", arxiv_id=""))
    assert work.url == work.pdf_url == f"{SITE}{OWLS}owls.pdf"


def test_files_of_the_site_have_their_type_and_links_elsewhere_have_none(make_record):
    assert item(make_record()).attachments == (
        ("Code", "https://code.example/owls", ""),
        (
            "Slides",
            f"{SITE}/media/files/owls/slides.pptx",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ),
    )


@pytest.mark.parametrize(
    ("typed", "known"),
    [("101-117", "101–117"), ("101--117", "101–117"), ("101 — 117", "101–117"), ("101 – 117", "101–117"), ("9", "9")],
)
def test_pages_are_a_range_however_they_were_typed(make_record, typed, known):
    assert item(make_record(pages=typed)).pages == known


@pytest.mark.parametrize(
    ("venue", "short", "event", "known"),
    [
        ("Journal of Owls", "J. Owls", "", ("Journal of Owls", "J. Owls")),
        ("", "J. Owls", "", ("J. Owls", "")),
        ("", "Owls 2024", "Conference on Owls", ("", "")),
    ],
)
def test_a_venue_that_is_known_in_short_only_is_the_venue(make_record, venue, short, event, known):
    work = item(make_record(venue=venue, venue_short=short, event=event))
    assert (work.container, work.container_short) == known


# --- All of them ---


@pytest.mark.parametrize("module", formats.OF_LISTS, ids=lambda module: module.EXTENSION)
def test_the_list_comes_in_one_file(client, make_record, module):
    old = make_record(slug="old", citation_key="old", doi="", arxiv_id="", year=2020, online_date=None, authors=[])
    new = make_record()
    response = client.get(f"/publications.{module.EXTENSION}")
    assert response.content.decode() == module.render_all([item(new), item(old)])
    assert response["Content-Type"] == module.MEDIA_TYPE
    assert response["Content-Disposition"] == f'inline; filename="publications.{module.EXTENSION}"'
    assert Page(client.get("/publications/")).anchors.count(f"/publications.{module.EXTENSION}") == 1


def test_the_filters_of_the_list_apply_to_its_files(client, make_record, make_person):
    roe = make_person("John Roe")
    make_record()
    make_record(slug="old", citation_key="old", doi="", arxiv_id="", year=2020, type="thesis", authors=[roe])
    queries = ["", "?year=2020", "?type=article", "?q=owls&year=2024", f"?author={roe.pk}", "?topic=none"]
    assert [ids(client, query) for query in queries] == [
        ["doe2024owls", "old"],
        ["old"],
        ["doe2024owls"],
        ["doe2024owls"],
        ["old"],
        [],
    ]
    assert "/publications.bib?year=2020" in Page(client.get("/publications/?year=2020")).anchors


def ids(client, query):
    return [work["id"] for work in json.loads(client.get(f"/publications.json{query}").content)]


@every_extension
def test_a_file_takes_the_same_queries_for_one_author_and_for_thirty(
    make_record, make_person, count_queries, extension
):
    make_record(slug="one", citation_key="one", doi="", arxiv_id="", authors=[make_person()])
    make_record(authors=[make_person(f"Author {number}") for number in range(30)])
    with_one = count_queries(f"/publications/one/one.{extension}")
    assert with_one == count_queries(f"{OWLS}owls.{extension}") < 6


@pytest.mark.parametrize("module", formats.OF_LISTS, ids=lambda module: module.EXTENSION)
def test_a_file_of_the_list_takes_the_same_queries_for_one_publication_and_for_three(
    make_record, count_queries, module
):
    make_record()
    with_one = count_queries(f"/publications.{module.EXTENSION}")
    for slug in ("second", "third"):
        make_record(slug=slug, citation_key=slug, doi="", arxiv_id="", authors=[])
    assert Publication.objects.count() == 3
    assert with_one == count_queries(f"/publications.{module.EXTENSION}") < 6


def test_a_list_that_is_fetched_in_parts_is_whole_and_in_order(client, make_record, make_person, monkeypatch):
    authors = [make_person(f"Author {number}") for number in range(5)]
    for number, author in enumerate(authors):
        make_record(f"owls-{number}", [author], doi="", arxiv_id=f"2412.0498{number}", citation_key=f"k{number}")
    whole = client.get("/publications.bib").content
    monkeypatch.setattr("research.citations.record.CHUNK", 2)
    assert client.get("/publications.bib").content == whole
    assert re.findall(r"author = {(.*)}", whole.decode()) == [f"{number}, Author" for number in range(5)]
