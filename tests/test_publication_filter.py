"""What a filter finds, and what its choices say they would find."""

import pytest
from django.http import QueryDict

from research.models import Person, Publication, Topic
from research.publication_filter import MOST_AUTHORS, Found, PublicationFilter

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(make_person, make_publication):
    """Six publications of two years, two types, two topics and three people; the last one is a draft."""
    jane, john, ana = make_person("Jane Doe"), make_person("John Roe"), make_person("Ana Lopes")
    owls, bats = (Topic.objects.create(name=name, slug=name.lower()) for name in ("Owls", "Bats"))
    rows = [
        ("One", 2024, "article", [jane, john], [owls]),
        ("Two", 2024, "preprint", [jane], [owls, bats]),
        ("Three", 2023, "article", [john], [bats]),
        ("Four", 2023, "preprint", [ana, jane, john], []),
        ("Five owl", 2024, "article", [ana], [bats]),
        ("Secret", 2022, "book", [make_person("Secret Author")], [Topic.objects.create(name="Hidden", slug="hidden")]),
    ]
    for title, year, kind, authors, topics in rows:
        publication = make_publication(
            authors, title=title, year=year, type=kind, status="draft" if title == "Secret" else "published"
        )
        publication.topics.set(topics)
    return {person.family_name: str(person.pk) for person in Person.objects.all()}


def public():
    return Publication.objects.public()


def found(**asked):
    return sorted(str(publication) for publication in PublicationFilter(**asked).apply(public()))


def test_an_empty_filter_finds_everything_that_is_visible(site):
    assert found() == ["Five owl", "Four", "One", "Three", "Two"]
    assert not PublicationFilter()


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ({"year": "2024"}, ["Five owl", "One", "Two"]),
        ({"type": "article"}, ["Five owl", "One", "Three"]),
        ({"topic": "bats"}, ["Five owl", "Three", "Two"]),
        ({"author": "Doe"}, ["Four", "One", "Two"]),
        ({"q": "owl"}, ["Five owl", "One", "Two"]),
        ({"q": "owl", "topic": "bats"}, ["Five owl", "Two"]),
        ({"year": "2024", "type": "article"}, ["Five owl", "One"]),
        ({"year": "2024", "type": "article", "author": "Roe"}, ["One"]),
        ({"topic": "bats", "author": "Roe", "type": "article", "year": "2023"}, ["Three"]),
        ({"q": "roe", "year": "2023", "type": "preprint", "author": "Doe"}, ["Four"]),
        ({"year": "2022"}, []),
    ],
)
def test_the_choices_of_a_filter_combine(site, asked, titles):
    if "author" in asked:
        asked = asked | {"author": site[asked["author"]]}
    assert found(**asked) == titles


@pytest.mark.parametrize(
    "asked",
    [
        {"year": "abc"},
        {"year": "-1"},
        {"year": "2024.0"},
        {"year": "２０２４"},
        {"type": "x"},
        {"topic": "'"},
        {"topic": '" OR 1=1 --'},
        {"author": "99999999999999"},
        {"author": "Doe"},
        {"q": "nothing like it"},
        {"q": "%"},
        {"q": "_"},
        {"q": "\\"},
        {"q": "'"},
        {"q": "]"},
    ],
)
def test_a_choice_that_nothing_has_finds_nothing(site, asked):
    assert found(**asked) == []


def test_every_choice_counts_what_it_leaves(site):
    """From each filter that a reader can reach in two steps, with and without words."""
    start = [PublicationFilter(), PublicationFilter(q="owl"), PublicationFilter(q="e")]
    steps = start + [choice.filter for one in start for choice in choices(one)]
    checked = 0
    for asked in steps:
        for choice in choices(asked):
            wanted = asked if choice.is_chosen else choice.filter
            assert choice.count == wanted.apply(public()).count() > 0, (asked, choice)
            checked += 1
        assert asked.count(asked.facets(asked.search(public()))) == asked.apply(public()).count()
    assert checked > 200


def choices(asked):
    return [choice for _, _, found in asked.facets(asked.search(public())) for choice in found]


def test_the_choices_are_all_that_there_are_and_nothing_of_drafts(site):
    offered = [
        (label, [(choice.label, choice.count) for choice in found])
        for _, label, found in PublicationFilter().facets(Found(public()))
    ]
    assert offered == [
        ("Year", [("2024", 3), ("2023", 2)]),
        ("Type", [("Journal article", 3), ("Preprint", 2)]),
        ("Topic", [("Bats", 3), ("Owls", 2)]),
        ("Author", [("Jane Doe", 3), ("John Roe", 3), ("Ana Lopes", 2)]),
    ]


def test_a_choice_made_again_is_taken_back(site):
    asked = PublicationFilter(q="owl", year="2024", topic="bats")
    taken = {choice.label: choice.filter for choice in choices(asked) if choice.is_chosen}
    assert taken == {
        "2024": PublicationFilter(q="owl", topic="bats"),
        "Bats": PublicationFilter(q="owl", year="2024"),
    }


def test_everything_that_is_asked_for_can_be_taken_back_one_by_one(site):
    asked = PublicationFilter("owl", "2024", "article", "bats", site["Lopes"])
    removed = asked.chosen(asked.facets(asked.search(public())), public())
    assert removed == [
        ("", "“owl”", PublicationFilter("", "2024", "article", "bats", site["Lopes"])),
        ("Year", "2024", PublicationFilter("owl", "", "article", "bats", site["Lopes"])),
        ("Type", "Journal article", PublicationFilter("owl", "2024", "", "bats", site["Lopes"])),
        ("Topic", "Bats", PublicationFilter("owl", "2024", "article", "", site["Lopes"])),
        ("Author", "Ana Lopes", PublicationFilter("owl", "2024", "article", "bats", "")),
    ]


@pytest.mark.parametrize(("author", "label"), [("Lopes", "Ana Lopes"), ("Author", None), ("9999", "9999"), ("x", "x")])
def test_an_author_without_a_result_is_named_only_where_everybody_may_know_of_them(site, author, label):
    key = site.get(author, author)
    asked = PublicationFilter(q="nothing like it", author=key)
    assert asked.chosen(asked.facets(asked.search(public())), public())[1][:2] == ("Author", label or key)


def test_a_chosen_author_is_offered_even_if_many_write_more(make_person, make_publication):
    frequent = [make_person(f"Author {n}") for n in range(MOST_AUTHORS)]
    for _ in range(2):
        make_publication(frequent)
    rare = make_person("Rare Bird")
    make_publication([*frequent, rare])
    without = PublicationFilter().authors(Found(public()))
    assert (len(without), "Rare Bird" in [choice.label for choice in without]) == (MOST_AUTHORS, False)
    chosen = PublicationFilter(author=str(rare.pk)).authors(Found(public()))
    assert [(choice.label, choice.count) for choice in chosen if choice.is_chosen] == [("Rare Bird", 1)]


@pytest.mark.parametrize(
    "asked",
    [
        PublicationFilter(),
        PublicationFilter("a & b+c=ü#%", "2024", "article", "ai-safety", "7"),
        PublicationFilter("“x”"),
    ],
)
def test_the_query_string_of_a_filter_leads_back_to_it(asked):
    assert PublicationFilter.of(QueryDict(asked.query.removeprefix("?"))) == asked


def test_a_query_string_is_taken_as_it_was_meant():
    query = "q=+owl%00s+&year=2023&year=2024&type=&other=1&topic=" + "a" * 10_000
    assert PublicationFilter.of(QueryDict(query)) == PublicationFilter(q="owls", year="2024", topic="a" * 200)


def test_a_search_reads_the_texts_once(site, django_assert_num_queries):
    asked = PublicationFilter(q="owl")
    with django_assert_num_queries(1):
        searched = asked.search(public())
    with django_assert_num_queries(5) as queries:
        asked.facets(searched)
    assert [query["sql"] for query in queries.captured_queries if "LIKE" in query["sql"]] == []


@pytest.mark.parametrize(
    ("q", "is_found"),
    [
        *((word, True) for word in ("flugel", "FLÜGEL", "flügel", "lüge", "eulen", "j. owls", "nests", "gleiten")),
        *(
            (word, True)
            for word in (
                "abstrakt",
                "symposium",
                "muller",
                "Müller",
                "j. mueller",
                "vogel",
                "x2",
                "x^2",
                "$x^2$",
                "van der",
            )
        ),
        ("vogel müller FLÜGEL 'nests' ".replace("'", ""), True),
        ("flügel*, “nests”;", True),
        ("flügel bats", False),
        ("flügelmüller", False),
        ("secret", False),
    ],
)
def test_words_are_found_in_every_text_author_and_topic(make_person, make_publication, q, is_found):
    make_publication(title="Another one", authors=[make_person("Somebody Else")])
    publication = make_publication(
        [make_person("Anna Müller", particle="van der", other_spellings="J. Mueller\nA. Vogelsang")],
        title="Der Flügel der *Eulen* bei $x^2$",
        venue="Journal of Owls and Nests",
        venue_short="J. Owls",
        event="Symposium",
        tldr="Sie gleiten.",
        abstract="Ein **Abstrakt**.",
        note="secret",
    )
    publication.topics.add(Topic.objects.create(name="Vögel", slug="birds"))
    assert found(q=q) == (["Der Flügel der Eulen bei x²"] if is_found else [])
