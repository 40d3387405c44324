import pytest

from research import citation_key


@pytest.mark.parametrize(
    ("family_name", "year", "title", "key"),
    [
        ("Doe", 2024, "Attention in *C. elegans*", "doe2024attention"),
        ("Doe", 2024, "On the Origin of Species", "doe2024origin"),
        ("Doe", 2024, "Self-play in games", "doe2024self"),
        ("Doe", 2024, "The and of", "doe2024"),
        ("Müller", 2024, "Über Eulen", "muller2024uber"),
        ("Łukasiewicz-Ørsted", 2024, "Straße", "lukasiewiczorsted2024strasse"),
        ("Ní Ghuidhir", 2024, "Owls", "nighuidhir2024owls"),
        ("王", 2024, "猫头鹰", "2024"),
        ("王", None, "猫头鹰", "publication"),
        ("", None, "Owls", "owls"),
        ("Doe", 2024, "“Owls”: a study", "doe2024owls"),
        ("Doe", 2024, "x" * 500, ("doe2024" + "x" * 500)[:80]),
    ],
)
def test_a_key_is_made_of_author_year_and_word(family_name, year, title, key):
    assert citation_key.make(family_name, year, title) == key


def test_a_key_that_is_taken_gets_a_letter(make_publication):
    publication = make_publication(citation_key="doe2024owls")
    assert citation_key.unused("doe2024owls", publication) == "doe2024owls"  # its own
    other = make_publication(citation_key="Doe2024OwlsB")
    another = make_publication()
    assert citation_key.unused("doe2024owls", another) == "doe2024owlsc"
    assert citation_key.unused("doe2024owls", other) == "doe2024owlsb"


def test_after_z_come_numbers(make_publication):
    for ending in ["", *"bcdefghijklmnopqrstuvwxyz"]:
        make_publication(citation_key=f"doe2024{ending}")
    assert citation_key.unused("doe2024", make_publication()) == "doe2024-27"


def test_however_many_have_a_key_one_question_finds_the_next(make_publication, django_assert_num_queries):
    publication, other = make_publication(citation_key="doe2024"), make_publication(citation_key="doe2024b")
    with django_assert_num_queries(1):
        assert citation_key.unused("doe2024", other) == "doe2024b"
    with django_assert_num_queries(1):
        assert citation_key.unused("doe2024b", publication) == "doe2024bb"
    taken = {citation_key.first_free("doe2024", set())}
    for _ in range(2_000):
        taken.add(citation_key.first_free("doe2024", taken))
    assert len(taken) == 2_001
    assert {"doe2024z", "doe2024-27", "doe2024-2001"} <= taken


def test_the_key_of_a_publication_names_its_first_author(make_publication, make_person):
    publication = make_publication([make_person("Jane Doe"), make_person("John Roe")], title="Owls", year=2023)
    assert citation_key.for_publication(publication) == "doe2023owls"
    publication.authorships.filter(person__family_name="Doe").update(position=5)
    assert citation_key.for_publication(publication) == "roe2023owls"
    publication.authorships.all().delete()
    assert citation_key.for_publication(publication) == "2023owls"
