"""Back to a version: all of it, in one step, or a sentence and nothing."""

import itertools

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError

from research import generation, media, merging
from research.history import records, reverting, versions
from research.history.recording import change
from research.models import Authorship, FormerPerson, Person, Profile, Project, Publication, Topic

pytestmark = pytest.mark.django_db


def state(record):
    return records.state(*records.load(type(record), [record.pk]))


def refused(version, act=reverting.revert):
    with pytest.raises(reverting.NotReverted) as refusal:
        act(version)
    return str(refusal.value)


class TestReverting:
    def test_everything_comes_back_fields_authors_links_topics_and_thumbnail(self, paper, rewrite, admin_user, causes):
        before = state(paper)
        rewrite(paper)
        assert not records.same(state(paper), before)
        record, notes = reverting.revert(versions.of(paper).last(), admin_user)
        assert notes == []
        assert records.same(state(record), before)
        cause, who = causes(paper)[0]
        assert cause.startswith("Reverted to the version of ")
        assert who == "admin"
        assert default_storage.exists(record.thumbnail.name)

    def test_the_address_that_it_leaves_leads_on_and_readers_of_feeds_are_told(self, paper, rewrite):
        rewrite(paper)
        changed = Publication.objects.get().updated
        reverting.revert(versions.of(paper).last())
        publication = Publication.objects.get()
        assert publication.slug == "owls"
        assert [former.slug for former in publication.former_slugs.all()] == ["bats"]
        assert publication.updated > changed
        assert publication.folded == "owls"

    def test_a_revert_can_be_reverted(self, paper, rewrite):
        rewrite(paper)
        after = state(paper)
        reverting.revert(versions.of(paper).last())
        reverting.revert(versions.of(paper)[1])
        assert records.same(state(paper), after)

    def test_authors_may_have_changed_places(self, paper):
        first, second = paper.authorships.all()
        with change("Swapped"):
            Authorship.objects.filter(publication=paper).delete()
            Authorship.objects.create(pk=first.pk, publication=paper, person=second.person, position=0)
            Authorship.objects.create(pk=second.pk, publication=paper, person=first.person, position=1)
        reverting.revert(versions.of(paper).last())
        assert [str(author) for author in paper.authorships.all()] == ["Jane Doe*", "John Roe"]

    def test_the_profile_and_its_links_come_back(self, profile, stored_picture):
        profile.photo = stored_picture()
        profile.save()
        profile.links.create(kind="email", address="jane@example.org")
        with change("Emptied"):
            profile.photo, profile.biography = "", ""
            profile.save()
            profile.links.all().delete()
        reverting.revert(versions.of(profile).last())
        profile = Profile.objects.get()
        assert profile.biography == "I study **owls**."
        assert default_storage.exists(profile.photo.name)
        assert [link.address for link in profile.links.all()] == ["jane@example.org"]

    def test_a_person_comes_back_and_their_works_are_told(self, paper):
        jane = Person.objects.get(family_name="Doe")
        with change("Renamed"):
            jane.family_name = "Dough"
            jane.save()
        before = Publication.objects.get().updated
        reverting.revert(versions.of(jane)[1])
        assert Person.objects.get(pk=jane.pk).name == "Jane Doe"
        assert Publication.objects.get().updated > before


class TestWhatIsThereNoMore:
    def test_an_address_that_another_has_now_is_a_sentence(self, paper, rewrite, make_publication):
        rewrite(paper)
        after = state(paper)
        make_publication(slug="owls")
        assert refused(versions.of(paper).last()) == (
            "Another publication has the address “owls” now. Change that one, and try again."
        )
        assert records.same(state(paper), after)

    def test_a_doi_that_another_has_now_is_a_sentence(self, paper, rewrite, make_publication):
        rewrite(paper)
        make_publication(doi="10.1000/owls")
        assert refused(versions.of(paper).last()) == (
            "Another publication has this DOI. Edit that one, or correct the DOI."
        )
        assert Publication.objects.get(pk=paper.pk).title == "Bats"

    def test_an_author_who_was_deleted_is_a_sentence_until_they_are_back(self, paper, rewrite):
        rewrite(paper)
        Person.objects.get(family_name="Doe").delete()
        after = state(paper)
        assert refused(versions.of(paper).last()) == (
            "Jane Doe was an author then, and is not among the people any more. Bring them back (People, Deleted), or "
            "add a person of that name, and try again."
        )
        assert records.same(state(paper), after)
        reverting.bring_back(versions.deleted(Person)[0])
        reverting.revert(versions.of(paper).last())
        assert [str(author) for author in paper.authorships.all()] == ["Jane Doe*", "John Roe"]

    def test_somebody_of_the_same_name_is_taken_for_an_author_who_was_deleted(self, paper, rewrite, make_person):
        rewrite(paper)
        Person.objects.get(family_name="Doe").delete()
        make_person("Jane Doe")
        _, notes = reverting.revert(versions.of(paper).last())
        assert notes == ["Jane Doe is Jane Doe now."]
        assert [str(author) for author in paper.authorships.all()] == ["Jane Doe*", "John Roe"]

    def test_an_author_who_was_merged_is_the_person_who_was_kept(self, paper, rewrite, make_person):
        rewrite(paper)
        merging.merge([Person.objects.get(family_name="Doe")], make_person("Janet Doe"))
        _, notes = reverting.revert(versions.of(paper).last())
        assert notes == ["Jane Doe is Janet Doe now."]
        assert [str(author) for author in paper.authorships.all()] == ["Janet Doe*", "John Roe"]

    def test_two_authors_who_are_one_now_stand_in_the_first_place(self, paper, rewrite):
        rewrite(paper)
        jane, john = Person.objects.get(family_name="Doe"), Person.objects.get(family_name="Roe")
        merging.merge([jane], john)
        reverting.revert(versions.of(paper).last())
        assert [(str(author), author.position) for author in paper.authorships.all()] == [("John Roe*", 0)]

    def test_a_topic_that_was_deleted_is_left_out_and_said(self, paper, rewrite):
        rewrite(paper)
        Topic.objects.all().delete()
        record, notes = reverting.revert(versions.of(paper).last())
        assert notes == ["The topic “Birds” is not on the site any more."]
        assert record.topics.count() == 0
        assert record.title == "Owls"

    def test_a_topic_that_was_made_again_is_the_one_of_its_name(self, paper, rewrite):
        rewrite(paper)
        Topic.objects.all().delete()
        Topic.objects.create(name="Bats", slug="bats")
        again = Topic.objects.create(name="Birds", slug="flying-birds")
        record, notes = reverting.revert(versions.of(paper).last())
        assert ([*record.topics.all()], notes) == ([again], [])

    def test_a_file_that_is_gone_leaves_the_present_one_and_is_said(
        self, paper, rewrite, undo_has_ended, stored_picture
    ):
        rewrite(paper)
        paper.thumbnail = stored_picture(colour="red")
        paper.save()
        undo_has_ended()
        record, notes = reverting.revert(versions.of(paper).last())
        assert notes == ["The thumbnail of then is no longer kept: full.png."]
        assert record.thumbnail.name == paper.thumbnail.name
        assert record.title == "Owls"

    def test_a_link_whose_file_is_gone_is_left_out_and_said(self, paper, pdf_document, undo_has_ended):
        with change("Slides"):
            paper.links.create(kind="slides", file=pdf_document)
        with change("No slides"):
            paper.links.get(kind="slides").delete()
        undo_has_ended()
        _, notes = reverting.revert(versions.of(paper)[1])
        assert notes == ["The file of then is no longer kept: slides.pdf."]
        assert [link.kind for link in paper.links.all()] == ["code"]

    def test_what_the_database_refuses_leaves_nothing_half_done(self, paper, rewrite, monkeypatch):
        rewrite(paper)
        after = state(paper)

        def fail(*arguments):
            raise IntegrityError

        monkeypatch.setattr(reverting, "write_rows", fail)
        assert refused(versions.of(paper).last()).startswith("It contradicts something that is on the site now")
        assert records.same(state(paper), after)


@pytest.fixture
def pdf_document():
    from django.core.files.uploadedfile import SimpleUploadedFile

    return media.store_document(SimpleUploadedFile("slides.pdf", b"%PDF-1.7 slides"))


class TestBringingBack:
    def test_a_deleted_publication_comes_back_with_all_that_went_with_it(self, paper, rewrite, admin_user):
        rewrite(paper)  # so that it has a former address
        before, key = state(paper), paper.pk
        made, uuid = Publication.objects.values_list("created", "uuid").get()
        with change(user=admin_user):
            Publication.objects.get().delete()
        assert Project.objects.get().publications.count() == 0
        (version,) = versions.deleted(Publication)
        assert str(version.revision.user) == "admin"
        reverting.bring_back(version)
        assert records.same(state(paper), before)
        publication = Publication.objects.get(pk=key)
        assert (publication.created, publication.uuid) == (made, uuid)
        assert [former.slug for former in publication.former_slugs.all()] == ["owls"]
        assert list(Project.objects.get().publications.all()) == [publication]
        assert list(versions.deleted(Publication)) == []

    @pytest.mark.parametrize("coming", [*itertools.permutations([Publication, Project, Topic])])
    def test_what_belonged_together_does_so_again_in_whatever_order_it_went_and_came_back(self, paper, coming):
        for going in itertools.permutations(coming):
            for model in going:
                model.objects.all().delete()
            for model in coming:
                reverting.bring_back(versions.deleted(model)[0])
            assert list(Project.objects.get().publications.all()) == [paper]
            assert [topic.name for topic in Publication.objects.get().topics.all()] == ["Birds"]

    def test_what_was_parted_before_it_was_deleted_stays_parted(self, paper):
        Publication.objects.all().delete()
        reverting.bring_back(versions.deleted(Publication)[0])
        with change("Parted"):
            Project.objects.get().publications.clear()
        Project.objects.all().delete()
        reverting.bring_back(versions.deleted(Project)[0])
        assert Project.objects.get().publications.count() == 0

    def test_its_files_stay_for_thirty_days(self, paper, media_files, undo_has_ended):
        files = media_files()
        Publication.objects.all().delete()
        assert media_files() == files
        reverting.bring_back(versions.deleted(Publication)[0])
        undo_has_ended()
        assert media_files() == files
        Publication.objects.all().delete()
        undo_has_ended()
        assert media_files() == set()
        assert list(versions.deleted(Publication)) == []

    def test_an_address_that_another_has_now_is_a_sentence(self, paper, make_publication):
        Publication.objects.all().delete()
        make_publication(slug="owls")
        assert refused(versions.deleted(Publication)[0], reverting.bring_back) == (
            "Another publication has the address “owls” now. Change that one, and try again."
        )
        assert Publication.objects.count() == 1

    def test_a_person_who_was_merged_comes_back_as_themselves(self, paper, make_person, profile):
        jane = Person.objects.get(family_name="Doe")
        kept = make_person("Janet Doe")
        key = jane.pk
        merging.merge([jane], kept)
        reverting.bring_back(versions.deleted(Person)[0])
        assert not FormerPerson.objects.exists()
        reverting.revert(versions.of(paper)[1])
        assert paper.authorships.first().person_id == key

    def test_the_owner_comes_back_as_the_owner(self, profile, make_person):
        profile.person = make_person("Jane Doe")
        profile.save()
        Person.objects.all().delete()
        assert Profile.objects.get().person is None
        reverting.bring_back(versions.deleted(Person)[0])
        assert Profile.objects.get().person.name == "Jane Doe"

    def test_a_topic_comes_back_to_its_publications(self, paper):
        Topic.objects.all().delete()
        assert paper.topics.count() == 0
        reverting.bring_back(versions.deleted(Topic)[0])
        assert [topic.name for topic in paper.topics.all()] == ["Birds"]


@pytest.mark.django_db(transaction=True)
def test_a_revert_begins_a_new_generation_of_pages(paper, rewrite, tmp_path, settings):
    settings.DATA_DIR = tmp_path
    rewrite(paper)
    reader = generation.reader()
    before = reader.look()
    reverting.revert(versions.of(paper).last())
    assert reader.look() != before
