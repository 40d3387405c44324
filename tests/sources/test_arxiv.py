"""arXiv's feed: in the shape that its API answers."""

import pytest

from research.sources import arxiv, registry
from research.sources.fetch import SourceUnavailable
from research.sources.registry import Request

FEED = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title type="html">ArXiv Query: id_list=…</title>{}</feed>"""
ENTRY = """<entry><id>http://arxiv.org/abs/{id}v2</id><updated>2024-02-01T00:00:00Z</updated>
<published>2024-01-15T18:00:00Z</published><title>{title}</title><summary>{summary}</summary>
<author><name>{author}</name></author><author><name>The ATLAS Collaboration</name></author>
{more}<arxiv:primary_category xmlns:arxiv="http://arxiv.org/schemas/atom" term="cs.CL" scheme="x"/></entry>"""
ARXIV = 'xmlns:arxiv="http://arxiv.org/schemas/atom"'


def entry(id="2401.00001", title="A Title", summary="We show.", author="Jane Doe", more=""):
    return ENTRY.format(id=id, title=title, summary=summary, author=author, more=more)


def feed(*entries):
    return FEED.format("".join(entries)).encode()


def only(**fields):
    (found,) = arxiv.parse(feed(entry(**fields))).found
    return found.item


def test_an_entry_is_a_preprint_with_all_that_arxiv_knows():
    item = only(title="Owls\n  at $\\sqrt{s}=5$ TeV", summary="  We show\nthat owls see.\n  And more.\n")
    assert (item.type, item.title, item.arxiv_id, item.arxiv_class) == (
        "preprint",
        r"Owls at $\sqrt{s}=5$ TeV",
        "2401.00001",
        "cs.CL",
    )
    assert (item.year, item.month, item.day, str(item.online_date)) == (2024, 1, 15, "2024-01-15")
    assert item.abstract == "We show that owls see.\n\nAnd more."
    assert [author.name.full for author in item.authors] == ["Jane Doe", "The ATLAS Collaboration"]
    assert item.authors[1].is_group
    assert (item.doi, item.url, item.container) == ("", "", "")


def test_what_has_appeared_keeps_both_identifiers():
    more = f"<arxiv:doi {ARXIV}>10.1145/ABC</arxiv:doi><arxiv:journal_ref {ARXIV}>Owl J. 3 (2024) 9</arxiv:journal_ref>"
    item = only(id="hep-th/9901001", more=more)
    assert (item.doi, item.arxiv_id, item.note) == ("10.1145/abc", "hep-th/9901001", "Published in Owl J. 3 (2024) 9")


@pytest.mark.parametrize(
    ("comment", "note"),
    [
        ("12 pages, 3 figures", ""),
        ("12 pages, 3 figures. Accepted at ICLR 2024", "Accepted at ICLR 2024"),
        ("Accepted to the Conference on Software Testing, Verification and Validation", None),
    ],
)
def test_a_comment_that_tells_where_it_appeared_is_the_note(comment, note):
    item = only(more=f"<arxiv:comment {ARXIV}>{comment}</arxiv:comment>")
    assert item.note == (comment if note is None else note)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Schr\\\"odinger's ``owl'' -- a study", "Schrödinger's “owl” – a study"),
        ("CO$_2$ at 10$^{-3}$", "CO₂ at 10⁻³"),
        ("P &lt; NP &amp; more", "P < NP & more"),
        ("See https://a.org/~owl_x", "See https://a.org/~owl_x"),
    ],
)
def test_tex_in_titles(title, expected):
    assert only(title=title).title == expected


def test_mojibake_in_names_is_undone():
    assert only(author="Aurora RamÃ\xadrez").authors[0].name.full == "Aurora Ramírez"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "no list of papers"),
        (b"<html><body>Down", "no list of papers"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'><entry>", "no list of papers"),
        (
            b'<!DOCTYPE x [<!ENTITY a "b">]><feed xmlns="http://www.w3.org/2005/Atom"><entry/></feed>',
            "no list of papers",
        ),
        (b'{"a": 1}', "no list of papers"),
        (
            FEED.format(
                "<entry><id>http://arxiv.org/api/errors#x</id><title>Error</title><summary>incorrect id format for x"
                "</summary></entry>"
            ).encode(),
            "incorrect id format",
        ),
    ],
)
def test_what_is_no_feed_is_a_sentence(content, sentence):
    answer = arxiv.parse(content)
    assert (answer.found, len(answer.problems)) == ((), 1)
    assert sentence in str(answer.problems[0])


def test_an_empty_feed_has_no_problem_of_its_own():
    assert arxiv.parse(feed()).problems == ()
    assert arxiv.parse(feed("<entry><id/><title/></entry>")).found == ()


def ask(*ids):
    return registry.ask([Request("arXiv", one) for one in ids])


def test_many_are_asked_for_at_once_and_come_in_their_order(server):
    server.puts("/arxiv", feed(entry("2401.00001"), entry("2401.00002")))
    answer = ask("2401.00002", "2401.00001", "2401.99999")
    assert [found.item.arxiv_id for found in answer.found] == ["2401.00002", "2401.00001"]
    assert [str(problem) for problem in answer.problems] == ["2401.99999: arXiv has no such paper."]
    assert [path for path, _ in server.asked] == [
        "/arxiv?id_list=2401.00002,2401.00001,2401.99999&max_results=3",
    ]


def test_one_that_arxiv_does_not_take_for_an_identifier_does_not_spoil_the_others(server):
    server.puts("/arxiv", "", 400)
    server.puts("/arxiv", feed(entry("2401.00001")))
    server.puts("/arxiv", "", 400)
    answer = ask("2401.00001", "9999.99999")
    assert [found.item.arxiv_id for found in answer.found] == ["2401.00001"]
    assert [str(problem) for problem in answer.problems] == [
        "9999.99999: arXiv does not take this for an identifier of its own."
    ]


def test_a_page_in_place_of_a_feed_names_each_that_was_asked_for(server):
    server.puts("/arxiv", "<html>Rate exceeded")
    assert [problem.where for problem in ask("2401.00001", "2401.00002").problems] == ["2401.00001", "2401.00002"]


def test_an_arxiv_that_is_down_is_raised(server):
    server.puts("/arxiv", "", 500)
    with pytest.raises(SourceUnavailable, match="error"):
        ask("2401.00001")
