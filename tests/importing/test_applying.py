"""What an import writes, and what it leaves alone."""

from datetime import date

import pytest

from research import roles
from research.importing.review import NEW, Decision
from research.models import Authorship, Person, Publication, Topic

from .records import article, author, found, preprint

pytestmark = pytest.mark.django_db
ORCID = "0000-0002-1825-0097"


def kinds(result):
    return [kind for kind, _ in result.outcomes]


def notes(result):
    return [note for _, outcome in result.outcomes for note in outcome.notes]


def everything():
    return [list(table.objects.order_by("pk").values()) for table in (Publication, Person, Authorship)]


def authors(publication):
    rows = Authorship.objects.filter(publication=publication).select_related("person")
    return [str(row) for row in rows.order_by("position")]


def test_a_new_record_becomes_a_draft_with_its_people(bring, make_person):
    Topic.objects.create(name="Owls", slug="owls")
    make_person("Jane Doe")
    record = preprint(equal_contribution=frozenset({0}), abstract="We *listen*.", keywords=("owls", "ears"))
    result = bring(record)
    publication = Publication.objects.get()
    assert kinds(result) == ["created"]
    assert (publication.status, publication.selected) == ("draft", False)
    assert (publication.slug, publication.citation_key) == ("owls-hunt-by-ear", "doe2023owls")
    assert (publication.type, publication.date.iso) == ("preprint", "2023-12-01")
    assert (publication.arxiv_id, publication.online_date) == ("2312.00001", date(2023, 12, 1))
    assert authors(publication) == ["Jane Doe*", "John Roe"]
    assert list(Person.objects.values_list("family_name", flat=True)) == ["Doe", "Roe"]
    assert [topic.name for topic in publication.topics.all()] == ["Owls"]


def test_the_owner_may_publish_at_once(bring):
    bring(preprint(), status="published", selected=True)
    assert Publication.objects.values_list("status", "selected").get() == ("published", True)


def test_importing_twice_changes_nothing(bring):
    records = [
        preprint(),
        found("Of Mice", key="mice", editors=(author("Ed Itor"),), equal_contribution=frozenset({1})),
    ]
    bring(*records)
    before = everything()
    result = bring(*records)
    assert kinds(result) == ["unchanged", "unchanged"]
    assert notes(result) == []
    assert everything() == before


def test_slugs_and_keys_are_never_those_of_others(bring, make_publication):
    make_publication(title="Another", slug="owls-hunt-by-ear", citation_key="DOE2024owls")
    bring(found(), found(type="conference-paper"))
    made = Publication.objects.exclude(title="Another").order_by("pk")
    assert [(one.slug, one.citation_key) for one in made] == [
        ("owls-hunt-by-ear-2", "doe2024owlsb"),
        ("owls-hunt-by-ear-3", "doe2024owlsc"),
    ]


def test_a_former_address_is_not_given_away(bring, make_publication):
    publication = make_publication(slug="owls-hunt-by-ear")
    publication.slug = "renamed"
    publication.save()
    bring(found())
    assert Publication.objects.get(title="Owls Hunt by Ear").slug == "owls-hunt-by-ear-2"


def test_the_key_of_a_file_stays_where_it_is_free(bring):
    result = bring(found(key="owls"), found("Of Mice and Voles", key="Owls"))
    assert [one.publication.citation_key for one in result.created] == ["owls", "Owlsb"]
    assert notes(result) == ["Another publication has the citation key Owls; this one has Owlsb."]


def test_the_source_updates_what_it_wrote(bring):
    bring(preprint(abstract="Version one."))
    result = bring(preprint(abstract="Version two.", title="Owls Hunt by Ear, Indeed"))
    publication = Publication.objects.get()
    assert [outcome.fields for outcome in result.changed] == [("title", "abstract")]
    assert (publication.title, publication.abstract) == ("Owls Hunt by Ear, Indeed", "Version two.")
    assert publication.slug == "owls-hunt-by-ear"


def test_what_a_person_wrote_is_kept_and_said(bring):
    bring(preprint(abstract="Version one."))
    Publication.objects.update(title="My Own Title", abstract="")
    before = everything()
    result = bring(preprint(abstract="Version two."))
    assert kinds(result) == ["unchanged"]
    assert notes(result) == [
        "The title was not changed: you wrote it, and arXiv has it otherwise.",
        "The abstract was not changed: you wrote it, and arXiv has it otherwise.",
    ]
    assert everything() == before


def test_a_tick_replaces_what_a_person_wrote(bring):
    bring(preprint())
    Publication.objects.update(title="My Own Title")
    result = bring(preprint(abstract="Not ticked."), decision=Decision(ticks=("title",)))
    publication = Publication.objects.get()
    assert [outcome.fields for outcome in result.changed] == [("title",)]
    assert (publication.title, publication.abstract) == ("Owls Hunt by Ear", "")
    assert kinds(bring(preprint())) == ["unchanged"]


def test_what_is_empty_is_filled_by_any_source(bring, make_publication, make_person):
    people = [make_person("Jane Doe"), make_person("John Roe")]
    make_publication(people, title="Owls Hunt by Ear", type="article", year=2024)
    result = bring(article())
    assert [outcome.fields for outcome in result.changed] == [("venue", "volume", "doi")]


def test_another_source_replaces_nothing_without_a_tick(bring):
    bring(article())
    result = bring(article(source="DBLP", container="J. Owls", volume="13", issue="4"))
    assert [outcome.fields for outcome in result.changed] == [("issue",)]
    assert notes(result) == [
        "The venue was not changed: Crossref wrote it, and DBLP has it otherwise.",
        "The volume was not changed: Crossref wrote it, and DBLP has it otherwise.",
    ]


def test_case_and_punctuation_are_no_difference_to_another_source(bring):
    bring(article(pages="1–9"))
    assert notes(bring(article(source="DBLP", title="Owls hunt by ear.", pages="1--9", month=None))) == []


def test_a_preprint_that_is_published_gets_the_articles_data_and_keeps_its_own(bring):
    bring(preprint(abstract="We listen."))
    result = bring(article(abstract="In this article we listen."))
    publication = Publication.objects.get()
    assert [outcome.fields for outcome in result.changed] == [("type", "date", "venue", "volume", "doi")]
    assert (publication.type, publication.date.iso, publication.venue) == ("article", "2024", "Journal of Owls")
    assert (publication.doi, publication.arxiv_id) == ("10.1000/owls", "2312.00001")
    assert (publication.online_date, publication.abstract) == (date(2023, 12, 1), "We listen.")
    before = everything()
    assert kinds(bring(preprint(abstract="We listen."))) == ["unchanged"]
    assert everything() == before


def test_a_venue_that_a_person_wrote_stays_when_the_preprint_is_published(bring):
    bring(preprint())
    Publication.objects.update(venue="My Venue")
    result = bring(article())
    publication = Publication.objects.get()
    assert (publication.venue, publication.type, publication.doi) == ("My Venue", "article", "10.1000/owls")
    assert [outcome.fields for outcome in result.changed] == [("type", "date", "volume", "doi")]


def test_a_weak_match_is_never_merged_silently(bring, make_publication):
    make_publication(title="Owls Hunt by Ear", year=2010)
    before = everything()
    result = bring(found())
    assert kinds(result) == ["skipped"]
    assert notes(result) == [
        "It has the same title, but type, year, authors or identifiers do not agree. "
        "Say in the review whether it is the same."
    ]
    assert everything() == before


def test_the_owner_says_whether_it_is_the_same(bring, make_publication):
    publication = make_publication(title="Owls Hunt by Ear", type="article", year=2010)
    assert kinds(bring(found(), decision=Decision(same_as=publication.pk))) == ["changed"]
    assert authors(publication) == ["Jane Doe", "John Roe"]
    assert kinds(bring(found(year=1999), decision=Decision(same_as=NEW))) == ["created"]


def test_an_identifier_that_another_publication_has_is_a_sentence(bring, make_publication):
    make_publication(title="Of Mice", doi="10.1000/owls")
    before = everything()
    result = bring(article(), decision=Decision(same_as=NEW))
    assert notes(result) == ["Another publication has this DOI. Edit that one, or correct the DOI."]
    assert everything() == before


def test_what_is_refused_leaves_nothing_and_the_others_come(bring):
    result = bring(found(authors=["Jane Doe", "X" * 300 + " Roe"]), found("Of Mice"), found(year=None))
    assert kinds(result) == ["skipped", "created", "skipped"]
    assert notes(result) == [
        f"“{'X' * 60}…” is too long for a name. Write the names alone, with commas between them.",
        "It has no year of publication, and every publication needs one.",
    ]
    assert Person.objects.count() == 2


def test_somebody_who_may_be_two_people_is_asked(bring, make_person):
    jane, john = make_person("Jane Doe"), make_person("John Doe")
    result = bring(found(authors=["J. Doe"]))
    assert notes(result) == ["Say who J. Doe is: several people could be meant."]
    assert bring(found(authors=["J. Doe"]), decision=Decision(people={0: john.pk})).created
    assert authors(Publication.objects.get()) == ["John Doe"]
    assert [Person.objects.get(pk=one.pk).other_spellings for one in (jane, john)] == ["", "J. Doe"]


def test_where_nobody_can_be_asked_an_author_is_taken_as_written(bring, make_person):
    make_person("Jane Doe"), make_person("John Doe")
    records = [found("One Owl", authors=["J. Doe"]), found("Two Owls", authors=["J. Doe"])]
    result = bring(*records, can_ask=False)
    assert [authors(one.publication) for one in result.created] == [["J. Doe"], ["J. Doe"]]
    assert notes(result)[0] == "J. Doe may be Jane Doe or John Doe, and was taken as written."
    assert Person.objects.count() == 3


def test_a_new_spelling_and_an_orcid_id_are_remembered(bring, make_person, profile):
    profile.person = jane = make_person("Jane Doe")
    profile.save()
    bring(found(authors=[author("J. Doe", ORCID)]))
    jane.refresh_from_db()
    assert (jane.other_spellings, jane.orcid) == ("J. Doe", ORCID)
    assert Person.objects.count() == 1


def test_a_list_that_was_cut_shortens_none(bring):
    bring(found(authors=["Jane Doe", "John Roe", "Anna New"]))
    assert kinds(bring(found(authors=["Jane Doe"], authors_are_complete=False))) == ["unchanged"]
    assert kinds(bring(found(authors=["Jane Doe", "John Roe"]))) == ["changed"]
    assert authors(Publication.objects.get()) == ["Jane Doe", "John Roe"]


def test_the_same_source_puts_the_authors_in_a_new_order_and_keeps_their_marks(bring):
    bring(article(equal_contribution=frozenset({1})))
    row = Authorship.objects.get(position=1)
    bring(article(authors=["John Roe", "Jane Doe", "Anna New"]))
    publication = Publication.objects.get()
    assert authors(publication) == ["John Roe*", "Jane Doe", "Anna New"]
    assert Authorship.objects.get(position=0).pk == row.pk


def test_authors_that_a_person_has_changed_stay(bring):
    bring(found())
    Authorship.objects.filter(position=1).delete()
    result = bring(found())
    assert notes(result) == ["The list of authors was not changed: you wrote it, and BibTeX has it otherwise."]
    assert authors(Publication.objects.get()) == ["Jane Doe"]


def test_works_that_are_known_cost_the_same_few_queries(bring, django_assert_num_queries):
    records = [found(f"Paper {number} of Owls", doi=f"10.1000/{number}") for number in range(9)]
    bring(*records)
    for some in (records[:1], records):
        with django_assert_num_queries(12 + len(some) * 2):  # a savepoint each
            assert set(kinds(bring(*some))) == {"unchanged"}


def test_the_owner_is_recognised_by_the_name_of_the_profile(bring, profile):
    assert str(bring(found()).owner) == "Jane Doe"
    profile.refresh_from_db()
    assert str(profile.person) == "Jane Doe"
    assert bring(found("Of Mice")).owner is None


def test_an_editors_import_does_not_say_who_the_owner_is(bring, profile, django_user_model):
    editor = django_user_model.objects.create_user("jo")
    roles.give(editor, roles.EDITOR)
    assert bring(found(), user=editor).owner is None
    profile.refresh_from_db()
    assert profile.person is None
    assert Person.objects.filter(family_name="Doe").count() == 1


def test_nobody_is_the_owner_whose_name_two_people_bear(bring, make_person, profile):
    make_person("Jane Doe"), make_person("Jane Doe")
    assert bring(found(authors=["John Roe"])).owner is None
    profile.refresh_from_db()
    assert profile.person is None
