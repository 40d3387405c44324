"""Records become the values that a publication would hold."""

from datetime import date

import pytest

from research.citations.item import Contributor
from research.importing.works import work
from research.names import Name

from .records import article, author, found, preprint


def test_a_record_gives_values_with_their_source():
    one = work([article(pages="1–9", issue="")])
    assert one.values == {
        "title": ("Owls Hunt by Ear", "Crossref"),
        "type": ("article", "Crossref"),
        "date": ((2024, None, None), "Crossref"),
        "venue": ("Journal of Owls", "Crossref"),
        "volume": ("12", "Crossref"),
        "pages": ("1–9", "Crossref"),
        "doi": ("10.1000/owls", "Crossref"),
    }
    assert (one.notes, one.refusal) == ((), "")


@pytest.mark.parametrize("order", [1, -1])
def test_a_preprint_and_its_article_keep_both_identifiers_and_the_articles_data(order):
    records = [preprint(publisher="arXiv", abstract="We listen."), article()][::order]
    assert work(records).values == {
        "title": ("Owls Hunt by Ear", "Crossref"),
        "type": ("article", "Crossref"),
        "date": ((2024, None, None), "Crossref"),
        "online_date": (date(2023, 12, 1), "arXiv"),
        "venue": ("Journal of Owls", "Crossref"),
        "volume": ("12", "Crossref"),
        "doi": ("10.1000/owls", "Crossref"),
        "arxiv_id": ("2312.00001", "arXiv"),
        "arxiv_class": ("cs.CL", "arXiv"),
        "abstract": ("We listen.", "arXiv"),
    }


def test_the_day_of_a_preprint_is_when_its_article_first_appeared():
    assert work([article(), preprint(online_date=None)]).get("online_date") == date(2023, 12, 1)
    assert "online_date" not in work([article(), preprint(online_date=None, month=2, day=30)]).values


def test_arxivs_own_doi_is_an_arxiv_identifier():
    one = work([found(type="preprint", doi="10.48550/arxiv.2312.00001")])
    assert ("doi" in one.values, one.get("arxiv_id"), one.arxiv_ids) == (False, "2312.00001", {"2312.00001"})


def test_identifiers_of_other_versions_fill_what_is_missing():
    assert work([preprint(other_dois=("10.1000/owls",))]).get("doi") == "10.1000/owls"
    assert work([article(other_arxiv_ids=("2312.00001",))]).get("arxiv_id") == "2312.00001"
    assert work([article(doi="", other_dois=("10.1101/preprint",))]).get("doi") == ""
    assert work([article(other_arxiv_ids=("2312.00001", "2312.00002"))]).get("arxiv_id") == ""


def test_an_address_that_an_identifier_gives_is_left_out():
    assert work([article(url="http://dx.doi.org/10.1000/OWLS")]).get("url") == ""
    assert work([preprint(url="https://arxiv.org/pdf/2312.00001v2")]).get("url") == ""
    assert work([article(url="https://owls.org/paper")]).get("url") == "https://owls.org/paper"


@pytest.mark.parametrize(
    ("fields", "kept", "note"),
    [
        ({"isbn": "none"}, ("isbn", ""), "The ISBN “none” was left out: An ISBN is made of digits: 978-3-16-148410-0."),
        ({"url": "javascript:alert(1)"}, ("url", ""), "The address of the paper “javascript:alert(1)” was left out: "),
        (
            {"container": "Owls " * 110},
            ("venue", ("Owls " * 99).strip() + "…"),
            "The venue has more than 500 characters",
        ),
        ({"month": 2, "day": 30}, ("date", (2024, 2, None)), "Month 2 of 2024 has no day 30; the day was left out."),
        (
            {"editors": (author("Jane Doe"), Contributor(Name("1", "", "2", "")))},
            ("editors", ""),
            "The editors were left out: ",
        ),
    ],
)
def test_what_a_field_cannot_hold_is_cut_or_named(fields, kept, note):
    one = work([found(**fields)])
    assert one.get(kept[0]) == kept[1]
    assert [text.startswith(note) for text in one.notes] == [True], one.notes


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"title": ""}, "It has no title, so it was left out. Add one, and import it again."),
        ({"year": None}, "It has no year of publication, and every publication needs one."),
        ({"year": 24}, "It has no year of publication, and every publication needs one."),
    ],
)
def test_what_cannot_be_a_publication_says_why(fields, refusal):
    assert work([found(**fields)]).refusal == refusal


def test_the_owner_gives_the_year_that_is_missing():
    assert work([found(year=None)], year=2020).values["date"] == ((2020, None, None), "")


def test_editors_are_written_so_that_they_are_read_again():
    one = work([found(editors=(author("Ludwig van Beethoven"), author("ATLAS")))])
    assert one.get("editors") == "Ludwig van Beethoven\n{ATLAS}"


def test_a_whole_list_of_authors_is_taken_before_one_that_was_cut():
    one = work([article(authors=["Jane Doe"], authors_are_complete=False), preprint()])
    assert ([author.name.full for author in one.authors], one.authors_source) == (["Jane Doe", "John Roe"], "arXiv")
