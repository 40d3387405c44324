from datetime import UTC, datetime

import pytest

from research import roles
from research.history import reverting, versions
from research.models import Person, Profile, Publication, Topic

from .page import open_page

ADD = "/admin/research/person/add/"
LIST = "/admin/research/person/"
ADDRESS = "This is not a web address. It begins with https://, such as https://example.org/paper."


def change(person):
    return f"/admin/research/person/{person.pk}/change/"


def test_every_field_is_saved_and_shown_again(owner_client):
    values = {
        "given_name": "Ludwig",
        "particle": "van",
        "family_name": "Beethoven",
        "suffix": "Jr.",
        "other_spellings": "L. Beethoven\r\nL. v. Beethoven",
        "orcid": "https://orcid.org/0000-0002-1825-0097",
        "url": "https://example.org",
    }
    page = open_page(owner_client, ADD).post("_continue", **values)
    assert page.sentences == []
    assert page.messages[0].startswith("The person “Ludwig van Beethoven, Jr.” was added successfully.")
    assert {name: page.fields[name] for name in values} == values | {"orcid": "0000-0002-1825-0097"}


def test_a_group_needs_one_name_only(owner_client):
    assert open_page(owner_client, ADD).post().sentences == [("family_name", "This field is required.")]
    assert open_page(owner_client, ADD).post(family_name="ATLAS Collaboration").sentences == []
    assert Person.objects.get().name == "ATLAS Collaboration"


@pytest.mark.parametrize(
    ("values", "sentences"),
    [
        ({"orcid": "1234"}, [("orcid", "This is not an ORCID iD. It has 16 digits, such as 0000-0002-1825-0097.")]),
        (
            {"orcid": "0000-0002-1825-0098"},
            [("orcid", "This ORCID iD has a typing mistake: its last digit does not fit the others.")],
        ),
        ({"orcid": "0000-0001-5109-3700"}, [("", "There is a person with this ORCID iD already. Use that one.")]),
        ({"url": "javascript:alert(1)"}, [("url", ADDRESS)]),
        ({"given_name": "x" * 201}, [("given_name", "Ensure this value has at most 200 characters (it has 201).")]),
        ({"family_name": "\0"}, [("family_name", "Null characters are not allowed.")]),
    ],
)
def test_wrong_input_gets_a_sentence_and_nothing_is_lost(values, sentences, owner_client, make_person):
    make_person("John Roe", orcid="0000-0001-5109-3700")
    typed = {"family_name": "Doe", "other_spellings": "Typed"} | values
    page = open_page(owner_client, ADD).post(**typed)
    assert page.sentences == sentences
    assert {name: page.fields[name] for name in typed} == typed
    assert Person.objects.count() == 1


def test_several_people_may_lack_an_orcid_id(owner_client):
    for _ in range(2):
        assert open_page(owner_client, ADD).post(family_name="Doe").sentences == []
    assert Person.objects.filter(orcid="").count() == 2


def test_the_list_counts_publications(owner_client, make_person, make_publication):
    jane, john = make_person("Jane Doe"), make_person("John Roe", orcid="0000-0002-1825-0097")
    make_person("Al Moe")
    make_publication([jane, john])
    make_publication([jane])
    rows = [row[1:] for row in open_page(owner_client, LIST).rows]
    assert rows == [["Jane Doe", "-", "2"], ["Al Moe", "-", "0"], ["John Roe", "0000-0002-1825-0097", "1"]]
    rows = [row[1] for row in open_page(owner_client, LIST, o="-3").rows]
    assert rows == ["Jane Doe", "John Roe", "Al Moe"]


@pytest.mark.parametrize("query", ["jane", "doe", "smith", "0000-0002-1825-0097", "jane doe"])
def test_people_are_found_by_whatever_names_them(query, owner_client, make_person):
    make_person("Jane Doe", other_spellings="J. Smith", orcid="0000-0002-1825-0097")
    make_person("John Roe")
    assert [row[1] for row in open_page(owner_client, LIST, q=query).rows] == ["Jane Doe"]


def test_the_list_asks_the_database_as_often_for_three_as_for_one(
    owner_client, make_person, make_publication, queries_of
):
    make_publication([make_person("Jane Doe")])
    few = queries_of(lambda: open_page(owner_client, LIST))
    make_publication([make_person("John Roe"), make_person("Jo Poe")])
    assert queries_of(lambda: open_page(owner_client, LIST)) == few


def test_an_author_cannot_be_deleted_and_the_page_says_why(owner_client, make_person, make_publication):
    jane = make_person("Jane Doe")
    publication = make_publication([jane], title="Owls")
    url = f"/admin/research/person/{jane.pk}/delete/"
    text = owner_client.get(url).content.decode()
    assert "would require deleting the following protected related objects" in text
    assert owner_client.post(url, {"post": "yes"}).status_code == 200
    data = {"action": "delete_selected", "_selected_action": [jane.pk], "post": "yes"}
    assert owner_client.post(LIST, data).status_code == 200
    assert publication.authorships.get().person == jane


def test_the_owner_as_a_person_can_be_deleted(owner_client, make_person, profile):
    profile.person = make_person("Jane Doe")
    profile.save()
    owner_client.post(f"/admin/research/person/{profile.person.pk}/delete/", {"post": "yes"})
    profile.refresh_from_db()
    assert (profile.person, profile.name, Person.objects.count()) == (None, "Jane Doe", 0)


def test_a_topic_is_added_once(owner_client):
    add = "/admin/research/topic/add/"
    required = "This field is required."
    assert open_page(owner_client, add).post().sentences == [("name", required), ("slug", required)]
    assert open_page(owner_client, add).post(name="AI safety", slug="ai-safety").sentences == []
    page = open_page(owner_client, add).post(name="AI safety", slug="ai-safety")
    assert page.sentences == [
        ("name", "Topic with this Name already exists."),
        ("slug", "Topic with this Slug already exists."),
    ]
    assert [row[1:] for row in open_page(owner_client, "/admin/research/topic/", q="safety").rows] == [
        ["AI safety", "ai-safety"]
    ]
    assert Topic.objects.count() == 1


def test_a_renamed_topic_changes_its_publications_and_no_others(owner_client, make_publication):
    topic = Topic.objects.create(name="Owls", slug="owls")
    filed, _ = make_publication(), make_publication()
    filed.topics.add(topic)
    long_ago = datetime(2024, 1, 1, tzinfo=UTC)

    def changed(**values):
        Publication.objects.update(updated=long_ago)
        page = open_page(owner_client, f"/admin/research/topic/{topic.pk}/change/").post(**values)
        assert page.sentences == []
        return list(Publication.objects.filter(updated__gt=long_ago))

    assert changed() == []
    assert changed(name="Night owls") == [filed]


class TestThePersonOfTheProfile:
    """Whose site it is only an owner changes."""

    @pytest.fixture
    def jane(self, profile, make_person):
        profile.person = make_person("Jane Doe")
        profile.save()
        return profile.person

    @pytest.fixture
    def editor(self, django_user_model):
        user = django_user_model.objects.create_user("jo")
        roles.give(user, roles.EDITOR)
        return user

    @staticmethod
    def merge(client, people, kept):
        data = {"action": "merge", "_selected_action": [person.pk for person in people], "kept": kept.pk}
        return client.post(LIST, data, follow=True).content.decode()

    def test_is_merged_into_another_by_an_owner_alone(self, client, editor, owner_client, jane, make_person):
        other = make_person("Mallory Roe")
        client.force_login(editor)
        told = self.merge(client, [jane, other], other)
        assert "Jane Doe is the person of the profile, which only an owner changes. Keep that entry." in told
        assert (Profile.current().person, Person.objects.count()) == (jane, 2)
        self.merge(owner_client, [jane, other], other)
        assert (Profile.current().person, Person.objects.count()) == (other, 1)

    def test_may_take_another_in_by_anybody_who_merges(self, client, editor, jane, make_person):
        client.force_login(editor)
        self.merge(client, [jane, other := make_person("J. Doe")], jane)
        assert not Person.objects.filter(pk=other.pk).exists()

    def test_is_deleted_by_an_owner_alone(self, client, editor, owner_client, jane, make_person):
        client.force_login(editor)
        every = {"action": "delete_selected", "_selected_action": [jane.pk], "post": "yes"}
        assert client.post(f"{LIST}{jane.pk}/delete/", {"post": "yes"}).status_code == 403
        assert client.post(LIST, every).status_code == 403
        assert client.post(f"{LIST}{make_person('J. Roe').pk}/delete/", {"post": "yes"}).status_code == 302
        assert list(Person.objects.all()) == [jane]
        assert owner_client.post(LIST, every).status_code == 302
        assert Profile.current().person is None

    @pytest.mark.parametrize("is_owner", [True, False])
    def test_is_the_person_of_the_profile_again_when_an_owner_brings_them_back(
        self, owner_client, admin_user, editor, jane, is_owner
    ):
        owner_client.post(f"{LIST}{jane.pk}/delete/", {"post": "yes"})
        reverting.bring_back(versions.last_of_deleted(Person, str(jane.pk)), admin_user if is_owner else editor)
        assert Person.objects.get() == jane
        assert Profile.current().person == (jane if is_owner else None)
