"""Two entries of one person become one."""

from datetime import UTC, datetime

import pytest

from research import merging
from research.models import FormerPerson, Person, Profile, Project, Publication

pytestmark = pytest.mark.django_db

LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)


def authors(publication):
    return [
        (str(one.person), one.equal_contribution, one.corresponding)
        for one in publication.authorships.select_related("person").order_by("position")
    ]


def test_works_projects_and_the_profile_move_to_the_one_who_is_kept(
    make_person, make_publication, make_project, profile
):
    tomek, tomasz, jane = make_person("Tomek Korbak"), make_person("Tomasz Korbak"), make_person("Jane Doe")
    paper = make_publication(authors=[jane, (tomek, "*")])
    project = make_project()
    project.people.add(tomek)
    profile.person = tomek
    profile.save()
    merging.merge([tomek, tomasz], tomasz)
    profile.refresh_from_db()
    assert authors(paper) == [("Jane Doe", False, False), ("Tomasz Korbak", True, False)]
    assert list(project.people.all()) == [tomasz]
    assert profile.person == tomasz
    assert list(Person.objects.all()) == [jane, tomasz]


def test_names_and_what_was_known_are_kept_once(make_person):
    kept = make_person("Tomasz Korbak", other_spellings="T. Korbak")
    other = make_person(
        "Tomek Korbak",
        other_spellings="t. korbak\nKorbak T.",
        orcid="0000-0002-1825-0097",
        url="https://korbak.example",
    )
    merging.merge([kept, other], kept)
    kept.refresh_from_db()
    assert kept.other_spellings == "T. Korbak\nTomek Korbak\nKorbak T."
    assert (kept.orcid, kept.url) == ("0000-0002-1825-0097", "https://korbak.example")
    assert "tomek korbak" in kept.folded


def test_where_both_are_authors_the_first_place_stays_with_the_marks_of_both(make_person, make_publication):
    first, second, jane = make_person("T. Korbak"), make_person("Tomasz Korbak"), make_person("Jane Doe")
    paper = make_publication(authors=[(first, "*"), jane, second])
    paper.authorships.filter(person=second).update(corresponding=True)
    merging.merge([first, second], second)
    assert authors(paper) == [("Tomasz Korbak", True, True), ("Jane Doe", False, False)]


def test_people_with_different_orcid_ids_are_not_merged(make_person):
    people = [make_person(orcid="0000-0002-1825-0097"), make_person(orcid="0000-0002-1694-233X")]
    with pytest.raises(merging.NotMerged, match="different ORCID iDs"):
        merging.merge(people, people[0])
    assert Person.objects.count() == 2


def test_the_old_keys_lead_to_the_one_who_is_kept_even_after_a_second_merge(make_person):
    one, two, three = make_person("A. Doe"), make_person("B. Doe"), make_person("C. Doe")
    keys = one.pk, two.pk
    merging.merge([one, two], two)
    merging.merge([two, three], three)
    assert dict(FormerPerson.objects.values_list("key", "person")) == dict.fromkeys(keys, three.pk)


def test_the_old_link_of_a_list_redirects(client, make_person, make_publication):
    old, kept = make_person("T. Korbak"), make_person("Tomasz Korbak")
    make_publication(authors=[old])
    key = old.pk
    merging.merge([old, kept], kept)
    response = client.get(f"/publications/?q=paper&author={key}")
    assert (response.status_code, response["Location"]) == (301, f"/publications/?q=paper&author={kept.pk}")
    assert client.get(response["Location"]).status_code == 200


class TestInTheAdmin:
    url = "/admin/research/person/"

    def post(self, client, people, **fields):
        return client.post(
            self.url, {"action": "merge", "_selected_action": [person.pk for person in people]} | fields, follow=True
        )

    def test_the_owner_is_asked_whom_to_keep(self, admin_client, make_person, make_publication):
        people = [make_person("T. Korbak"), make_person("Tomasz Korbak", orcid="0000-0002-1825-0097")]
        make_publication(authors=[people[0]])
        html = self.post(admin_client, people).content.decode()
        assert "Are these one person?" in html
        assert html.count('type="radio"') == 2
        assert "T. Korbak · 1 publication</label>" in html
        assert Person.objects.count() == 2
        html = self.post(admin_client, people, kept=people[1].pk).content.decode()
        assert "Tomasz Korbak is one person now" in html
        assert list(Person.objects.all()) == [people[1]]

    def test_one_entry_alone_is_not_merged(self, admin_client, make_person):
        assert "Select two or more entries" in self.post(admin_client, [make_person()]).content.decode()

    def test_what_cannot_be_one_is_refused_with_a_sentence(self, admin_client, make_person):
        people = [make_person(orcid="0000-0002-1825-0097"), make_person(orcid="0000-0002-1694-233X")]
        html = self.post(admin_client, people, kept=people[0].pk).content.decode()
        assert "These people have different ORCID iDs" in html
        assert Person.objects.count() == 2


def test_what_shows_a_person_has_changed_with_them(make_person, make_publication, make_project, profile):
    """Readers of feeds and sitemaps are to know; the home page shows the owner's identifiers."""
    owner, other = make_person(), make_person("John Roe")
    project = make_project()
    project.people.add(owner)
    profile.person = owner
    profile.save()
    shown, not_shown = [make_publication([owner]), project, profile], make_publication([other])
    for model in (Publication, Project, Profile):
        model.objects.update(updated=LONG_AGO)
    merging.touch(owner)
    for record in (*shown, not_shown):
        record.refresh_from_db()
    assert [record.updated > LONG_AGO for record in (*shown, not_shown)] == [True, True, True, False]
