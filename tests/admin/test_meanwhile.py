"""Two windows on one record: the second save is told what the first has changed, and nothing is lost."""

import pytest
from lxml import html

from research import media
from research.admin.publications import PublicationAdmin
from research.history import versions
from research.models import Person, Profile, Publication, Topic

from .page import open_page


def differences(page):
    """{(field, who changed it): (there now, typed)} of the panel."""
    tree = html.fromstring(page.response.content.decode())
    rows = tree.xpath("//section[contains(@class, 'meanwhile')]//tbody/tr")
    return {
        (" ".join(row.find("th").text.split()), "".join(row.xpath("th/span/text()"))): tuple(
            " ".join(cell.text_content().split()) for cell in row.findall("td")
        )
        for row in rows
    }


def windows(client, record, count=2):
    url = f"/admin/research/{record._meta.model_name}/{record.pk}/change/"
    return [open_page(client, url) for _ in range(count)]


def saved(page):
    assert page.sentences == []
    return page


def refused(page):
    (sentence,) = [sentence for name, sentence in page.sentences if name == ""]
    return sentence


@pytest.fixture
def paper(make_publication, make_person):
    publication = make_publication([make_person("Jane Doe"), make_person("John Roe")], title="Owls", slug="owls")
    publication.links.create(kind="code", url="https://example.org/owls")
    return publication


def test_the_second_save_is_told_who_changed_what_and_writes_nothing(owner_client, paper):
    first, second = windows(owner_client, paper)
    saved(first.post(title="Bats"))
    second = second.post(title="Mice", venue="Journal of Mice")
    sentence = refused(second)
    assert sentence.startswith("This was changed meanwhile, by admin on ")
    assert sentence.endswith(
        "(Changed). Nothing was saved now, and what you typed is still here. Compare the two below; then save yours "
        "over it, or take the other one."
    )
    assert differences(second) == {
        ("Title", "changed in both"): ("Bats", "Mice"),
        ("Venue", "changed by you"): ("–", "Journal of Mice"),
    }
    assert (second.fields["title"], second.fields["venue"]) == ("Mice", "Journal of Mice")
    assert Publication.objects.get().title == "Bats"


def test_saving_once_more_saves_over_it_and_both_are_in_the_history(owner_client, paper):
    first, second = windows(owner_client, paper)
    saved(first.post(title="Bats"))
    saved(second.post(title="Mice").post())
    assert Publication.objects.get().title == "Mice"
    titles = [versions.state(version)["fields"]["title"] for version in versions.of(paper)]
    assert titles == ["Mice", "Bats", "Owls"]


def test_the_other_one_is_taken_by_opening_the_page_again(owner_client, paper):
    first, second = windows(owner_client, paper)
    saved(first.post(title="Bats"))
    second = second.post(title="Mice")
    assert second.links[second.url] == "take the other one"
    assert open_page(owner_client, second.url).fields["title"] == "Bats"


def test_what_changes_while_somebody_compares_is_told_again(owner_client, paper):
    first, second, third = windows(owner_client, paper, 3)
    saved(first.post(title="Bats"))
    second = second.post(title="Mice")
    assert refused(third.post(title="Cats"))
    saved(open_page(owner_client, first.url).post(title="Dogs"))
    assert differences(second.post()) == {("Title", "changed in both"): ("Dogs", "Mice")}


def test_a_save_that_changed_nothing_holds_up_nobody(owner_client, paper):
    first, second = windows(owner_client, paper)
    saved(first.post())
    saved(second.post(title="Mice"))
    assert Publication.objects.get().title == "Mice"


def test_a_form_that_was_wrong_still_knows_what_it_has_seen(owner_client, paper):
    first, second = windows(owner_client, paper)
    second = second.post(title="", venue="Journal of Mice")
    assert second.sentences == [("title", "This field is required.")]
    saved(first.post(title="Bats"))
    assert refused(second.post(title="Mice")).startswith("This was changed meanwhile")


def test_what_is_wrong_is_said_beside_what_happened_meanwhile(owner_client, paper):
    first, second = windows(owner_client, paper)
    saved(first.post(title="Bats"))
    second = second.post(title="", year="owl")
    assert [name for name, _ in second.sentences] == ["", "title", "year"]
    assert second.fields["year"] == "owl"


def test_a_change_around_the_desk_is_told_too(owner_client, paper):
    (window,) = windows(owner_client, paper, 1)
    Publication.objects.update(title="Written by SQL")
    window = window.post(title="Mice")
    assert refused(window).startswith("This was changed meanwhile, by something that leaves no trace in the history.")
    assert differences(window) == {("Title", ""): ("Written by SQL", "Mice")}


def test_a_change_while_the_form_was_being_filled_is_told_too(owner_client, paper, monkeypatch):
    read = PublicationAdmin.get_object

    def read_slowly(self, *arguments):
        record = read(self, *arguments)
        Publication.objects.update(title="Bats")
        return record

    with monkeypatch.context() as patch:
        patch.setattr(PublicationAdmin, "get_object", read_slowly)
        (page,) = windows(owner_client, paper, count=1)
    assert page.fields["title"] == "Owls"
    assert refused(page.post(venue="Journal of Owls")).startswith("This was changed meanwhile, ")
    assert Publication.objects.get().title == "Bats"


def test_rows_that_came_meanwhile_are_shown_and_stay(owner_client, paper, make_person):
    first, second = windows(owner_client, paper)
    first.add_row("links", kind="data", url="https://example.org/data")
    saved(first.post(new_authors="Richard Miles"))
    second.add_row("links", kind="video", url="https://example.org/video")
    second = second.post()
    assert differences(second) == {
        ("Links", "changed in both"): (
            "Code: https://example.org/owls Data: https://example.org/data",
            "Code: https://example.org/owls Data: https://example.org/data Video: https://example.org/video",
        )
    }
    saved(second.post())
    assert [str(author) for author in paper.authorships.all()] == ["Jane Doe", "John Roe", "Richard Miles"]
    assert sorted(link.kind for link in paper.links.all()) == ["code", "data", "video"]


def test_rows_that_went_meanwhile_come_again_with_their_files(owner_client, paper, pdf):
    paper.links.create(kind="slides", file=media.store_document(pdf()), position=1)
    first, second = windows(owner_client, paper)
    saved(first.post(**{"links-1-DELETE": "on", "authorships-0-DELETE": "on"}))
    second = second.post(title="Mice")
    assert differences(second)["Authors", "changed there"] == ("John Roe", "Jane Doe, John Roe")
    saved(second.post())
    assert [str(author) for author in paper.authorships.all()] == ["Jane Doe", "John Roe"]
    assert [link.file.name.rpartition("/")[2] for link in paper.links.all()] == ["", "slides.pdf"]


def test_a_row_that_was_to_go_and_is_gone_is_no_matter(owner_client, paper):
    first, second = windows(owner_client, paper)
    for window in (first, second):
        window.fields["authorships-0-DELETE"] = "on"
    saved(first.post())
    second = second.post(title="Mice")
    assert differences(second) == {("Title", "changed by you"): ("Owls", "Mice")}
    saved(second.post())
    assert [str(author) for author in paper.authorships.all()] == ["John Roe"]


def test_a_picture_that_was_chosen_is_not_lost(owner_client, paper, picture, media_files):
    first, second = windows(owner_client, paper)
    saved(first.post(title="Bats"))
    second = second.post(thumbnail=picture())
    assert second.fields["thumbnail-kept"]
    saved(second.post())
    assert Publication.objects.get().thumbnail.name in media_files()


def test_authors_that_were_typed_are_not_lost(owner_client, paper):
    first, second = windows(owner_client, paper)
    saved(first.post(title="Bats"))
    second = second.post(new_authors="Richard Miles*")
    assert second.fields["new_authors"] == "Richard Miles*"
    saved(second.post())
    assert paper.authorships.count() == 3


def test_the_one_profile_is_saved_over_by_nobody(owner_client, profile):
    first, second = windows(owner_client, profile)
    first.add_row("links", kind="email", address="jane@example.org")
    saved(first.post(name="Janet Doe"))
    second = second.post(headline="Owls, mostly")
    assert differences(second) == {
        ("Name", "changed there"): ("Janet Doe", "Jane Doe"),
        ("Headline", "changed by you"): ("–", "Owls, mostly"),
    }
    assert second.fields["links-0-address"] == "jane@example.org"  # it came meanwhile, and stays
    saved(second.post(name="Janet Doe"))
    profile = Profile.objects.get()
    assert (profile.name, profile.headline, profile.links.count()) == ("Janet Doe", "Owls, mostly", 1)


@pytest.mark.parametrize(
    ("model", "fields", "name"),
    [
        (Person, {"given_name": "Jane", "family_name": "Doe"}, "family_name"),
        (Topic, {"name": "Birds", "slug": "birds"}, "name"),
    ],
)
def test_people_and_topics_too(owner_client, db, model, fields, name):
    record = model.objects.create(**fields)
    first, second = windows(owner_client, record)
    saved(first.post(**{name: "First"}))
    second = second.post(**{name: "Second"})
    assert refused(second).startswith("This was changed meanwhile")
    saved(second.post())
    assert getattr(model.objects.get(), name) == "Second"


class TestDeletedMeanwhile:
    def test_what_was_typed_is_shown_and_brings_it_back_when_it_is_saved(
        self, owner_client, paper, stored_picture, make_project
    ):
        paper.thumbnail = stored_picture()
        paper.save()
        make_project().publications.add(paper)
        (window,) = windows(owner_client, paper, 1)
        owner_client.post(f"/admin/research/publication/{paper.pk}/delete/", {"post": "yes"})
        window.add_row("links", kind="data", url="https://example.org/data")
        window = window.post(title="Mice")
        assert refused(window).startswith("It was deleted meanwhile, by admin on ")
        assert differences(window) == {
            ("Title", ""): ("Owls", "Mice"),
            ("Links", ""): (
                "Code: https://example.org/owls",
                "Code: https://example.org/owls Data: https://example.org/data",
            ),
        }
        assert not Publication.objects.exists()
        saved(window.post())
        publication = Publication.objects.get(pk=paper.pk)
        assert (publication.title, publication.slug, publication.uuid) == ("Mice", "owls", paper.uuid)
        assert publication.thumbnail == paper.thumbnail
        assert [str(author) for author in publication.authorships.all()] == ["Jane Doe", "John Roe"]
        assert publication.links.count() == 2
        assert publication.projects.count() == 1

    def test_where_it_cannot_come_back_it_becomes_a_new_one(self, owner_client, paper, make_publication):
        (window,) = windows(owner_client, paper, 1)
        paper.delete()
        make_publication(slug="owls")
        window = window.post(title="Mice")
        assert refused(window).endswith(
            "what you typed is still here. It cannot come back: Another publication has the address “owls” now. "
            "Change that one, and try again. Saving it makes a new one."
        )
        window.url = "/admin/research/publication/add/"  # where the form leads
        window = saved(window.post(slug="mice"))
        publication = Publication.objects.get(slug="mice")
        assert publication.title == "Mice"
        assert [str(author) for author in publication.authorships.all()] == ["Jane Doe", "John Roe"]
        assert publication.links.count() == 1

    def test_what_never_was_is_not_found(self, owner_client, paper):
        (window,) = windows(owner_client, paper, 1)
        window.url = "/admin/research/publication/999/change/"
        assert window.post(title="Mice").messages == [
            "Publication with ID “999” doesn’t exist. Perhaps it was deleted?"
        ]


def test_a_list_saves_what_was_changed_in_its_own_window(owner_client, make_publication):
    for number in range(2):
        make_publication(title=f"Owls {number}")
    first, second = (open_page(owner_client, "/admin/research/publication/") for _ in range(2))
    saved(first.post(**{"form-0-selected": "on"}))
    saved(second.post(**{"form-1-selected": "on"}))
    assert [publication.selected for publication in Publication.objects.all()] == [True, True]
