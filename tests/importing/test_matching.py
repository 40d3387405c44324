"""Which publication a record is: certainly, perhaps, or none."""

import pytest

from research.importing.library import Library, meet
from research.importing.matching import are_alike, normal_title
from research.importing.works import work

from .records import article, found, preprint

pytestmark = pytest.mark.django_db


def match(*founds):
    """(title of the first candidate, whether it is certain) of a record; None where nothing is like it."""
    library = Library()
    result = library.index.match(work(founds))
    return result and (str(library.publication(result.keys[0])), result.is_certain)


@pytest.fixture
def owls(make_publication, make_person):
    """A preprint that the site knows."""
    fields = {"type": "preprint", "arxiv_id": "2312.00001", "year": 2023, "citation_key": "doe2023owls"}
    return make_publication([make_person("Jane Doe"), make_person("John Roe")], title="Owls Hunt by Ear", **fields)


SAME, PERHAPS = ("Owls Hunt by Ear", True), ("Owls Hunt by Ear", False)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (preprint(title="Owls and Ears"), SAME),
        (preprint(arxiv_id="", doi="10.48550/arxiv.2312.00001", title="Owls and Ears"), SAME),
        (article(title="Owls and Ears", other_arxiv_ids=("2312.00001",)), SAME),
        (preprint(title="Of Mice", authors=["Anna New"]), PERHAPS),
    ],
)
def test_the_arxiv_identifier_tells_in_every_form(owls, record, expected):
    assert match(record) == expected


def test_arxivs_doi_in_the_site_is_the_arxiv_identifier(make_publication):
    make_publication(title="Owls Hunt by Ear", doi="10.48550/arxiv.2312.00001")
    assert match(preprint(title="Renamed")) == SAME


def test_the_doi_tells_also_that_of_another_version(make_publication):
    make_publication(title="Owls Hunt by Ear", doi="10.1000/owls")
    assert match(article(title="Renamed")) == SAME
    assert match(preprint(title="Renamed", other_dois=("10.1000/owls",))) == SAME


def test_identifiers_of_two_publications_are_asked(owls, make_publication):
    make_publication(title="Owls", doi="10.1000/owls")
    assert match(article(arxiv_id="2312.00001")) == ("Owls", False)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (found(key="doe2023owls", title="Owls hunt by ear: a study", year=2001), SAME),
        (found(key="DOE2023owls", title="Of Mice and Voles"), PERHAPS),
        (preprint(key="doe2023owls", arxiv_id="2401.00002"), PERHAPS),
    ],
)
def test_the_citation_key_tells_with_a_title_that_is_alike(owls, record, expected):
    assert match(record) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"title": "OWLS *hunt* by ear."}, SAME),
        ({"year": 2023}, SAME),
        ({"year": 2025}, PERHAPS),
        ({"authors": ["Anna New", "Jane Doe"]}, PERHAPS),
        ({"authors": []}, PERHAPS),
        ({"authors": ["J. Doe"]}, SAME),
        ({"title": "Owls Hunt by Ear: A Field Study"}, PERHAPS),
        ({"title": "Owls Hunt by Ear: A Field Study", "authors": ["Anna New"]}, None),
        ({"title": "Owls Hunt by Eye"}, None),
        ({"type": "preprint", "year": 2023, "arxiv_id": "2401.00002"}, PERHAPS),
        ({"type": "preprint", "year": 2023}, SAME),
        ({"type": "preprint", "year": 2024}, PERHAPS),
    ],
)
def test_a_title_tells_with_year_and_first_author(owls, fields, expected):
    assert match(found(**fields)) == expected


def test_two_published_works_of_one_title_are_asked(make_publication, make_person):
    people = [make_person("Jane Doe")]
    make_publication(people, title="Owls Hunt by Ear", type="workshop-paper", year=2024)
    assert match(found(type="conference-paper")) == PERHAPS
    assert match(found(type="workshop-paper")) == SAME


def test_two_dois_of_published_works_are_two_works(make_publication, make_person):
    make_publication([make_person("Jane Doe")], title="Owls Hunt by Ear", type="article", doi="10.1000/one")
    assert match(article(doi="10.1000/two")) == PERHAPS


def test_a_draft_is_met_too(make_publication, make_person):
    make_publication([make_person("Jane Doe")], title="Owls Hunt by Ear", type="article", status="draft")
    assert match(found()) == SAME


def test_preprint_and_article_of_one_import_meet():
    other = found("Of Mice", authors=["Anna New"])
    groups = [[record.item.title for record in group] for group in meet([preprint(), other, article()])]
    assert groups == [["Owls Hunt by Ear"] * 2, ["Of Mice"]]
    assert [len(group) for group in meet([article()], [[preprint()]])] == [2]


def test_a_file_with_two_works_of_one_title_or_key_has_two_works():
    workshop, conference = (found(type=f"{kind}-paper", key="owls") for kind in ("workshop", "conference"))
    mice = found("Of Mice and Voles", key="owls")
    assert [len(group) for group in meet([workshop, conference, mice, workshop])] == [1, 1, 1]


@pytest.mark.parametrize(
    ("title", "normal"),
    [("The $O(n)$ *Owl*: É—a", "the o n owl e a"), ("Owls‐in <i>Trees</i>", "owls in trees"), ("", "")],
)
def test_a_title_is_compared_by_its_letters(title, normal):
    assert normal_title(title) == normal


def test_titles_are_alike_that_share_most_words():
    assert are_alike("owls hunt by ear", "owls hunt by ear at night")
    assert are_alike("how owls hunt by ear", "owls hunt by ear")
    assert not are_alike("owls hunt by ear", "mice hide by ear and eye")
    assert not are_alike("", "owls")
