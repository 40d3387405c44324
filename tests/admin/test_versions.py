"""History, comparison, reverting and undoing a deletion, as the owner has them."""

import pytest
from lxml import html

from research.history import versions
from research.history.recording import change
from research.models import Person, Profile, Project, Publication, Topic

from .page import Page, open_page


def text(element):
    return " ".join(element.text_content().split())


def parsed(response):
    return html.fromstring(response.content.decode())


def table(response):
    """The rows of the comparison: {field: (then, now)}."""
    rows = parsed(response).xpath("//table[@class='differences']/tbody/tr")
    return {text(row.find("th")): tuple(text(cell) for cell in row.findall("td")) for row in rows}


def form_of(model, key):
    return f"/admin/research/{model}/{key}/change/"


@pytest.fixture
def edited(owner_client, make_publication, make_person, stored_picture):
    """A publication that the owner has edited in the form: title, an author less, another link, no thumbnail."""
    publication = make_publication(
        [make_person("Jane Doe"), make_person("John Roe")], title="Owls", slug="owls", thumbnail=stored_picture()
    )
    publication.links.create(kind="code", url="https://example.org/owls")
    page = open_page(owner_client, form_of("publication", publication.pk))
    page.add_row("links", kind="data", url="https://example.org/data")
    page = page.post(title="Bats", **{"authorships-0-DELETE": "on", "thumbnail-clear": "on"})
    assert page.sentences == []
    return publication


def history_of(client, record):
    return client.get(f"/admin/research/{record._meta.model_name}/{record.pk}/history/")


def test_the_history_says_who_changed_what(owner_client, edited):
    entries = parsed(history_of(owner_client, edited)).xpath("//ol[@class='version-list']/li")
    assert len(entries) == 2
    assert "Changed · admin" in text(entries[0])
    assert "Title, Thumbnail, Authors, Links" in text(entries[0])
    assert "This is what is there now." in text(entries[0])
    assert "Found so, before the next change" in text(entries[1])


def test_a_version_is_compared_with_what_is_there_now_and_with_another(owner_client, edited):
    new, old = versions.of(edited)
    page = f"/admin/research/publication/{edited.pk}/versions/"
    expected = {
        "Title": ("Owls", "Bats"),
        "Thumbnail": ("", ""),
        "Authors": ("Jane Doe, John Roe", "John Roe"),
        "Links": (
            "Code: https://example.org/owls",
            "Code: https://example.org/owls Data: https://example.org/data",
        ),
    }
    found = table(owner_client.get(page, {"old": old.pk}))
    assert found == expected | {"Thumbnail": ("", "–")}
    assert table(owner_client.get(page, {"old": old.pk, "new": new.pk})) == found
    assert {field: sides[::-1] for field, sides in found.items()} == table(
        owner_client.get(page, {"old": new.pk, "new": old.pk})
    )
    picture = parsed(owner_client.get(page, {"old": old.pk})).xpath("//table//img/@src")
    assert picture == [f"/media/{versions.state(old)['fields']['thumbnail'].rpartition('/')[0]}/360.webp"]
    assert owner_client.get(page, {"old": "nonsense"}).status_code == 200


def test_one_press_brings_everything_back(owner_client, edited, media_files):
    old = versions.of(edited).last()
    page = open_page(owner_client, f"/admin/research/publication/{edited.pk}/versions/", old=old.pk)
    (form,) = parsed(page.response).xpath("//form[@id='revert-form']")
    answer = Page(owner_client, owner_client.post(form.get("action"), page.fields, follow=True))
    assert answer.messages == ["Owls is again as it was."]
    publication = Publication.objects.get()
    assert publication.title == "Owls"
    assert publication.thumbnail.name in media_files()
    assert [str(author) for author in publication.authorships.all()] == ["Jane Doe", "John Roe"]
    assert [link.url for link in publication.links.all()] == ["https://example.org/owls"]
    assert versions.of(edited).count() == 3


def test_what_cannot_come_back_is_said_before_and_after(owner_client, edited, make_publication):
    make_publication(slug="taken")
    with change("Renamed"):
        publication = Publication.objects.get(pk=edited.pk)
        publication.slug = "bats"
        publication.save()
    other = Publication.objects.get(slug="taken")
    other.slug = "owls"
    other.save()
    old = versions.of(edited).last()
    sentence = "Another publication has the address “owls” now. Change that one, and try again."
    response = owner_client.get(f"/admin/research/publication/{edited.pk}/versions/", {"old": old.pk})
    assert parsed(response).xpath("//ul[@class='errorlist']/li/text()") == [sentence]
    assert not parsed(response).xpath("//form[@id='revert-form']")
    posted = owner_client.post(f"/admin/research/publication/{edited.pk}/versions/{old.pk}/", follow=True)
    assert Page(owner_client, posted).messages == [f"Nothing was changed. {sentence}"]
    assert Publication.objects.get(pk=edited.pk).title == "Bats"


def test_a_record_without_versions_says_so(owner_client, make_publication, make_person):
    publication = make_publication()
    response = history_of(owner_client, publication)
    assert "No version yet" in response.content.decode()
    compared = owner_client.get(f"/admin/research/publication/{publication.pk}/versions/")
    assert "There is no difference that readers could see." in compared.content.decode()


@pytest.mark.parametrize("button", ["delete", "action"])
def test_a_deletion_is_undone(owner_client, make_publication, make_person, stored_picture, media_files, button):
    publication = make_publication([make_person("Jane Doe")], title="Owls", thumbnail=stored_picture())
    files, key = media_files(), publication.pk
    if button == "delete":
        address = f"/admin/research/publication/{key}/delete/"
        assert "It can be brought back for 30 days" in owner_client.get(address).content.decode()
        page = Page(owner_client, owner_client.post(address, {"post": "yes"}, follow=True))
        assert page.messages[0] == "It can be brought back for 30 days: undo."
        assert page.links["/admin/research/publication/deleted/"] in ("undo", "Deleted")
    else:
        data = {"action": "delete_selected", "_selected_action": [key]}
        asked = owner_client.post("/admin/research/publication/", data).content.decode()
        assert "They can be brought back for 30 days" in asked
        owner_client.post("/admin/research/publication/", data | {"post": "yes"})
    assert not Publication.objects.exists()
    deleted = owner_client.get("/admin/research/publication/deleted/")
    assert "Owls" in deleted.content.decode()
    assert "Deleted · admin" in deleted.content.decode()
    (form,) = parsed(deleted).xpath("//ol[@class='version-list']//form")
    page = Page(owner_client, owner_client.post(form.get("action"), follow=True))
    assert page.messages == ["Owls is back."]
    assert [str(author) for author in Publication.objects.get(pk=key).authorships.all()] == ["Jane Doe"]
    assert media_files() == files
    again = Page(owner_client, owner_client.post(form.get("action"), follow=True))
    assert again.messages == ["There is nothing to bring back: it is there already, or was deleted 30 days ago."]


def test_a_deletion_cannot_be_undone_after_thirty_days(owner_client, make_publication, undo_has_ended):
    publication = make_publication(title="Owls")
    owner_client.post(f"/admin/research/publication/{publication.pk}/delete/", {"post": "yes"})
    (version,) = versions.deleted(Publication)
    undo_has_ended()
    page = parsed(owner_client.get("/admin/research/publication/deleted/"))
    assert [text(line) for line in page.xpath("//div[@id='content-main']/*")][1:] == ["Nothing."]
    owner_client.post(f"/admin/research/publication/deleted/{version.pk}/")
    assert not Publication.objects.exists()


@pytest.mark.parametrize(
    ("model", "fields", "label"),
    [
        (Project, {"title": "Nests", "slug": "nests", "summary": "x"}, "Title"),
        (Person, {"given_name": "Jane", "family_name": "Doe"}, "Family name"),
        (Topic, {"name": "Birds", "slug": "birds"}, "Name"),
        (Profile, {"name": "Jane Doe"}, "Name"),
    ],
)
def test_every_kind_of_content_is_compared_and_reverted(owner_client, model, fields, label):
    record, _ = model.objects.update_or_create(pk=1, defaults=fields)
    name = label.lower().replace(" ", "_")
    page = open_page(owner_client, form_of(model._meta.model_name, 1))
    assert page.post(**{name: "Changed"}).sentences == []
    old = versions.of(record).last()
    page = f"/admin/research/{model._meta.model_name}/1/versions/"
    assert table(owner_client.get(page, {"old": old.pk})) == {label: (fields[name], "Changed")}
    owner_client.post(f"{page}{old.pk}/")
    assert getattr(model.objects.get(), name) == fields[name]


class TestWhoMay:
    def test_who_may_only_look_compares_and_changes_nothing(self, staff_client, edited):
        client = staff_client("view_publication")
        old = versions.of(edited).last()
        page = f"/admin/research/publication/{edited.pk}/versions/"
        assert table(client.get(page, {"old": old.pk}))["Title"] == ("Owls", "Bats")
        assert not parsed(client.get(page, {"old": old.pk})).xpath("//form[@id='revert-form']")
        assert client.post(f"{page}{old.pk}/").status_code == 403
        edited.delete()
        version = versions.deleted(Publication)[0]
        assert not parsed(client.get("/admin/research/publication/deleted/")).xpath("//ol//form")
        assert client.post(f"/admin/research/publication/deleted/{version.pk}/").status_code == 403
        assert not Publication.objects.exists()

    def test_who_may_not_look_and_visitors_see_nothing(self, staff_client, client, edited):
        pages = ["history/", "versions/"]
        for path in [f"/admin/research/publication/{edited.pk}/{page}" for page in pages] + [
            "/admin/research/publication/deleted/"
        ]:
            assert client.get(path).status_code == 302
        helper = staff_client("view_topic")
        assert helper.get(f"/admin/research/publication/{edited.pk}/history/").status_code == 403
        assert helper.get(f"/admin/research/publication/{edited.pk}/versions/").status_code == 403
        assert helper.get("/admin/research/publication/deleted/").status_code == 403

    def test_looking_changes_nothing_and_every_change_wants_a_token(self, edited, admin_user):
        from django.test import Client

        client = Client(enforce_csrf_checks=True)
        client.force_login(admin_user)
        path = f"/admin/research/publication/{edited.pk}/versions/{versions.of(edited).last().pk}/"
        assert client.get(path).status_code == 405
        assert client.post(path).status_code == 403
        assert client.get("/admin/research/publication/deleted/1/").status_code == 405
        assert Publication.objects.get().title == "Bats"

    def test_a_version_of_another_record_is_not_found(self, owner_client, edited, make_publication):
        other = make_publication()
        version = versions.of(edited).last()
        assert owner_client.post(f"/admin/research/publication/{other.pk}/versions/{version.pk}/").status_code == 404
        assert owner_client.get("/admin/research/publication/999/history/").status_code == 404
        assert owner_client.get("/admin/research/publication/999/versions/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_history_takes_as_many_queries_for_many_versions(owner_client, make_publication, queries_of, count):
    publication = make_publication(title="Owls")
    for number in range(count):
        with change(f"Change {number}"):
            publication.title = f"Owls {number}"
            publication.save()
    assert queries_of(lambda: history_of(owner_client, publication)) == 7
    page = f"/admin/research/publication/{publication.pk}/versions/"
    assert queries_of(lambda: owner_client.get(page)) == 47  # it tries out what reverting would find


@pytest.mark.parametrize("page", ["history", "versions"])
def test_a_key_that_no_database_can_hold_is_not_found(owner_client, db, page):
    assert owner_client.get(f"/admin/research/publication/{2**63}/{page}/").status_code == 404


def test_a_form_with_a_key_that_no_database_can_hold_leads_to_the_desk(owner_client, db):
    response = owner_client.post(f"/admin/research/publication/{2**63}/change/", {"_seen": "x"})
    assert response.status_code == 302
