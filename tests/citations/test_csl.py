"""CSL-JSON: objects in, objects out; round trips; what Crossref sends; hostile files."""

import json
import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from research.citations import csl, limits
from research.citations import item as types
from research.citations.item import Contributor, Item
from research.names import Name

from .gold import FOLDER, GOLD
from .strategies import emphasised_texts, items, keywords, texts, without


def written(**fields):
    return csl.to_csl(Item(**{"key": "k", "type": "article", "title": "T"} | fields))


def read(**fields):
    (item,) = csl.parse(json.dumps({"id": "k", "type": "article-journal"} | fields))
    return item


@pytest.mark.parametrize("kind", types.TYPES)
def test_each_type_is_written_as_its_golden_file(kind):
    assert csl.render(GOLD[kind]) == (FOLDER / f"{kind}.json").read_text("utf-8")


@pytest.mark.parametrize("kind", types.TYPES)
@settings(max_examples=15, deadline=None)
@given(st.data())
def test_what_is_written_is_read_back(kind, data):
    words = keywords("&,{}<")
    item = without(data.draw(items(kind, emphasised_texts, texts(), words=words)), csl.LOST_FIELDS[kind])
    assert csl.parse(csl.render(item)) == [item]


def test_many_are_an_array_and_are_read_back_in_their_order():
    text = csl.render_all(GOLD.values())
    assert [record["id"] for record in json.loads(text)] == [item.key for item in GOLD.values()]
    assert [(item.key, item.type) for item in csl.parse(text)] == [(item.key, item.type) for item in GOLD.values()]


def test_a_gold_item_is_read_back_with_its_notice_and_its_addresses():
    item = GOLD["report"]
    (found,) = csl.parse(csl.render(item))
    assert (found.notice, found.note) == (item.notice, item.note)
    item = GOLD["conference-paper"]
    (found,) = csl.parse(csl.render(item))
    assert (found.record_url, found.pdf_url, found.online_date) == (item.record_url, item.pdf_url, date(2024, 3, 1))


def test_a_group_is_literal_and_a_person_has_parts():
    name = Name("Jan", "van der", "Berg", "Jr.")
    record = written(authors=(Contributor(name), Contributor(Name("", "", "ATLAS Collaboration", ""))))
    assert record["author"] == [
        {"family": "Berg", "given": "Jan", "non-dropping-particle": "van der", "suffix": "Jr."},
        {"literal": "ATLAS Collaboration"},
    ]


def test_dates_have_the_parts_that_are_known():
    assert written(year=2024)["issued"] == {"date-parts": [[2024]]}
    assert written(year=2024, month=5)["issued"] == {"date-parts": [[2024, 5]]}
    assert "issued" not in written()


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("The *E. coli* & $x^2$", 'The <i>E. coli</i> & <span class="nocase">x²</span>'),
        ("λ₁-decay of H$_2$O", '<span class="nocase">λ₁-decay</span> of <span class="nocase">H₂O</span>'),
        ("**NOT** 2 * 3 for $5", "<b>NOT</b> 2 * 3 for $5"),
    ],
)
def test_a_title_has_the_marks_that_citeproc_knows(title, expected):
    assert written(title=title)["title"] == expected


def test_an_article_number_is_printed_in_place_of_pages():
    record = written(number="e117")
    assert (record["number"], record["page"]) == ("e117", "e117")
    assert csl.parse(json.dumps(record))[0].pages == ""


def test_what_crossref_sends_is_read():
    item = read(
        type="journal-article",
        title=["On H<sub>2</sub>O and <i>E. coli</i>"],
        subtitle=["A study"],
        author=[
            {"given": "Jane", "family": "Doe", "ORCID": "http://orcid.org/0000-0002-1825-0097", "sequence": "first"},
            {"name": "ATLAS Collaboration", "sequence": "additional"},
        ],
        issued={"date-parts": [[None]]},
        published={"date-parts": [[2020, 3]]},
        abstract="<jats:title>Abstract</jats:title><jats:p>One &amp; two.</jats:p>",
        event={"name": "Meeting"},
        ISSN=["0378-5955", "1234-5678"],
        **{"container-title": ["Journal"], "short-container-title": ["J."], "article-number": "e7"},
    )
    assert (item.title, item.abstract) == ("On H2O and *E. coli*: A study", "One & two.")
    assert item.authors[0] == Contributor(Name("Jane", "", "Doe", ""), "0000-0002-1825-0097")
    assert item.authors[1].name == Name("", "", "ATLAS Collaboration", "")
    assert (item.year, item.month, item.day) == (2020, 3, None)
    assert (item.container, item.container_short, item.number, item.event) == ("Journal", "J.", "e7", "Meeting")
    assert item.issn == "0378-5955"


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"type": "posted-content"}, "preprint"),
        ({"type": "article"}, "preprint"),
        ({"type": "article", "container-title": "J"}, "article"),
        ({"type": "proceedings-article"}, "conference-paper"),
        ({"type": "speech", "genre": "Poster presentation"}, "poster"),
        ({"type": "song"}, "other"),
    ],
)
def test_types_of_other_files_are_read(record, expected):
    assert read(**record).type == expected


@pytest.mark.parametrize(
    "fields",
    [
        {"author": "Jane"}, {"author": [None, 3, {}]}, {"title": {"a": []}}, {"issued": [[2020]]}, {"custom": [1]},
        {"issued": {"date-parts": [["9" * 5000, {}, None]]}}, {"DOI": 7}, {"id": None}, {"page": [[]]},
        {"author": [{"family": {"a": 1}, "given": []}]}, {"available-date": {"date-parts": [[2023, 2, 30]]}},
    ],
)  # fmt: skip
def test_fields_of_another_shape_are_left_out(fields):
    assert read(**fields).type == "article"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "not JSON"),
        ('{"type": ', "not JSON"),
        ("3", "not CSL-JSON"),
        ('[{"id": "a"}]', "not CSL-JSON"),
        ('[{"type": "book"}, 7]', "not CSL-JSON"),
        ("x" * (limits.MAX_LENGTH + 1), "too long"),
        ("[" + "{}," * 100_000 + "{}]", "too many entries"),
        ("[" * 1_000_000, "nested"),
        ('{"a":' * 500_000, "nested"),
        ("9" * 100_000, "not JSON"),
    ],
    ids=lambda value: value[:20],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence_soon(text, sentence):
    began = time.monotonic()
    with pytest.raises(ValueError, match=sentence):
        csl.parse(text)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("piece", ["<i>", "<", "*", "<jats:", "<jats:title>", "$", ",", ";", "&", " ", "<span "])
def test_hostile_texts_are_read_in_linear_time(piece):
    text = piece * (200_000 // len(piece))
    began = time.monotonic()
    read(title=text, abstract=text, keyword=text, note=text, page=text)
    assert time.monotonic() - began < 5
