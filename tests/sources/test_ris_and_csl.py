"""RIS and CSL-JSON of other programs, and their broken files."""

import json

import pytest

from research.sources import csl, ris

RECORD = """TY  - JOUR
AU  - Doe, Jane
AU  - John Roe
AU  - {author}
T1  - The <i>C. elegans</i> of H<sub>2</sub>O.
JO  - Journal of Owls
VL  - 3
IS  - 2
SP  - 101
EP  - 117
PY  - 2020/05/07/
DO  - https://doi.org/10.1234/ABC
UR  - https://doi.org/10.1234/ABC
N1  - {note}
AB  - We show
that owls see.
ER  -
"""


def record(author="Owl Consortium", note=""):
    return RECORD.format(author=author, note=note)


def test_a_record_of_ris_is_whole():
    (found,) = ris.parse(record()).found
    item = found.item
    assert (item.type, item.title, item.container, item.volume, item.issue, item.pages) == (
        "article",
        "The *C. elegans* of H₂O",
        "Journal of Owls",
        "3",
        "2",
        "101–117",
    )
    assert [(author.name.full, author.is_group) for author in item.authors] == [
        ("Jane Doe", False),
        ("John Roe", False),
        ("Owl Consortium", True),
    ]
    assert (item.year, item.month, item.day, item.doi, item.url) == (2020, 5, 7, "10.1234/abc", "")
    assert (item.abstract, found.line) == ("We show that owls see.", 1)


def test_lists_that_go_on_and_capitals_are_read():
    (found,) = ris.parse(record("et al.")).found
    assert (len(found.item.authors), found.authors_are_complete) == (2, False)
    (found,) = ris.parse(record("POE, EDGAR A.")).found
    assert found.item.authors[2].name.full == "Edgar A. Poe"


def test_bad_records_are_named_and_the_good_ones_read():
    answer = ris.parse("Dear reader,\nhere it is\n" + record() + "\nTY  - JOUR\nAU  - Doe, Jane\nER  - \n" + record())
    assert [found.line for found in answer.found] == [3, 24]
    assert [str(problem) for problem in answer.problems] == [
        "Line 1: a RIS record begins with “TY  - ”, and this line is “Dear reader,”.",
        "Line 21: This record has no title, so it was left out.",
    ]


def read(**fields):
    (found,) = csl.parse(json.dumps([{"id": "k", "type": "article-journal", "title": "T"} | fields])).found
    return found.item


def test_zoteros_preprint_keeps_its_arxiv_identifier():
    item = read(
        type="article",
        publisher="arXiv",
        number="arXiv:1706.03762",
        DOI="10.48550/arXiv.1706.03762",
        note="arXiv:1706.03762 [cs]",
    )
    assert (item.type, item.arxiv_id, item.doi, item.publisher, item.container, item.note) == (
        "preprint",
        "1706.03762",
        "",
        "",
        "",
        "",
    )


def test_names_in_one_piece_are_people_or_groups():
    item = read(
        author=[
            {"literal": "Doe, Jane"},
            {"literal": "John Roe"},
            {"literal": "Owl Team"},
            {"family": "ROE", "given": "ANN"},
        ]
    )
    assert [author.name.full for author in item.authors] == ["Jane Doe", "John Roe", "Owl Team", "Ann Roe"]
    assert [author.is_group for author in item.authors] == [False, False, True, False]


def test_a_preprint_and_its_server_in_the_place_of_a_journal():
    item = read(**{"container-title": "bioRxiv", "type": "article-journal"})
    assert (item.type, item.container) == ("preprint", "bioRxiv")


def test_bad_objects_are_named_and_the_good_ones_read():
    answer = csl.parse(json.dumps([{"type": "book", "title": "A"}, 7, {"type": "book"}, {"title": "B"}, None]))
    assert [found.item.title for found in answer.found] == ["A", "B"]
    assert [problem.where for problem in answer.problems] == ["Record 2", "Record 3", "Record 5"]


@pytest.mark.parametrize("wrong", [None, [], {}, "x", 7, True, [None], {"date-parts": None}])
def test_wrong_shapes_do_no_harm(wrong):
    names = (
        "author",
        "editor",
        "issued",
        "container-title",
        "page",
        "DOI",
        "URL",
        "keyword",
        "abstract",
        "custom",
        "id",
    )
    assert read(**dict.fromkeys(names, wrong)).title == "T"


@pytest.mark.parametrize(
    ("note", "kept"),
    [
        ("PMID: 12345678\nPMCID: PMC99", ""),
        ("PMID: 12345678; Oral presentation", "Oral presentation"),
        ("Oral presentation", "Oral presentation"),
        ("1477-0539 Doe, J L G Roe, J Journal Article England 2014/02/21 J Owls. 2014;12(5):7-9", ""),
        ("A Journal Article prize", "A Journal Article prize"),
    ],
)
def test_what_programs_write_into_a_note_for_themselves_is_no_note(note, kept):
    text = json.dumps({"id": "owls", "type": "article-journal", "title": "Owls", "note": note})
    assert csl.parse(text).found[0].item.note == kept
