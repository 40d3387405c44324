"""ORCID's public API v3.0: groups of works, then the works."""

import json

import pytest

from research.sources import orcid, registry
from research.sources.fetch import SourceUnavailable
from research.sources.registry import Request

ME = "0000-0002-1825-0097"


def external(kind, value, relation="self"):
    return {
        "external-id-type": kind,
        "external-id-value": value,
        "external-id-normalized": None,
        "external-id-url": None,
        "external-id-relationship": relation,
    }


def work(put_code, *ids, **fields):
    return {
        "put-code": put_code,
        "title": {"title": {"value": f"Work {put_code}"}, "subtitle": None, "translated-title": None},
        "journal-title": {"value": "Journal of Owls"},
        "short-description": None,
        "citation": None,
        "type": "journal-article",
        "publication-date": {"year": {"value": "2020"}, "month": {"value": "05"}, "day": None},
        "external-ids": {"external-id": list(ids)},
        "url": None,
        "contributors": {
            "contributor": [
                {
                    "contributor-orcid": {"path": ME},
                    "credit-name": {"value": "Jane Doe"},
                    "contributor-attributes": {"contributor-sequence": None, "contributor-role": "author"},
                },
                {"contributor-orcid": None, "credit-name": {"value": "Roe, John"}, "contributor-attributes": None},
                {"contributor-orcid": None, "credit-name": None, "contributor-attributes": None},
            ]
        },
        "language-code": "en",
        "visibility": "public",
    } | fields


def bulk(*works):
    return json.dumps({"bulk": [{"work": one} for one in works]}).encode()


def group(*summaries):
    return {"external-ids": {"external-id": []}, "work-summary": list(summaries)}


def test_a_work_with_an_identifier_of_its_own_is_a_lead_with_its_words():
    answer = orcid.parse(
        bulk(
            work(
                1,
                external("isbn", "978-3-16-148410-0", "part-of"),
                external("doi", "10.1/proceedings", "part-of"),
                external("doi", "https://doi.org/10.1234/ABC"),
                external("arxiv", "arXiv:2001.00001v2"),
                external("doi", "10.1101/1", "version-of"),
            ),
            work(2, external("doi", "10.48550/arXiv.2001.00002"), type="other"),
            work(3, external("eid", "2-s2.0-1")),
        )
    )
    assert [lead.identifier for lead in answer.leads] == ["doi:10.1234/abc", "arxiv:2001.00002"]
    first = answer.leads[0].fallback
    assert (first.item.doi, first.item.arxiv_id, first.other_dois, first.item.isbn) == (
        "10.1234/abc",
        "2001.00001",
        ("10.1101/1",),
        "978-3-16-148410-0",
    )
    assert answer.leads[1].fallback.item.type == "preprint"
    (left,) = answer.found
    item = left.item
    assert (item.title, item.container, item.year, item.month, item.day) == ("Work 3", "Journal of Owls", 2020, 5, None)
    assert [(author.name.full, author.orcid) for author in item.authors] == [("Jane Doe", ME), ("John Roe", "")]


def test_the_bibtex_beside_a_work_says_what_orcid_does_not():
    citation = {
        "citation-type": "bibtex",
        "citation-value": "@article{x, title={W}, author={Doe, Jane and Roe, John and others}, volume=3, pages={1--9}}",
    }
    (found,) = orcid.parse(bulk(work(1, citation=citation, contributors=None))).found
    assert [author.name.full for author in found.item.authors] == ["Jane Doe", "John Roe"]
    assert (found.item.volume, found.item.pages, found.authors_are_complete) == ("3", "1–9", False)


def test_nulls_everywhere_do_no_harm():
    for wrong in (None, [], {}, "x", 7, [None]):
        fields = dict.fromkeys(work(1), wrong) | {"title": {"title": {"value": "T"}}}
        (found,) = orcid.parse(json.dumps({"bulk": [{"work": fields}, {"error": {}}, wrong]}).encode()).found
        assert found.item.title == "T"


def test_of_a_group_the_preferred_form_is_asked_for(server):
    groups = [
        group({"put-code": 1, "display-index": "0"}, {"put-code": 2, "display-index": "1"}),
        group({"put-code": 3, "display-index": None}),
        group({"put-code": None}),
        group(),
    ]
    server.puts(f"/orcid/{ME}/works", json.dumps({"group": groups}))
    server.puts(f"/orcid/{ME}/works/2,3", bulk(work(2), work(3)))
    answer = registry.ask([Request("ORCID", ME)])
    assert [found.item.title for found in answer.found] == ["Work 2", "Work 3"]
    assert [headers["Accept"] for _, headers in server.asked] == ["application/json"] * 2


def test_a_hundred_works_are_asked_for_at_a_time(server):
    groups = [group({"put-code": number, "display-index": "1"}) for number in range(1, 251)]
    server.puts(f"/orcid/{ME}/works", json.dumps({"group": groups}))
    for start in (1, 101, 201):
        codes = range(start, min(start + 100, 251))
        server.puts(f"/orcid/{ME}/works/{','.join(map(str, codes))}", bulk(*map(work, codes)))
    answer = registry.ask([Request("ORCID", ME)])
    assert (len(answer.found), answer.problems, len(server.asked)) == (250, (), 4)


def test_where_the_works_cannot_be_had_the_list_has_to_do(server):
    summary = work(1, external("doi", "10.1234/a")) | {"contributors": None, "display-index": "1"}
    server.puts(f"/orcid/{ME}/works", json.dumps({"group": [group(summary)]}))
    (lead,) = registry.ask([Request("ORCID", ME)]).leads
    assert (lead.identifier, lead.fallback.authors_are_complete) == ("doi:10.1234/a", False)


@pytest.mark.parametrize("content", [b"", b"<html>", b'{"group": null}', b'{"gro', b"[]"])
def test_what_is_no_list_of_works_is_a_sentence(server, content):
    server.puts(f"/orcid/{ME}/works", content)
    assert [problem.where for problem in registry.ask([Request("ORCID", ME)]).problems] == [ME]


def test_who_is_unknown_or_shows_nothing_is_a_sentence(server):
    assert "knows nobody" in str(registry.ask([Request("ORCID", ME)]).problems[0])
    server.puts(f"/orcid/{ME}/works", '{"group": []}')
    assert "shows no works" in str(registry.ask([Request("ORCID", ME)]).problems[0])


def test_an_orcid_that_is_down_is_raised(server):
    server.puts(f"/orcid/{ME}/works", "", 500)
    with pytest.raises(SourceUnavailable):
        registry.ask([Request("ORCID", ME)])
