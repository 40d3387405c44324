"""The users, and the role of each."""

from urllib.parse import quote

import pytest
from django.core import mail
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from portfolio.login import factors
from research import roles

from .page import open_page


@pytest.fixture
def editor(django_user_model):
    user = django_user_model.objects.create_user("jo", password="of-jo-of-jo")
    roles.give(user, roles.EDITOR)
    return user


@pytest.mark.parametrize("page", ["add/", "{pk}/change/", "{pk}/password/", "{pk}/delete/"])
def test_a_desk_that_was_left_open_changes_no_account(admin_client, editor, page):
    address = f"/admin/auth/user/{page.format(pk=editor.pk)}"
    before = list(type(editor).objects.values_list())
    new = {"password1": "owls-in-the-dark", "password2": "owls-in-the-dark"}
    sent = new | {"username": "ann", "role": "owner", "post": "yes"}
    for response in (admin_client.get(address), admin_client.post(address, sent)):
        assert response["Location"] == f"/admin/security/confirm/?next={quote(address, safe='')}"
    assert list(type(editor).objects.values_list()) == before
    assert admin_client.post(response["Location"], {"password": "password"})["Location"] == address
    assert admin_client.post(address, sent).status_code == 302
    assert list(type(editor).objects.values_list()) != before


def role_of(user):
    return roles.of(type(user).objects.get(pk=user.pk))


@pytest.mark.parametrize("role", roles.ROLES)
def test_the_owner_gives_a_role_with_one_click(owner_client, editor, role):
    page = open_page(owner_client, f"/admin/auth/user/{editor.pk}/change/")
    assert page.fields["role"] == "editor"
    assert page.post(role=role.key).sentences == []
    assert role_of(editor) == role


@pytest.fixture
def mails_of(settings, django_capture_on_commit_callbacks):
    """The (receiver, subject) of each mail that a call sends, sorted."""
    settings.SENDS_MAIL = True

    def of(call):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            call()
        return sorted((address, message.subject) for message in mail.outbox for address in message.to)

    return of


def test_a_changed_address_and_a_changed_role_are_mailed_to_the_address_that_was(owner_client, editor, mails_of):
    editor.email = "jo@example.org"
    editor.save()
    page = open_page(owner_client, f"/admin/auth/user/{editor.pk}/change/")
    assert mails_of(lambda: page.post(first_name="Jo")) == []
    assert mails_of(lambda: page.post(first_name="Jo", email="other@example.org", role="reader")) == [
        ("jo@example.org", "The mail address of the account was changed by an owner of the site"),
        ("jo@example.org", "The role of the account was changed by an owner of the site: Reader"),
    ]


@pytest.mark.parametrize("is_new", [True, False])
def test_all_owners_are_mailed_that_there_is_one_more(owner_client, editor, mails_of, django_user_model, is_new):
    django_user_model.objects.create_superuser("jane", "jane@example.org")
    told = {"role": "owner", "email": "jo@example.org"}
    if is_new:
        password = "owls-in-the-dark"
        told |= {"username": "ann", "password1": password, "password2": password}
    page = open_page(owner_client, "/admin/auth/user/add/" if is_new else f"/admin/auth/user/{editor.pk}/change/")
    name = "ann" if is_new else "jo"
    assert mails_of(lambda: page.post(**told)) == [
        (address, f"There is one more owner of the site: {name}, made by admin")
        for address in ("admin@example.com", "jane@example.org")
    ]


def test_each_role_is_explained_beside_its_button(owner_client, editor):
    text = owner_client.get(f"/admin/auth/user/{editor.pk}/change/").content.decode()
    assert [role.label for role in roles.ROLES if role.sentence not in text] == []


def test_a_new_user_is_an_editor_unless_the_owner_says_otherwise(owner_client, django_user_model):
    page = open_page(owner_client, "/admin/auth/user/add/")
    page.post(username="ann", password1="owls-in-the-dark", password2="owls-in-the-dark")
    assert role_of(django_user_model.objects.get(username="ann")) == roles.EDITOR


def test_the_only_owner_stays_one(owner_client, admin_user, django_user_model):
    page = open_page(owner_client, f"/admin/auth/user/{admin_user.pk}/change/")
    refused = page.post(role="reader")
    assert refused.sentences == [("role", "This is the only owner. Make somebody else an owner first.")]
    assert role_of(admin_user) == roles.OWNER
    django_user_model.objects.create_superuser("jane")
    owner_client.post(page.url, page.fields | {"role": "reader", "_save": "Save"})
    assert role_of(admin_user) == roles.READER


def test_nobody_deletes_themselves(owner_client, admin_user, editor, django_user_model):
    assert owner_client.post(f"/admin/auth/user/{admin_user.pk}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [admin_user.pk], "post": "yes"}
    owner_client.post("/admin/auth/user/", chosen)
    assert owner_client.post(f"/admin/auth/user/{editor.pk}/delete/", {"post": "yes"}).status_code == 302
    assert list(django_user_model.objects.values_list("username", flat=True)) == ["admin"]


def test_who_loses_access_is_out_at_once(owner_client, editor, client):
    client.force_login(editor)
    assert client.get("/admin/").status_code == 200
    open_page(owner_client, f"/admin/auth/user/{editor.pk}/change/").post(role="nobody")
    assert client.get("/admin/").status_code == 302


def test_somebody_with_other_rights_has_no_role_until_one_is_chosen(owner_client, staff_client, django_user_model):
    staff_client("view_person")
    user = django_user_model.objects.get(username="helper")
    page = open_page(owner_client, f"/admin/auth/user/{user.pk}/change/")
    assert "role" not in page.fields
    page.post(role="reader")
    assert role_of(user) == roles.READER


def test_the_list_asks_no_more_for_three_users_than_for_one(owner_client, queries_of, django_user_model):
    one = queries_of(lambda: owner_client.get("/admin/auth/user/"))
    for name in ("ann", "bob"):
        roles.give(django_user_model.objects.create_user(name), roles.EDITOR)
    assert queries_of(lambda: owner_client.get("/admin/auth/user/")) == one


@pytest.mark.parametrize("is_own", [False, True])
def test_a_password_that_an_owner_sets_shuts_out_whoever_was_in(owner_client, admin_user, editor, is_own):
    user = admin_user if is_own else editor
    app = factors.offer_app(user)
    TOTPDevice.objects.filter(pk=app.pk).update(confirmed=True)
    user.passkeys.create(name="Key", credential_id=b"a", public_key=b"a")
    other = Client()
    other.force_login(user)
    assert other.get("/admin/").status_code == 200
    new = {"password1": "owls-in-the-dark", "password2": "owls-in-the-dark"}
    told = owner_client.post(f"/admin/auth/user/{user.pk}/password/", new, follow=True).content.decode()
    assert other.get("/admin/").status_code == 302
    assert user.passkeys.exists() is is_own
    assert factors.app_of(user) == app
    assert ("The passkeys of this account were removed" in told) is not is_own
