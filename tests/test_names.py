"""Text in, names out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research.names import Name, TypedAuthor, parse_authors, parse_name, person_or_group, recapitalised


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Jane Doe", ("Jane", "", "Doe", "")),
        ("  Jane \t A.  Doe ", ("Jane A.", "", "Doe", "")),
        ("Jane A. Doe", ("Jane A.", "", "Doe", "")),
        ("Plato", ("", "", "Plato", "")),
        ("Doe, Jane", ("Jane", "", "Doe", "")),
        ("Ludwig van Beethoven", ("Ludwig", "van", "Beethoven", "")),
        ("Cornelis van der Berg", ("Cornelis", "van der", "Berg", "")),
        ("van Beethoven, Ludwig", ("Ludwig", "van", "Beethoven", "")),
        ("Gabriel García Márquez", ("Gabriel García", "", "Márquez", "")),
        ("García Márquez, Gabriel", ("Gabriel", "", "García Márquez", "")),
        ("Martin Luther King Jr.", ("Martin Luther", "", "King", "Jr.")),
        ("Martin Luther King, Jr.", ("Martin Luther", "", "King", "Jr.")),
        ("King, Jr., Martin Luther", ("Martin Luther", "", "King", "Jr.")),
        ("Doe, , Jane", ("Jane", "", "Doe", "")),
        ("Eithne Ní Ghuidhir", ("Eithne", "", "Ní Ghuidhir", "")),
        ("Robert St. John", ("Robert", "", "St. John", "")),
        ("{ATLAS Collaboration}", ("", "", "ATLAS Collaboration", "")),
        ("{Doe, Roe and Sons}", ("", "", "Doe, Roe and Sons", "")),
        ("王小明", ("", "", "王小明", "")),
    ],
)
def test_a_name_comes_apart(text, parts):
    assert parse_name(text) == Name(*parts)


@pytest.mark.parametrize(
    ("parts", "full"),
    [
        (("Ludwig", "van", "Beethoven", ""), "Ludwig van Beethoven"),
        (("Martin Luther", "", "King", "Jr."), "Martin Luther King, Jr."),
        (("", "", "ATLAS Collaboration", ""), "ATLAS Collaboration"),
    ],
)
def test_the_parts_make_a_whole_name(parts, full):
    assert Name(*parts).full == full


@pytest.mark.parametrize("text", ["", "{}", "12", "–", "12, Jane", ", Jane", ", Jr."])
def test_what_has_no_letters_is_no_name(text):
    with pytest.raises(ValueError) as refusal:
        parse_name(text)
    assert str(refusal.value) == f"“{'' if text == '{}' else text}” is not a name."


@pytest.mark.parametrize("text", ["et al.", "et al", "others"])
def test_a_list_that_was_cut_short_is_refused(text):
    with pytest.raises(ValueError) as refusal:
        parse_name(text)
    assert str(refusal.value) == f"“{text}” is not a name. Write the other authors too, or leave it out."


def test_initials_alone_are_no_whole_name():
    with pytest.raises(ValueError) as refusal:
        parse_authors("Doe, J., Roe, Richard")
    assert str(refusal.value) == "“J.” is not a whole name. Write each author on a line of their own."


@pytest.mark.parametrize(
    ("text", "full_names"),
    [
        ("", []),
        (" \r\n , ;", []),
        ("and", []),
        ("Jane Doe", ["Jane Doe"]),
        ("Jane Doe, John Roe", ["Jane Doe", "John Roe"]),
        ("Jane Doe,John Roe,Jo Poe", ["Jane Doe", "John Roe", "Jo Poe"]),
        ("Jane Doe, John Roe, and Jo Poe", ["Jane Doe", "John Roe", "Jo Poe"]),
        ("Jane Doe, John Roe and Jo Poe", ["Jane Doe", "John Roe", "Jo Poe"]),
        ("Jane Doe & John Roe", ["Jane Doe", "John Roe"]),
        ("Jane Doe; John Roe;", ["Jane Doe", "John Roe"]),
        ("Jane Doe, John Roe and", ["Jane Doe", "John Roe"]),
        # as BibTeX writes it
        ("Doe, Jane and Roe, John", ["Jane Doe", "John Roe"]),
        ("Doe, Jane and Plato", ["Jane Doe", "Plato"]),
        ("García Márquez, Gabriel José and Van Dyke, Mary Ann", ["Gabriel José García Márquez", "Mary Ann Van Dyke"]),
        ("García Márquez, Gabriel José and {ATLAS}", ["Gabriel José García Márquez", "ATLAS"]),
        ("Doe, Jane\n  and Roe, John", ["Jane Doe", "John Roe"]),
        # as a browser sends several lines
        ("Jane Doe\r\nJohn Roe\r\n", ["Jane Doe", "John Roe"]),
        ("Jane Doe,\r\nJohn Roe,\r\nJo Poe", ["Jane Doe", "John Roe", "Jo Poe"]),
        ("Jane Doe\r\n\r\n \r\nJohn Roe", ["Jane Doe", "John Roe"]),
        ("Doe, Jane\r\nRoe, John", ["Jane Doe", "John Roe"]),
        # family name and initials
        ("Doe, J.", ["J. Doe"]),
        ("Doe, J., Roe, R. P.", ["J. Doe", "R. P. Roe"]),
        ("J. Doe, R. P. Roe", ["J. Doe", "R. P. Roe"]),
        # what comes after a name
        ("Martin Luther King, Jr., Jane Doe", ["Martin Luther King, Jr.", "Jane Doe"]),
        ("Jane Doe, Martin King, Jr.*, John Roe", ["Jane Doe", "Martin King, Jr.", "John Roe"]),
        ("Martin King, Jr.", ["Martin King, Jr."]),
        ("van Beethoven, Jr., Ludwig", ["Ludwig van Beethoven, Jr."]),
        # groups
        ("{ATLAS Collaboration}, Jane Doe", ["ATLAS Collaboration", "Jane Doe"]),
        ("{Doe, Roe; and Sons} and Jane Doe", ["Doe, Roe; and Sons", "Jane Doe"]),
        # as PDFs and web pages carry it
        ("Jane\u00a0Doe and\u00a0John Roe", ["Jane Doe", "John Roe"]),
        ("Otto Ho\u0308lder", ["Otto Hölder"]),
        ("Alexander Sandoval and Andy Band", ["Alexander Sandoval", "Andy Band"]),
    ],
)
def test_a_list_comes_apart(text, full_names):
    assert [author.name.full for author in parse_authors(text)] == full_names


def test_marks_are_understood_and_taken_off():
    doe, roe = Name("Jane", "", "Doe", ""), Name("John", "", "Roe", "")
    assert parse_authors("Jane Doe*†, John Roe✉") == [TypedAuthor(doe, True, False), TypedAuthor(roe, False, True)]
    assert parse_authors("Jane Doe ∗\nRoe, John*✉") == [TypedAuthor(doe, True, False), TypedAuthor(roe, True, True)]


def test_a_mark_without_a_name_is_refused():
    with pytest.raises(ValueError) as refusal:
        parse_authors("*, Jane; John Roe")
    assert str(refusal.value) == "“, Jane” is not a name."


@given(st.text(alphabet="aB É王*,;.\r\n{}&'-1", max_size=40))
def test_whatever_is_typed_gives_names_or_a_sentence(text):
    try:
        authors = parse_authors(text)
    except ValueError as refusal:
        assert str(refusal).startswith("“")
    else:
        assert all(author.name.family_name for author in authors)


@given(st.lists(st.sampled_from(["Jane Doe", "Ludwig van Beethoven", "Otto Hölder"]), min_size=2))
def test_every_way_to_separate_names_means_the_same(names):
    for separator in (", ", "; ", "\r\n", ",\r\n", " and ", ", and "):
        assert [author.name.full for author in parse_authors(separator.join(names))] == names


def test_a_very_long_text_takes_no_very_long_time():
    """Linear: a quadratic reading of so much would take minutes."""
    for text in (" " * 100_000, "\n" * 100_000, "{" * 100_000 + "a", " and" * 25_000, "a," * 100_000):
        try:
            parse_authors(text)
        except ValueError as refusal:
            assert str(refusal)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("JOHN", "", "SMITH", ""), ("John", "", "Smith", "")),
        (("John", "", "SMITH", "Jr."), ("John", "", "Smith", "Jr.")),
        (("J. M.", "", "O'NEILL-MCDONALD", ""), ("J. M.", "", "O'Neill-McDonald", "")),
        (("JP", "", "NG", ""), ("JP", "", "Ng", "")),
        (("MARÍA JOSÉ", "", "DE LA CRUZ", ""), ("María José", "de la", "Cruz", "")),
        (("", "", "IBM", ""), ("", "", "IBM", "")),
        (("Jane", "", "McDonald", ""), ("Jane", "", "McDonald", "")),
        (("Sunghyun", "", "A", ""), ("Sunghyun", "", "A", "")),
    ],
)
def test_names_in_capitals_are_written_as_usual(parts, expected):
    assert recapitalised(Name(*parts)) == Name(*expected)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Jane Doe", ("Jane", "", "Doe", "")),
        ("Doe, Jane", ("Jane", "", "Doe", "")),
        ("Jan van der Berg", ("Jan", "van der", "Berg", "")),
        ("ATLAS Collaboration", ("", "", "ATLAS Collaboration", "")),
        ("The Owl Project", ("", "", "The Owl Project", "")),
        ("University of Bonn", ("", "", "University of Bonn", "")),
        ("OpenAI", ("", "", "OpenAI", "")),
        ("Labrador, Theo", ("Theo", "", "Labrador", "")),
    ],
)
def test_a_name_in_one_piece_is_a_persons_or_a_groups(text, parts):
    assert person_or_group(text) == Name(*parts)
