"""Who wrote a field: nobody, a source, or a person."""

import pytest

from research import merging
from research.importing import provenance
from research.models import Person, Publication

from .records import preprint


def writers(publication):
    return provenance.written_by(
        Publication.objects.get(pk=publication.pk), ("title", "abstract", "venue", "authors", "date")
    )


def test_what_was_typed_is_a_persons(make_publication, make_person):
    publication = make_publication([make_person()], abstract="Typed")
    assert writers(publication) == {"you": ["title", "abstract", "authors", "date"]}


def test_what_was_imported_is_the_sources(bring):
    created = bring(preprint(abstract="We listen.")).created[0].publication
    assert writers(created) == {"arXiv": ["title", "abstract", "authors", "date"]}


def test_a_change_makes_a_field_a_persons_whatever_wrote_it(bring, make_person):
    publication = bring(preprint(abstract="We listen.")).created[0].publication
    Publication.objects.update(title="Another title", month=11)
    assert writers(publication) == {"you": ["title", "date"], "arXiv": ["abstract", "authors"]}
    row = publication.authorships.get(position=1)
    row.equal_contribution = True
    row.save()
    assert writers(publication) == {"you": ["title", "authors", "date"], "arXiv": ["abstract"]}
    Publication.objects.update(title="Owls Hunt by Ear")
    assert writers(publication) == {"arXiv": ["title", "abstract"], "you": ["authors", "date"]}


def test_a_field_that_a_person_emptied_is_a_persons(bring):
    publication = bring(preprint(abstract="We listen.")).created[0].publication
    publication.abstract = ""
    assert provenance.writer(publication, "abstract", "") == provenance.PERSON
    assert provenance.writer(publication, "venue", "") == provenance.NOBODY


@pytest.mark.parametrize("as_posted", ["One.\r\n\r\nTwo.", "One.\n\nTwo.\n", "  One.  \n\nTwo."])
def test_what_a_form_does_to_a_text_changes_no_writer(as_posted):
    publication = Publication()
    provenance.sign(publication, "abstract", "One.\n\nTwo.", "arXiv")
    assert provenance.writer(publication, "abstract", as_posted) == "arXiv"
    assert provenance.writer(publication, "abstract", "One.\n\nThree.") == provenance.PERSON


def test_merging_two_people_makes_no_list_of_authors_a_persons(bring):
    imported = bring(preprint()).created[0].publication
    typed = bring(preprint(title="Of Mice", arxiv_id="2312.00002")).created[0].publication
    Publication.objects.filter(pk=typed.pk).update(sources={})
    merging.merge([Person.objects.get(family_name="Roe")], Person.objects.create(given_name="J.", family_name="Roe"))
    assert writers(imported)["arXiv"] == ["title", "authors", "date"]
    assert writers(typed) == {"you": ["title", "authors", "date"]}
