"""Parsers of what strangers send: whatever the text, they read it or refuse it with their own sentence."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from research import identifiers, markup, names
from research.citations import bibtex, csl, jats, latex, mathml, ris
from research.sources import arxiv, dblp, doi, markup_files, orcid, registry

# Text made of what the formats are made of, so that it comes further than noise.
MARKS = """
@article{ @string{ @comment{ } { = , # " \\textbf{ \\frac{ \\begin{x} \\end{x} $ $$ & % ~ \\ _ ^ \\'e \\alpha
title author year and others <b> </b> <sub> <jats:p> </jats:p> <mml:math> <mi> </mi> <![CDATA[ ]]> &lt; &#0;
&#x110000; [ ]( ![ ** `` --- [^1] | - > # 10.1/ 1234.56789 hep-th/9901001 0000-0002-1825-0097 https:// doi: {
"type": "title": null [] 1e999 -1 true
"""
MARKS = [*MARKS.split(), "\n", "TY  - ", "ER  - ", "AU  - "]
TEXTS = st.lists(st.sampled_from(MARKS) | st.text(max_size=6), max_size=30).map("".join)
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a"]) | TEXTS, inner, max_size=3),
    max_leaves=8,
)
CSL_KEYS = [
    "title",
    "type",
    "author",
    "issued",
    "DOI",
    "URL",
    "page",
    "note",
    "abstract",
    "id",
    "container-title",
    "number",
]
WORKS = st.dictionaries(st.sampled_from(CSL_KEYS), JSONS, max_size=8)
# An answer with the fields of a registry, some of them as they are, some with what no registry says.
CROSSREF_KEYS = [
    *("type", "title", "subtitle", "author", "editor", "issued", "posted", "published-online", "container-title"),
    *("event", "institution", "publisher-location", "license", "updated-by", "relation", "DOI", "URL", "ISSN", "page"),
    *("abstract", "article-number", "publisher", "copyright", "language", "original-title"),
]
CROSSREF_PARTS = st.sampled_from(
    [
        "posted-content",
        "book-chapter",
        ["Owls"],
        {"date-parts": [[2024, 2, 30]]},
        {"date-parts": [[None]]},
        {"date-parts": [["2024", -1, 1e99]]},
        [{"given": "Jane", "family": "Doe", "ORCID": "https://orcid.org/x"}, {"name": 7}, None],
        [{"URL": "https://creativecommons.org/licenses/by/4.0/", "content-version": "vor"}, {"URL": []}],
        {"has-preprint": [{"id": "10.48550/arXiv.2412.04984"}, {"id": {}}], "is-version-of": 7},
        {"name": ["Owls"], "location": None},
    ]
)
CROSSREF = st.dictionaries(st.sampled_from(CROSSREF_KEYS), JSONS | CROSSREF_PARTS, max_size=12)
ORCID_KEYS = [
    *("type", "title", "journal-title", "short-description", "language-code", "url", "citation", "external-ids"),
    *("contributors", "publication-date", "put-code", "display-index"),
]
# A value as ORCID wraps it, whole, empty, of another type, or with more in it than it should have.
VALUES = st.fixed_dictionaries({}, optional={"value": JSONS, "content": TEXTS, "visibility": JSONS})
EXTERNAL_IDS = st.fixed_dictionaries(
    {},
    optional={
        "external-id-type": st.sampled_from(["doi", "arxiv", "isbn", "issn", "uri", "DOI"]) | JSONS,
        "external-id-value": TEXTS | JSONS,
        "external-id-url": VALUES | JSONS,
        "external-id-normalized": VALUES | JSONS,
        "external-id-relationship": st.sampled_from(["self", "part-of", "SELF", "version-of"]) | JSONS,
    },
)
CONTRIBUTORS = st.fixed_dictionaries(
    {},
    optional={
        "credit-name": VALUES | JSONS,
        "contributor-orcid": st.fixed_dictionaries({}, optional={"path": TEXTS | JSONS, "uri": JSONS}) | JSONS,
        "contributor-attributes": st.dictionaries(st.sampled_from(["contributor-role"]), JSONS) | JSONS,
    },
)
CITATIONS = st.fixed_dictionaries(
    {"citation-type": st.sampled_from(["BIBTEX", "bibtex", "RIS", "FORMATTED_APA"]) | JSONS},
    optional={"citation-value": TEXTS | st.integers(0, 300).map(lambda depth: "@article{a, title={" + "{" * depth)},
)
ORCID_PARTS = st.one_of(
    st.sampled_from(["journal-article", "conference-paper", "data-set", "preprint", "other", "no-such-type"]),
    VALUES,
    CITATIONS,
    st.fixed_dictionaries({}, optional=dict.fromkeys(("title", "subtitle", "translated-title"), VALUES | JSONS)),
    st.fixed_dictionaries({}, optional={"external-id": st.lists(EXTERNAL_IDS | JSONS, max_size=3) | JSONS}),
    st.fixed_dictionaries({}, optional={"contributor": st.lists(CONTRIBUTORS | JSONS, max_size=3) | JSONS}),
    st.fixed_dictionaries({}, optional=dict.fromkeys(("year", "month", "day"), VALUES | JSONS)),
    st.sampled_from(
        [
            {"value": "javascript:alert(1)"},
            {"external-id": [{"external-id-type": "doi", "external-id-value": "10.1000/x"}, {"external-id-type": 7}]},
            {"contributor": [{"credit-name": {"value": "1"}, "contributor-orcid": {"path": 7}}, "Jane Doe"]},
            {"year": {"value": "2024"}, "month": {"value": "٣"}, "day": {"value": "²"}},
        ]
    ),
)
ORCID = st.dictionaries(st.sampled_from(ORCID_KEYS), JSONS | ORCID_PARTS, max_size=12)
fuzzed = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), database=None)


def read_or_refused(parse, value):
    """A parser's own refusal is a ValueError with a sentence; anything else is a fault, and fails the test."""
    try:
        parse(value)
    except ValueError as refusal:
        assert str(refusal)


TEXT_PARSERS = {
    "bibtex": bibtex.parse,
    "ris": ris.parse,
    "csl": csl.parse,
    "latex": lambda text: latex.decode(text, rich=True, name=True),
    "jats title": jats.title,
    "jats abstract": jats.abstract,
    "mathml": mathml.to_tex,
    "markup": markup.render,
    "words of markup": markup.plain,
    "names": names.parse_authors,
    "name": names.parse_name,
    "doi": identifiers.doi,
    "arxiv": identifiers.arxiv,
    "orcid": identifiers.orcid,
    "pasted": registry.recognise,
    "file": lambda text: registry.read_text(text, "a.bib"),
}


@pytest.mark.parametrize("name", TEXT_PARSERS)
@fuzzed
@given(TEXTS)
def test_any_text_is_read_or_refused(name, text):
    read_or_refused(TEXT_PARSERS[name], text)


@pytest.mark.parametrize("parse", [csl.read_item, lambda work: csl.parse(json.dumps([work]))])
@fuzzed
@given(WORKS)
def test_any_work_in_json_is_read_or_refused(parse, work):
    read_or_refused(parse, work | {"type": "article-journal"})


@pytest.mark.parametrize("read", [arxiv.parse, dblp.parse, markup_files.xml, markup_files.json_object])
@fuzzed
@given(TEXTS | JSONS.map(json.dumps))
def test_any_answer_of_a_source_is_read(read, text):
    read(text.encode("utf-8", "replace"))
    read(f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>{text}</id></entry></feed>".encode("utf-8", "replace"))


@fuzzed
@given(JSONS | CROSSREF)
def test_any_answer_of_crossref_and_doi_org_is_read(message):
    doi.parse(json.dumps({"status": "ok", "message": message}).encode())
    doi.parse_csl(json.dumps(message).encode())


@settings(fuzzed, max_examples=400)
@given(st.lists(ORCID | JSONS, max_size=3), JSONS)
def test_any_answer_of_orcid_is_read(works, other):
    orcid.parse(json.dumps({"bulk": [{"work": work} for work in works] + [other]}).encode())
    orcid.parse(json.dumps({"bulk": other}).encode())
    orcid.summaries(json.dumps({"group": [{"work-summary": works}, other]}).encode())
    orcid.summaries(json.dumps({"group": other}).encode())
