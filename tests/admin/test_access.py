"""Who may come in, and what they may do there."""

import pytest
from django.contrib.auth import get_user_model
from django.core.management.color import no_style
from django.db import connection, models

from research.models import Authorship, Person, Profile, ProfileLink, Project, Publication, PublicationLink, Topic

from .page import open_page

MODELS = ["publication", "project", "person", "topic", "profile"]


@pytest.fixture
def content(make_publication, make_project, make_person, profile, stored_picture):
    """One of everything, each with the key 1."""
    name = stored_picture(size=(60, 40))
    publication = make_publication([make_person("Jane Doe", pk=1)], pk=1, thumbnail=name)
    publication.links.create(url="https://a.org")
    publication.topics.add(Topic.objects.create(pk=1, name="Owls", slug="owls"))
    make_project(pk=1, thumbnail=name).links.create(url="https://a.org")
    profile.photo = name
    profile.save()
    profile.links.create(kind="github", address="https://a.org")
    with connection.cursor() as cursor:  # PostgreSQL does not see which keys were given by hand
        for sql in connection.ops.sequence_reset_sql(no_style(), [Person, Project, Publication, Topic]):
            cursor.execute(sql)


def addresses():
    keys = ["add/", "1/change/", "1/delete/", "1/history/", ""]
    found = [f"/admin/research/{model}/{key}" for model in MODELS for key in keys]
    return [
        *found,
        "/admin/",
        "/admin/research/",
        "/admin/auth/user/",
        "/admin/auth/user/1/change/",
        "/admin/auth/user/1/password/",
        "/admin/password_change/",
        "/admin/autocomplete/?app_label=research&model_name=authorship&field_name=person",
        "/admin/jsi18n/",
        "/admin/no/such/page/",
    ]


def snapshot():
    tables = (Publication, Project, Person, Topic, Profile, ProfileLink, Authorship, PublicationLink, get_user_model())
    return [list(table.objects.order_by("pk").values()) for table in tables]


def test_a_visitor_gets_the_login_page(client, content, admin_user):
    before = snapshot()
    for url in addresses():
        for response in (client.get(url), client.post(url)):
            assert response.status_code == 302, url
            assert response["Location"].startswith("/admin/login/?next=/admin/"), url
    assert snapshot() == before


def test_a_user_who_is_no_staff_gets_the_login_page(client, content, django_user_model):
    client.force_login(django_user_model.objects.create_user("reader"))
    for url in addresses():
        assert client.get(url)["Location"].startswith("/admin/login/?next=/admin/"), url


def test_the_login_page_lets_the_owner_in(client, admin_user):
    page = open_page(client, "/admin/")
    page = page.post(username="admin", password="wrong")
    assert page.fields["username"] == "admin"
    assert "Please enter the correct username and password" in page.response.content.decode()
    page = page.post(username="admin", password="password")
    assert page.url == "/admin/"


def test_staff_without_permission_is_refused(staff_client, content):
    client = staff_client()
    before = snapshot()
    for model in MODELS:
        for key in ("add/", "1/change/", "1/delete/", "1/history/"):
            url = f"/admin/research/{model}/{key}"
            assert (client.get(url).status_code, client.post(url, {"post": "yes"}).status_code) == (403, 403), url
    for model in MODELS[:-1]:
        assert client.get(f"/admin/research/{model}/").status_code == 403
    assert client.get("/admin/research/profile/", follow=True).status_code == 403
    assert (
        client.get("/admin/autocomplete/?app_label=research&model_name=authorship&field_name=person").status_code == 403
    )
    assert client.get("/admin/").status_code == 200
    assert snapshot() == before


@pytest.fixture
def viewer(staff_client):
    """Somebody who may look at everything and change nothing."""
    names = [*MODELS, "authorship", "publicationlink", "projectlink", "profilelink"]
    return staff_client(*(f"view_{name}" for name in names))


@pytest.mark.parametrize("model", MODELS)
def test_who_may_only_look_sees_forms_and_lists_and_changes_nothing(model, viewer, content):
    before = snapshot()
    url = f"/admin/research/{model}/1/change/"
    page = open_page(viewer, url)
    hidden = ("_FORMS", "-id", f"-{model}", "csrfmiddlewaretoken")  # what the rows belong to
    assert [name for name in page.fields if not name.endswith(hidden)] == []
    assert open_page(viewer, f"/admin/research/{model}/").response.status_code == 200
    changes = {"title": "x", "name": "x", "family_name": "x", "slug": "x", "new_authors": "Jo Poe", "_save": "Save"}
    assert viewer.post(url, page.fields | changes).status_code == 403
    row = {
        "form-TOTAL_FORMS": 1,
        "form-INITIAL_FORMS": 1,
        "form-0-id": 1,
        "form-0-position": 9,
        "form-0-selected": "on",
    }
    viewer.post(f"/admin/research/{model}/", row | {"_save": "Save"})
    viewer.post(f"/admin/research/{model}/", {"action": "delete_selected", "_selected_action": [1], "post": "yes"})
    assert snapshot() == before


@pytest.mark.parametrize("model", MODELS)
def test_who_may_only_look_sees_the_values(model, viewer, content):
    text = viewer.get(f"/admin/research/{model}/1/change/").content.decode()
    assert {
        "publication": "Paper 1",
        "project": "Summary 1",
        "person": "Doe",
        "topic": "Owls",
        "profile": "I study **owls**.",
    }[model] in text


def test_who_may_write_publications_only_writes_them(staff_client, content):
    client = staff_client("change_publication", "add_publication", "view_publication")
    page = open_page(client, "/admin/research/publication/1/change/")
    assert "authorships-TOTAL_FORMS" not in page.fields
    assert page.post(title="Owls").sentences == []
    assert open_page(client, "/admin/research/publication/add/").post(title="Bats").sentences == []
    assert sorted(Publication.objects.values_list("title", flat=True)) == ["Bats", "Owls"]


def test_who_may_see_but_not_change_authors_can_save_the_publication(staff_client, content):
    client = staff_client("change_publication", "view_authorship", "view_publicationlink", "view_person")
    page = open_page(client, "/admin/research/publication/1/change/")
    assert page.post(title="Owls").sentences == []
    assert [str(row) for row in Authorship.objects.all()] == ["Jane Doe"]


# --- The owner's account ---------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("contexts_are_kept")
def test_the_owner_changes_the_password(owner_client, admin_user, client):
    page = open_page(owner_client, "/admin/password_change/")
    wrong = {"old_password": "wrong", "new_password1": "owls-in-the-dark", "new_password2": "owls-in-the-light"}
    response = owner_client.post(page.url, wrong)
    assert response.context["form"].errors == {
        "old_password": ["Your old password was entered incorrectly. Please enter it again."],
        "new_password2": ["The two password fields didn’t match."],
    }
    right = {"old_password": "password", "new_password1": "owls-in-the-dark", "new_password2": "owls-in-the-dark"}
    assert owner_client.post(page.url, right)["Location"] == "/admin/password_change/done/"
    assert client.login(username="admin", password="owls-in-the-dark")


def test_the_owner_sets_the_password_of_a_user(owner_client, django_user_model, client):
    user = django_user_model.objects.create_user("helper", password="before-before")
    page = open_page(owner_client, f"/admin/auth/user/{user.pk}/change/")
    assert page.post(first_name="Helping").sentences == []
    page = open_page(owner_client, f"/admin/auth/user/{user.pk}/password/")
    page = page.post(password1="owls-in-the-dark", password2="owls-in-the-dark")
    assert page.sentences == []
    assert client.login(username="helper", password="owls-in-the-dark")
    user.refresh_from_db()
    assert user.first_name == "Helping"


def test_a_short_password_is_refused(owner_client, admin_user):
    page = open_page(owner_client, f"/admin/auth/user/{admin_user.pk}/password/")
    page = page.post(password1="owl", password2="owl")
    assert page.sentences == [
        ("password2", "This password is too short. It must contain at least 8 characters."),
    ]


def test_there_are_no_groups_to_confuse_the_owner(owner_client):
    assert owner_client.get("/admin/auth/group/").status_code == 404


def test_every_form_says_what_each_of_its_fields_is_for(db):
    """A help text by every field that is not a tick, a choice, an order or one of Django's own stamps."""
    skipped = ("position", "created", "updated")
    silent = [
        f"{model.__name__}.{field.name}"
        for model in (Publication, Project, Person, Topic, Profile, ProfileLink, PublicationLink)
        for field in model._meta.concrete_fields
        if field.editable
        and not field.help_text
        and not field.choices
        and field.name not in skipped
        and not isinstance(field, models.BooleanField | models.ForeignKey | models.AutoField)
    ]
    assert silent == []
