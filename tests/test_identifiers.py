"""Identifiers as they are pasted, and as they are stored."""

import pytest

from research import identifiers


@pytest.mark.parametrize(
    "typed",
    [
        "10.1145/3531146.3533088",
        " doi:10.1145/3531146.3533088 ",
        "DOI: 10.1145/3531146.3533088",
        "https://doi.org/10.1145/3531146.3533088",
        "http://dx.doi.org/10.1145/3531146.3533088",
        "doi.org/10.1145/3531146.3533088",
        "https://doi.org/10.1145/3531146.3533088?ref=x",
    ],
)
def test_a_doi_is_recognised_however_it_is_pasted(typed):
    assert identifiers.doi(typed) == "10.1145/3531146.3533088"


def test_a_doi_of_the_old_kind_keeps_its_signs():
    old = "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2"
    assert identifiers.doi(old) == old.lower()
    assert identifiers.doi_url(old).startswith("https://doi.org/10.1002/(SICI)1097-0258(19980815/30)17:15/16%3C1661::")


@pytest.mark.parametrize("typed", ["", "10.1145", "11.1145/x", "10.12/x", "10.1145/a b", "x" * 300, "10.1145/\x00"])
def test_what_is_no_doi_is_refused(typed):
    with pytest.raises(ValueError, match=r"This is not a DOI\."):
        identifiers.doi(typed)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("2412.04984", "2412.04984"),
        ("2412.04984v12", "2412.04984"),
        ("arXiv:2412.04984v2", "2412.04984"),
        ("https://arxiv.org/abs/2412.04984", "2412.04984"),
        ("https://www.arxiv.org/pdf/2412.04984v1.pdf", "2412.04984"),
        ("https://arxiv.org/html/2412.04984v1", "2412.04984"),
        ("https://doi.org/10.48550/arXiv.2412.04984", "2412.04984"),
        ("hep-th/9901001v3", "hep-th/9901001"),
        ("math.GT/0309136", "math.GT/0309136"),
        ("0704.0001", "0704.0001"),
    ],
)
def test_an_arxiv_identifier_is_recognised_however_it_is_pasted(typed, stored):
    assert identifiers.arxiv(typed) == stored


@pytest.mark.parametrize(
    "typed", ["", "2412", "2412.049", "2412.049840", "evil/../9901001", "https://example.org/abs/1"]
)
def test_what_is_no_arxiv_identifier_is_refused(typed):
    with pytest.raises(ValueError, match=r"This is not an arXiv identifier\."):
        identifiers.arxiv(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "0000-0002-1694-233X",
        "https://orcid.org/0000-0002-1694-233x",
        "000000021694233X",
        "orcid.org/0000-0002-1694-233X/",
    ],
)
def test_an_orcid_id_is_recognised_however_it_is_pasted(typed):
    assert identifiers.orcid(typed) == "0000-0002-1694-233X"


def test_a_mistyped_orcid_id_is_told_apart_from_something_else():
    with pytest.raises(ValueError, match="typing mistake"):
        identifiers.orcid("0000-0002-1694-2331")
    with pytest.raises(ValueError, match="has 16 digits"):
        identifiers.orcid("Jane Doe")


def test_identifiers_lead_to_their_pages():
    assert identifiers.arxiv_url("2412.04984") == "https://arxiv.org/abs/2412.04984"
    assert identifiers.arxiv_pdf_url("2412.04984") == "https://arxiv.org/pdf/2412.04984"
    assert identifiers.orcid_url("0000-0002-1694-233X") == "https://orcid.org/0000-0002-1694-233X"
