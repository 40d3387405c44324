"""A disk that is full or not writable: a sentence, what was typed is still there, and nothing is half-written."""

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import OperationalError, connection, connections
from django.test import Client

from research.models import Person, Profile, Project, Publication, Topic

from .page import open_page

UNSAVED = (
    "Nothing was saved: the server's disk is full or not writable. What you typed is still here. Once that is "
    "mended on the server, save again."
)
FULL = OSError(28, "No space left on device")


# What fills the database's disk, and what makes room: SQLite may use no page more, as where none can be had;
# PostgreSQL takes nothing, as a server that only reads does.
FILL = {
    "sqlite": ["VACUUM", "PRAGMA page_count", "PRAGMA max_page_count = {}"],  # first no page that is left free
    "postgresql": ["SET default_transaction_read_only = on"],
}
MAKE_ROOM = {
    "sqlite": ["PRAGMA max_page_count = 1073741823"],
    "postgresql": ["SET default_transaction_read_only = off"],
}


def execute(statements):
    """Execute the statements of the database that there is, each with what the one before has found."""
    found = None
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement.format(found))
            found = cursor.fetchone()[0] if cursor.description else None


@pytest.fixture
def full_database(db):
    """A function that fills the database's disk."""
    yield lambda: execute(FILL)
    execute(MAKE_ROOM)


LONG = "Owls see in the dark. " * 2_000  # no page of the database has room left for it


@pytest.mark.django_db(transaction=True)
class TestFullDatabase:
    def test_a_publication_is_shown_again_as_it_was_typed(self, owner_client, full_database, picture, pdf, media_files):
        page = open_page(owner_client, "/admin/research/publication/add/")
        links = page.add_row("links", kind="slides", label="My slides")
        full_database()
        page = page.post(
            title="Owls",
            year="2023",
            new_authors="Jane Doe*, John Roe",
            abstract=LONG,
            thumbnail=picture(),
            **{f"{links}-file": pdf()},
        )
        assert page.sentences == [("", UNSAVED)]
        assert page.fields["title"] == "Owls"
        assert page.fields["new_authors"] == "Jane Doe*, John Roe"
        assert page.fields["abstract"] == LONG
        assert page.fields[f"{links}-label"] == "My slides"
        assert Publication.objects.count() == Person.objects.count() == 0
        execute(MAKE_ROOM)
        assert page.post().sentences == []
        saved = Publication.objects.get()
        assert [str(author) for author in saved.authorships.all()] == ["Jane Doe*", "John Roe"]
        assert {saved.thumbnail.name, saved.links.get().file.name} <= media_files()

    @pytest.mark.parametrize(
        ("path", "model", "fields"),
        [
            ("project/add/", Project, {"title": "Nests", "summary": "x", "description": LONG}),
            ("person/add/", Person, {"family_name": "Doe", "other_spellings": LONG}),
            ("profile/1/change/", Profile, {"name": "Jane Doe", "biography": LONG}),
        ],
    )
    def test_so_is_every_other_form(self, path, model, fields, owner_client, full_database, db):
        Profile.objects.get_or_create(pk=1)
        before = list(model.objects.values())
        page = open_page(owner_client, f"/admin/research/{path}")
        full_database()
        page = page.post(**fields)
        assert page.sentences == [("", UNSAVED)]
        assert {name: page.fields[name] for name in fields} == fields
        assert list(model.objects.values()) == before

    def test_visitors_read_on(self, client, full_database, make_publication):
        make_publication(slug="owls")
        full_database()
        for address in ("/", "/publications/", "/publications/owls/", "/publications.bib", "/healthz"):
            assert client.get(address).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_database_that_cannot_begin_to_write_loses_nothing_that_was_typed(
    owner_client, make_publication, monkeypatch
):
    publication = make_publication(title="Owls", slug="owls")
    page = open_page(owner_client, f"/admin/research/publication/{publication.pk}/change/")

    def refuse(autocommit, **options):
        raise OperationalError("attempt to write a readonly database")

    with monkeypatch.context() as patch:
        patch.setattr(connections["default"], "set_autocommit", refuse)
        page = page.post(title="Bats")
    assert page.sentences == [("", UNSAVED)]
    assert page.fields["title"] == "Bats"
    assert page.post().sentences == []
    assert Publication.objects.get().title == "Bats"


@pytest.mark.django_db
def test_what_has_no_form_to_show_again_says_it_on_a_page(owner_client, monkeypatch, caplog):
    topic = Topic.objects.create(name="Owls", slug="owls")

    def refuse(queryset):
        raise OperationalError("attempt to write a readonly database")

    monkeypatch.setattr("django.db.models.query.QuerySet.delete", refuse)
    data = {"action": "delete_selected", "_selected_action": topic.pk, "post": "yes"}
    response = owner_client.post("/admin/research/topic/", data)
    assert response.status_code == 503
    assert "<h1>Nothing was saved</h1>" in response.content.decode()
    assert "attempt to write a readonly database" in caplog.text


@pytest.mark.django_db
def test_a_fault_of_the_database_while_reading_is_not_called_a_full_disk(admin_user, monkeypatch):
    client = Client(raise_request_exception=False)
    client.force_login(admin_user)
    monkeypatch.setattr("research.admin.people.TopicAdmin.get_object", refuse_reading)
    response = client.get("/admin/research/topic/1/change/")
    assert (response.status_code, "Something went wrong" in response.content.decode()) == (500, True)


def refuse_reading(*arguments):
    raise OperationalError("database disk image is malformed")


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["__init__", "write", "flush"])
def test_an_upload_that_finds_no_room_to_arrive_loses_nothing_that_was_typed(step, owner_client, monkeypatch, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    if step == "__init__":
        monkeypatch.setattr(TemporaryUploadedFile, "__init__", raise_full)
    else:
        monkeypatch.setattr(TemporaryUploadedFile, "write" if step == "write" else "seek", raise_full)
    page = open_page(owner_client, "/admin/research/publication/add/")
    page = page.post(title="Owls", abstract="They fly.", thumbnail=SimpleUploadedFile("f.png", b"x" * 200_000))
    assert page.sentences == [
        ("thumbnail", "The file could not be stored: the server's disk is full or not writable. Nothing else was lost.")
    ]
    assert (page.fields["title"], page.fields["abstract"]) == ("Owls", "They fly.")
    assert get_user_model().objects.count() == 1


def raise_full(*arguments, **options):
    raise FULL


@pytest.mark.django_db
def test_an_upload_that_lies_on_the_disk_while_it_arrives_is_taken(owner_client, settings, picture, media_files):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    page = open_page(owner_client, "/admin/research/publication/add/")
    page.post(title="Owls", year="2024", thumbnail=picture())
    assert Publication.objects.get().thumbnail.name in media_files()
