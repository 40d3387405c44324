"""Crossref and the other registries: in the shape that they answer."""

import json

import pytest

from research.sources import doi, registry
from research.sources.fetch import SourceUnavailable
from research.sources.registry import Request

ARTICLE = {
    "DOI": "10.1234/ABC.5",
    "type": "journal-article",
    "title": ["The <i>C. elegans</i> genome &amp; H<sub>2</sub>O\n     reviewed"],
    "subtitle": ["A story"],
    "author": [
        {"given": "JANE M.", "family": "DOE", "ORCID": "http://orcid.org/0000-0002-1825-0097", "sequence": "first"},
        {"given": "Jan", "family": "van der Berg", "suffix": "Jr."},
        {"name": "The Owl Consortium"},
    ],
    "container-title": ["Journal of Owls"],
    "short-container-title": ["J. Owls"],
    "issued": {"date-parts": [[2024, 2]]},
    "published-online": {"date-parts": [[2023, 11, 5]]},
    "volume": "12",
    "issue": "3",
    "page": "101-117",
    "ISSN": ["1234-5678", "2049-363x"],
    "publisher": "Owl Press",
    "abstract": "<jats:title>Abstract</jats:title><jats:p>We show.</jats:p><jats:p>More.</jats:p>",
    "license": [{"URL": "https://creativecommons.org/licenses/by-nc/4.0/", "content-version": "vor"}],
    "relation": {
        "has-preprint": [{"id-type": "doi", "id": "10.48550/arXiv.2401.00001"}, {"id": "10.1101/2023.01.01.1"}]
    },
    "URL": "https://doi.org/10.1234/abc.5",
    "subject": None,
    "reference": [{"key": "x"}],
}


def found(**fields):
    answer = doi.parse(json.dumps({"status": "ok", "message": ARTICLE | fields}).encode())
    return answer.found[0]


def test_an_article_is_whole():
    work = found()
    item = work.item
    assert (item.type, item.title) == ("article", "The *C. elegans* genome & H₂O reviewed: A story")
    assert [author.name.full for author in item.authors] == [
        "Jane M. Doe",
        "Jan van der Berg, Jr.",
        "The Owl Consortium",
    ]
    assert (item.authors[0].orcid, item.authors[2].is_group) == ("0000-0002-1825-0097", True)
    assert (item.year, item.month, item.day, str(item.online_date)) == (2024, 2, None, "2023-11-05")
    assert (item.container, item.container_short, item.volume, item.issue, item.pages) == (
        "Journal of Owls",
        "J. Owls",
        "12",
        "3",
        "101–117",
    )
    assert (item.doi, item.issn, item.publisher, item.license) == (
        "10.1234/abc.5",
        "1234-5678",
        "Owl Press",
        "CC-BY-NC-4.0",
    )
    assert (item.abstract, item.url, item.key) == ("We show.\n\nMore.", "", "")
    assert (work.other_dois, work.other_arxiv_ids) == (("10.1101/2023.01.01.1",), ("2401.00001",))


def test_a_chapter_of_a_series_has_its_book_and_its_series():
    item = found(
        type="book-chapter",
        **{
            "container-title": ["Lecture Notes in Owls", "Proceedings of Owls 2020"],
            "ISBN": ["http://x/9783161484100"],
        },
    ).item
    assert (item.type, item.series, item.container, item.isbn) == (
        "chapter",
        "Lecture Notes in Owls",
        "Proceedings of Owls 2020",
        "9783161484100",
    )


def test_a_conference_paper_has_its_event_and_place():
    item = found(type="proceedings-article", event={"name": "Owls '20", "location": "Bonn", "start": {}}).item
    assert (item.type, item.event, item.place) == ("conference-paper", "Owls '20", "Bonn")


@pytest.mark.parametrize(
    ("fields", "server"),
    [
        ({"DOI": "10.1101/2023.01.01.1", "institution": [{"name": "medRxiv"}]}, "medRxiv"),
        ({"DOI": "10.26434/chemrxiv-1", "publisher": "American Chemical Society"}, "ChemRxiv"),
        ({"DOI": "10.9999/x"}, "Owl Press"),
    ],
)
def test_a_preprint_has_its_server_in_place_of_a_journal(fields, server):
    item = found(type="posted-content", **{"container-title": []}, **fields).item
    assert (item.type, item.container, item.publisher) == ("preprint", server, "")


def test_a_retraction_is_a_notice():
    assert found(**{"updated-by": [{"type": "retraction", "DOI": "10.1/x"}]}).item.notice == "Retracted."
    item = found(title=["RETRACTED ARTICLE: Owls"], subtitle=[]).item
    assert (item.title, item.notice) == ("Owls", "Retracted.")


@pytest.mark.parametrize(
    "issued", [None, {}, {"date-parts": [[None]]}, {"date-parts": []}, {"date-parts": [["x"]]}, {"date-parts": None}]
)
def test_a_date_that_is_none_falls_back_to_the_next(issued):
    item = found(issued=issued).item
    assert (item.year, item.month, item.day) == (2023, 11, 5)


def test_nulls_and_wrong_shapes_everywhere_do_no_harm():
    for wrong in (None, [], {}, "x", 7, [None], [{}], [[]], {"a": None}, True):
        message = dict.fromkeys([*ARTICLE, "event", "institution", "updated-by", "editor"], wrong) | {
            "title": ["T"],
            "subtitle": [],
        }
        (one,) = doi.parse(json.dumps({"message": message}).encode()).found
        assert one.item.title == "T"


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"[]", b"null", b'{"message": []}', b'{"mess', b"\xff\xfe", b"[" * 100_000]
)
def test_what_is_no_record_is_a_sentence(content):
    for answer in (doi.parse(content), doi.parse_csl(content)):
        assert (answer.found, len(answer.problems)) == ((), 1)


DATACITE = {
    "type": "dataset",
    "id": "https://doi.org/10.5281/zenodo.1",
    "DOI": "10.5281/ZENODO.1",
    "title": "Owls, counted",
    "author": [{"family": "Doe", "given": "Jane"}, {"literal": "Roe, John"}, {"literal": "Owl Institute"}],
    "issued": {"date-parts": [[2020, 1, 31]]},
    "publisher": "Zenodo",
    "version": "1.2",
    "copyright": "Creative Commons Attribution 4.0 International",
    "URL": "https://zenodo.org/record/1",
    "abstract": "Counts of owls.",
}


def ask(one="10.5281/zenodo.1"):
    return registry.ask([Request("DOI", one)])


def test_what_crossref_does_not_know_is_asked_of_its_registry(server):
    server.puts("/crossref/works/10.5281/zenodo.1", "Resource not found.", 404)
    server.puts("/doi/10.5281/zenodo.1", json.dumps(DATACITE))
    (one,) = ask().found
    item = one.item
    assert (item.type, item.title, item.publisher, item.version, item.license) == (
        "dataset",
        "Owls, counted",
        "Zenodo",
        "1.2",
        "CC-BY-4.0",
    )
    assert [author.name.full for author in item.authors] == ["Jane Doe", "John Roe", "Owl Institute"]
    assert (item.doi, item.url, item.key, one.source) == ("10.5281/zenodo.1", "https://zenodo.org/record/1", "", "DOI")
    assert server.asked[1][1]["Accept"] == "application/vnd.citationstyles.csl+json"


def test_crossref_is_asked_first_and_alone(server):
    server.puts("/crossref/works/10.1234/a%3Cb%3E", json.dumps({"message": ARTICLE}))
    assert ask("10.1234/a<b>").found[0].item.volume == "12"
    assert len(server.asked) == 1


def test_a_doi_that_nobody_knows_is_a_sentence(server):
    assert [str(problem) for problem in ask().problems] == [
        "10.5281/zenodo.1: There is no such DOI. Is it spelled as on the paper?"
    ]


def test_a_registry_that_sends_a_page_is_a_sentence(server):
    server.puts("/doi/10.5281/zenodo.1", "<html>")
    assert "no record" in str(ask().problems[0])


def test_where_nobody_can_be_reached_it_is_raised(server, settings):
    settings.SOURCE_URLS = settings.SOURCE_URLS | dict.fromkeys(("crossref", "doi"), "http://127.0.0.1:1")
    with pytest.raises(SourceUnavailable, match="cannot be reached"):
        ask()
