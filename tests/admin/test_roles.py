"""What each role may do, at every address that the desk has."""

import re

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.core.management.color import no_style
from django.db import connection
from django.test import Client
from reversion.models import Version

from research import roles
from research.history.recording import change
from research.models import Publication, Topic
from tests.addresses import parameters, paths

ROLES = {role.key: role for role in roles.ROLES}
# What only those open who may write.
WRITING = [
    "/admin/research/publication/1/delete/",
    "/admin/research/publication/1/share/",
    "/admin/research/publication/1/thumbnail/",
    "/admin/research/publication/add-from/",
    "/admin/research/publication/add-from/1/",
    "/admin/research/publication/add/",
    "/admin/research/publication/1/share/",
    "/admin/research/project/1/delete/",
    "/admin/research/project/1/share/",
    "/admin/research/project/add/",
    "/admin/research/person/1/delete/",
    "/admin/research/person/add/",
    "/admin/research/topic/1/delete/",
    "/admin/research/topic/add/",
]
VERSIONED = ("topic", "publication", "profile")
NOT_FOR_ANYBODY = ["/admin/research/profile/add/", "/admin/research/profile/1/delete/", "/admin/auth/user/1/delete/"]
FILLED = {"invitation": "none", "index": "0", "app_label": ["research", "auth"], "url": "no/such/page/"}


def addresses():
    """Every address of the admin, also those with a key that is there: 1, and of users 2 too."""
    users = {name: ["1", "2"] for name in ("id", "object_id")}
    found = paths({"": dict.fromkeys(parameters(), "1") | FILLED, "admin/auth/user/": users})
    desk = {path for path in found if path.startswith("/admin/")} - {"/admin/logout/", "/admin/autocomplete/"}
    return sorted(desk | {"/admin/autocomplete/?app_label=research&model_name=authorship&field_name=person"})


def of_users():
    """The pages of users; the address of a user alone leads on to the form."""
    return [one for one in addresses() if one.startswith("/admin/auth/user/") and not re.search(r"/\d/$", one)]


@pytest.fixture(autouse=True)
def keys_begin_anew(db):
    """A test that is rolled back leaves PostgreSQL's counters of keys where they are, and SQLite's after a flush."""
    after_the_last = connection.ops.sequence_reset_sql(no_style(), apps.get_models())
    counters = connection.introspection.sequence_list()
    with connection.cursor() as cursor:
        for statement in after_the_last or connection.ops.sequence_reset_by_name_sql(no_style(), counters):
            cursor.execute(statement)


@pytest.fixture
def site(profile, make_publication, make_project, make_person, admin_user):
    """One of everything, each with the key 1; the owner is user 1."""
    publication, project = make_publication([make_person()]), make_project()
    topic = Topic.objects.create(name="Owls", slug="owls")
    waiting = apps.get_model("research.Import").objects.create()
    one_of_each = [admin_user, publication, publication.authorships.get().person, project, topic, waiting, profile]
    assert [record.pk for record in one_of_each] == [1] * 7
    return profile


@pytest.fixture
def somebody(django_user_model, site):
    """Somebody with a role, and a browser in which they are logged in."""

    def make(key, **options):
        user = django_user_model.objects.create_user("somebody", password="of-somebody")
        assert user.pk == 2
        roles.give(user, ROLES[key])
        client = Client(**options)
        client.force_login(user)
        return user, client

    return make


def snapshot():
    """All rows of all tables but for sessions and guesses."""
    return {
        model._meta.label: sorted(model._base_manager.values_list(), key=repr)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label not in ("sessions", "axes") and model._meta.managed
    }


def statuses(client):
    return {address: client.get(address).status_code for address in addresses()}


def test_the_walk_finds_the_pages_of_the_desk():
    found = addresses()
    assert [
        one for one in [*WRITING, *NOT_FOR_ANYBODY, "/admin/auth/", "/admin/auth/user/2/password/"] if one not in found
    ] == []
    assert [one for one in found if re.search(r"[<>()^$]", one)] == []
    assert "/admin/markdown/upload/" in found
    assert "/admin/example/remove/" in found
    assert "/admin/security/sessions/" in found


def test_an_owner_may_open_every_page(owner_client, site, somebody):
    somebody("editor")
    refused = [address for address, status in statuses(owner_client).items() if status == 403]
    assert refused == sorted(NOT_FOR_ANYBODY)


def test_an_editor_may_open_all_but_the_users_and_what_nobody_may(somebody):
    _, client = somebody("editor")
    refused = [address for address, status in statuses(client).items() if status == 403]
    assert refused == sorted({*of_users(), *NOT_FOR_ANYBODY})
    assert client.get("/admin/auth/").status_code == 404


def test_a_reader_may_open_what_shows_and_nothing_that_writes(somebody):
    _, client = somebody("reader")
    refused = [address for address, status in statuses(client).items() if status == 403]
    candidate = "/admin/research/publication/1/thumbnail/0.jpg"
    assert refused == sorted({*of_users(), *WRITING, *NOT_FOR_ANYBODY, candidate})


def test_who_has_no_access_gets_the_login_page_everywhere(somebody):
    _, client = somebody("nobody")
    entered = {
        address: status
        for address, status in statuses(client).items()
        if status == 200 and not address.startswith("/admin/login/")
    }
    assert entered == {}


FORGED = {
    "role": "owner",
    "is_superuser": "on",
    "is_staff": "on",
    "groups": "1",
    "username": "somebody",
    "password1": "owls-in-the-dark",
    "password2": "owls-in-the-dark",
    "name": "Somebody Else",
    "post": "yes",
    "action": "delete_selected",
    "_selected_action": "1",
    "_save": "Save",
    "confirmed": "yes",
}


def test_an_editor_gets_no_more_by_sending_forms_anywhere(somebody):
    user, client = somebody("editor")
    before = snapshot()
    users = [table for table in before if table.startswith(("auth.", "otp_", "django_otp"))]
    owners = [*users, "research.Profile", "research.ProfileLink"]
    for address in addresses():
        client.force_login(user)
        client.post(address, FORGED)
    after = snapshot()
    assert [table for table in owners if without_logins(after[table]) != without_logins(before[table])] == []
    assert Publication.objects.count() == 0  # the forms have arrived: what an editor may delete is gone


def without_logins(rows):
    """Rows without the moments in them: `last_login` moves with each login of the test."""
    return [[value for value in row if not hasattr(value, "year")] for row in rows]


def test_a_reader_changes_nothing_by_sending_forms_anywhere(somebody):
    user, client = somebody("reader")
    before = snapshot()
    for address in addresses():
        client.force_login(user)
        client.post(address, FORGED)
    after = snapshot()
    assert [table for table in before if without_logins(after[table]) != without_logins(before[table])] == []


def test_no_address_changes_anything_when_it_is_only_opened(admin_client, site):
    before = snapshot()
    statuses(admin_client)
    assert snapshot() == before


def test_what_comes_from_another_site_is_refused_everywhere(site, admin_user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)
    before = snapshot()
    taken = {address: status for address in addresses() if (status := client.post(address, FORGED).status_code) < 400}
    assert taken == {}
    assert snapshot() == before


def test_every_model_is_content_or_the_owners_alone():
    models = {model._meta.model_name for model in apps.get_app_config("research").get_models()}
    assert models == roles.CONTENT | roles.OWNERS_ALONE
    assert roles.CONTENT.isdisjoint(roles.OWNERS_ALONE)


def test_an_editor_publishes_and_a_reader_sees_the_draft(somebody, make_publication):
    make_publication(slug="secret", status="draft")
    _, client = somebody("reader")
    assert client.get("/publications/secret/").status_code == 200
    assert client.post("/admin/markdown/preview/", {"content": "x"}).status_code == 403


def test_what_an_editor_does_is_in_the_history(somebody):
    user, client = somebody("editor")
    client.post("/admin/research/topic/add/", {"name": "Bats", "slug": "bats"})
    assert list(LogEntry.objects.values_list("user", "object_repr")) == [(user.pk, "Bats")]


@pytest.fixture
def ways_back(site):
    """Addresses that revert and bring back, with versions that there are; the last is the profile's."""
    gone = Topic.objects.create(name="Bats", slug="bats")
    with change():
        gone.delete()
    for record in (Publication.objects.get(), site):
        with change():
            record.title = record.name = "Renamed"
            record.save()
    versions_of = {name: Version.objects.filter(content_type__model=name).first().pk for name in VERSIONED}
    return [
        f"/admin/research/topic/deleted/{versions_of['topic']}/",
        f"/admin/research/publication/1/versions/{versions_of['publication']}/",
        f"/admin/research/profile/1/versions/{versions_of['profile']}/",
    ]


def test_a_reader_reverts_and_brings_back_nothing_and_an_editor_all_but_the_profile(somebody, ways_back):
    user, client = somebody("reader")
    before = snapshot()
    form = "/admin/research/topic/2/change/"  # of the topic that is gone
    assert [client.post(address).status_code for address in ways_back] == [403, 403, 403]
    assert client.post(form, {"_seen": "x"}).status_code == 403
    assert snapshot() == before
    roles.give(user, ROLES["editor"])
    assert [client.post(address).status_code for address in ways_back] == [302, 302, 403]


def test_the_steps_to_a_finished_site_are_shown_to_the_owner_alone(somebody, admin_client):
    _, client = somebody("editor")
    texts = [browser.get("/admin/").content.decode() for browser in (admin_client, client)]
    assert ["The steps to a finished site" in text for text in texts] == [True, False]
    assert ["Add publications from" in text for text in texts] == [True, True]


def test_a_reader_is_not_offered_what_only_others_may_do(somebody):
    _, client = somebody("reader")
    text = client.get("/admin/").content.decode()
    assert [
        word for word in ("Add publications from", "/add/", "steps to a finished site", "last-backup") if word in text
    ] == []
