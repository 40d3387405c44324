"""RIS: text in, text out; round trips; other people's files; hostile files."""

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from research.citations import item as types
from research.citations import limits, ris
from research.citations.item import Item
from research.names import Name

from .gold import FOLDER, GOLD
from .strategies import capitalised, contributors, items, texts, without

PEOPLE = contributors(["", "van", "de la"], capitalised)  # words in lower case are a particle


def written(**fields):
    """The lines of an Item's record."""
    return ris.render(Item(**{"key": "k", "type": "article", "title": "T"} | fields)).split("\r\n")


def read(*lines):
    (item,) = ris.parse("\r\n".join([*lines, "ER  - "]))
    return item


@pytest.mark.parametrize("kind", types.TYPES)
def test_each_type_is_written_as_its_golden_file(kind):
    assert ris.render(GOLD[kind]).encode() == (FOLDER / f"{kind}.ris").read_bytes()


@pytest.mark.parametrize("kind", types.TYPES)
@settings(max_examples=15, deadline=None)
@given(st.data())
def test_what_is_written_is_read_back(kind, data):
    item = without(data.draw(items(kind, title=texts(), abstract=texts(), people=PEOPLE)), ris.LOST_FIELDS[kind])
    if kind == types.WORKSHOP_PAPER:  # only the name of its venue says so
        item = replace(item, container=f"Workshop {item.container}")
    if kind == types.PREPRINT and not item.container:  # where it is says what it is
        item = replace(item, arxiv_id="2401.01234")
    if kind == types.OTHER and not item.container:  # what is on arXiv and nowhere else is a preprint
        item = replace(item, arxiv_id="", arxiv_class="")
    assert ris.parse(ris.render(item)) == [item]


def test_many_are_read_back_in_their_order():
    items = ris.parse(ris.render_all(GOLD.values()))
    assert [(item.key, item.type) for item in items] == [(item.key, item.type) for item in GOLD.values()]


def test_lines_end_as_the_format_wants_them():
    text = ris.render(GOLD["article"])
    assert text.count("\n") == text.count("\r\n")
    assert text.startswith("TY  - JOUR\r\n")
    assert text.endswith("ER  - \r\n")


def test_a_conference_paper_has_its_event_and_its_proceedings():
    assert {"TY  - CONF", "T2  - ICLR", "C3  - Proc. of ICLR"} <= set(
        written(type="conference-paper", event="ICLR", container="Proc. of ICLR")
    )
    assert {"T2  - ICLR", "C3  - ICLR"} <= set(written(type="conference-paper", event="ICLR"))


def test_a_date_has_four_parts_and_no_more_than_is_known():
    assert "DA  - 2024/05/07/" in written(year=2024, month=5, day=7)
    assert "DA  - 2024/05//" in written(year=2024, month=5)
    assert not [line for line in written(year=2024) if line.startswith("DA")]


def test_a_line_break_in_a_text_begins_no_line():
    assert "N1  - a ER - b" in written(note="a\r\nER  - b")


def test_maths_becomes_unicode_and_emphasis_is_dropped():
    assert "TI  - λ₁ in vivo" in written(title="$\\lambda_1$ *in vivo*")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("AU  - van der Berg, Jan, Jr.", Name("Jan", "van der", "Berg", "Jr.")),
        ("A1  - King, Jr., Martin", Name("Martin", "", "King", "Jr.")),
        ("AU  - ATLAS Collaboration", Name("", "", "ATLAS Collaboration", "")),
        ("AU  - OpenAI,", Name("", "", "OpenAI", "")),
    ],
)
def test_names_are_read(line, expected):
    (author,) = read("TY  - JOUR", line).authors
    assert author.name == expected


def test_the_older_tags_and_looser_lines_are_read():
    text = "\ufeffTY - JOUR\nT1  - A title\n   that goes on\nJF  - J\nY1  - 2020/03//\nSP  - 3-9\nN2  - Abs\nER  -\n"
    (item,) = ris.parse(text)
    assert (item.title, item.container, item.year, item.month) == ("A title that goes on", "J", 2020, 3)
    assert (item.pages, item.abstract) == ("3–9", "Abs")


def test_identifiers_are_checked():
    item = read("TY  - JOUR", "DO  - https://doi.org/10.1000/ABC", "AN  - arXiv:2412.04984v2", "SN  - 0378-5955")
    assert (item.doi, item.arxiv_id, item.issn) == ("10.1000/abc", "2412.04984", "0378-5955")
    assert read("TY  - JOUR", "DO  - none").doi == ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("This is no RIS.", "Line 1: a RIS record begins"),
        ("TY  - JOUR\nER  - \nTI  - x", "Line 3"),
        ("x" * (limits.MAX_LENGTH + 1), "too long"),
        ("TY  - \nER  - \n" * 100_000, "too many entries"),
    ],
    ids=lambda value: value[:20],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence_soon(text, sentence):
    began = time.monotonic()
    with pytest.raises(ValueError, match=sentence):
        ris.parse(text)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("piece", ["x", "TI  - x\n", "AU  - x\n", "x\n", "\n", "TY", " ", ", ", "\r"])
def test_hostile_records_are_read_in_linear_time(piece):
    began = time.monotonic()
    ris.parse("TY  - JOUR\nTI  - " + piece * (400_000 // len(piece)))
    assert time.monotonic() - began < 5


def test_no_records_are_an_empty_list():
    assert ris.parse("\r\n") == []
    assert ris.render_all([]) == ""


@pytest.mark.parametrize(("line", "license"), [("CC-BY-4.0", "CC-BY-4.0"), ("© 2024 The Nest Press", ""), ("", "")])
def test_a_licence_is_read_where_it_is_one_that_has_a_name(line, license):
    [item] = ris.parse(f"TY  - JOUR\r\nTI  - Owls\r\nCR  - {line}\r\nER  - \r\n")
    assert item.license == license
