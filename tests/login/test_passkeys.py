"""What a passkey must show to be taken, and to log in. With a real browser: tests/browser/test_login.py."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test import Client

from portfolio.login import ceremonies, passkeys
from portfolio.login.models import WebAuthnCredential, WebAuthnUserHandle

from .authenticator import BACKED_UP, ELIGIBLE, PRESENT, VERIFIED, Authenticator, base64url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contexts_are_kept")]

CREDENTIAL_ID = Authenticator().credential_id
CLIENT_DATA = base64url(json.dumps({"type": "webauthn.get", "challenge": "AA", "origin": "http://x"}).encode())
CREDENTIAL = {"id": base64url(CREDENTIAL_ID), "rawId": base64url(CREDENTIAL_ID), "type": "public-key"}
SIGNED = {"clientDataJSON": CLIENT_DATA, "authenticatorData": base64url(bytes(37)), "signature": base64url(b"x")}
MADE = {"clientDataJSON": CLIENT_DATA, "attestationObject": base64url(b"\xa3cfmtdnone")}
ANSWERS = [
    b"",
    b"\xff",
    b"null",
    b"[]",
    b"{}",
    b"[" * 100_000,
    b'{"rawId": 1}',
    b'{"rawId": "%"}',
    b'{"rawId": "AA"}',
    *(
        json.dumps(CREDENTIAL | {"response": response}).encode()
        for response in (
            None,
            [],
            {},
            SIGNED,
            SIGNED | {"authenticatorData": ""},
            SIGNED | {"authenticatorData": base64url(bytes(32) + b"\xff" + bytes(60))},
            SIGNED | {"clientDataJSON": base64url(b"[]")},
            MADE,
            MADE | {"attestationObject": base64url(b"\xbf" * 5_000)},
            MADE | {"attestationObject": base64url(b"\xa1gauthDataX\x25" + bytes(37))},
            MADE | {"transports": [1, {}]},
        )
    ),
]


def post(browser, path, answer=None):
    content = answer if isinstance(answer, bytes) else json.dumps(answer)
    return browser.post(f"/admin/{path}", content, content_type="application/json")


@pytest.fixture
def desk(admin_client):
    """The owner's browser, whose password was asked for just now."""
    assert admin_client.post("/admin/security/confirm/", {"password": "password"}).status_code == 302
    return admin_client


@pytest.fixture
def make(desk):
    """Make a passkey of the owner on the Security page; the response."""

    def make(authenticator, path="security/passkeys/", **bent):
        options = post(desk, "security/passkeys/begin/").json()
        return post(desk, path, authenticator.make(options, **bent))

    return make


@pytest.fixture
def log_in(try_password):
    """Log a new browser in with a passkey, after the password where one is given; (the response, the browser)."""

    def log_in(authenticator, password="", **bent):
        browser = Client()
        if password:
            assert try_password(password, browser=browser)["Location"] == "/admin/login/second-factor/"
        options = post(browser, "login/passkey/begin/").json()
        return post(browser, "login/passkey/", authenticator.sign(options, **bent)), browser

    return log_in


def test_a_passkey_is_made_and_logs_in_alone(make, log_in):
    key = Authenticator()
    assert make(key).status_code == 200
    response, browser = log_in(key)
    assert (response.status_code, browser.get("/admin/").status_code) == (200, 200)


def test_a_key_that_asked_for_nothing_is_no_login_by_itself_until_it_has_beside_a_password(make, log_in):
    key = Authenticator()
    assert make(key, flags=PRESENT).status_code == 200
    assert log_in(key)[0].status_code == 400  # also with a PIN, which whoever found it may have set
    assert log_in(key, password="password", flags=PRESENT)[0].status_code == 200
    assert log_in(key)[0].status_code == 400
    assert log_in(key, password="password")[0].status_code == 200
    assert log_in(key)[0].status_code == 200


@pytest.mark.parametrize(
    "bent",
    [
        {"flags": PRESENT},
        {"flags": VERIFIED},
        {"flags": PRESENT | VERIFIED | ELIGIBLE},
        {"flags": PRESENT | VERIFIED | BACKED_UP},
        {"handle": b""},
        {"handle": b"of somebody else"},
        {"crossOrigin": True},
        {"origin": "https://evil.example"},
        {"type": "webauthn.create"},
        {"challenge": "AAAA"},
    ],
)
def test_nobody_gets_in_by_a_passkey_alone_where_anything_is_bent(make, log_in, bent):
    key = Authenticator()
    make(key)
    response, browser = log_in(key, **bent)
    assert (response.status_code, browser.get("/admin/").status_code) == (400, 302)


def test_a_passkey_of_somebody_else_is_no_second_factor(make, log_in, django_user_model, try_password):
    other = django_user_model.objects.create_superuser("other", password="secret-of-other")
    other.passkeys.create(name="Key", credential_id=b"x", credential_id_sha256="x", public_key=b"x", aaguid="")
    key = Authenticator()
    make(key)
    browser = Client()
    try_password("secret-of-other", "other", browser=browser)
    options = post(browser, "login/passkey/begin/").json()
    assert post(browser, "login/passkey/", key.sign(options)).status_code == 400


@pytest.mark.parametrize(
    "bent",
    [
        {"flags": VERIFIED},
        {"flags": PRESENT | BACKED_UP},
        {"crossOrigin": True},
        {"origin": "https://evil.example"},
        {"type": "webauthn.get"},
        {"challenge": "AAAA"},
    ],
)
def test_no_passkey_is_made_where_anything_is_bent(make, bent):
    assert make(Authenticator(), **bent).status_code == 400
    assert WebAuthnCredential.objects.count() == 0


def test_a_passkey_is_made_once_and_only_where_it_was_asked_for_lately(desk, make, monkeypatch):
    key = Authenticator()
    assert make(key).status_code == 200
    assert make(key).status_code == 400
    assert make(Authenticator(bytes(1024))).status_code == 400
    new = Authenticator(b"new")
    assert post(desk, "security/passkeys/", new.make({"challenge": "", "user": {"id": "AA"}})).status_code == 400
    options = post(desk, "security/passkeys/begin/").json()
    monkeypatch.setattr(passkeys, "SECONDS", -1)
    assert post(desk, "security/passkeys/", new.make(options)).status_code == 400
    assert WebAuthnCredential.objects.count() == 1


def test_a_new_passkey_ends_the_other_sessions_and_is_mailed_and_said(desk, make, admin_user, settings):
    settings.SENDS_MAIL = True
    other = Client()
    other.force_login(admin_user)
    make(Authenticator(), path="security/passkeys/?name=My%0Aphone%0D%0ABcc:%20x@evil.example")
    assert other.get("/admin/").status_code == 302
    said = [str(message) for message in desk.get("/admin/security/").context["messages"]]
    assert said == ["A new passkey, “My phone Bcc: x@evil.example”. All other sessions have ended."]
    (notice,) = mail.outbox
    assert (admin_user.passkeys.get().name, notice.to) == ("My phone Bcc: x@evil.example", [admin_user.email])


@pytest.mark.parametrize("answer", ANSWERS)
def test_no_other_answer_logs_in(make, answer):
    make(Authenticator())
    browser = Client()
    assert post(browser, "login/passkey/begin/").status_code == 200
    response = post(browser, "login/passkey/", answer)
    assert (response.status_code, list(response.json())) == (400, ["error"])
    assert browser.get("/admin/").status_code == 302


@pytest.mark.parametrize("answer", ANSWERS)
def test_no_other_answer_makes_a_passkey(desk, answer):
    assert post(desk, "security/passkeys/begin/").status_code == 200
    response = post(desk, "security/passkeys/", answer)
    assert (response.status_code, list(response.json())) == (400, ["error"])
    assert WebAuthnCredential.objects.count() == 0


def test_a_browser_is_told_which_passkeys_are_there(make, admin_user):
    make(Authenticator())
    WebAuthnCredential.objects.update(transports=["usb", "of-next-year"])
    known = {"id": base64url(CREDENTIAL_ID), "type": "public-key", "transports": ["usb"]}
    assert ceremonies.begin_registration(admin_user, 300)["excludeCredentials"] == [known]
    assert ceremonies.begin_authentication(admin_user, 300)["allowCredentials"] == [known]
    assert ceremonies.begin_authentication(None, 300)["allowCredentials"] == []


def test_the_handle_of_a_user_stays_and_is_nobody_elses(admin_user, django_user_model):
    other = django_user_model.objects.create_user("other")
    handles = [WebAuthnUserHandle.of(user) for user in (admin_user, admin_user, other)]
    assert handles[0] == handles[1] != handles[2]
    assert [len(handle) for handle in handles] == [64, 64, 64]


def test_the_tables_are_those_of_django_otp_webauthn_and_one_column_more():
    credential = "id name confirmed credential_type credential_id public_key transports sign_count backup_eligible "
    credential += "backup_state created_at last_used_at aaguid credential_id_sha256 discoverable user_id"
    expected = {
        "django_otp_webauthn_webauthncredential": {*credential.split(), "uv_initialized"},
        "django_otp_webauthn_webauthnattestation": {"id", "fmt", "data", "client_data_json", "credential_id"},
        "django_otp_webauthn_webauthnuserhandle": {"handle_hex", "user_id"},
    }
    with connection.cursor() as cursor:
        tables = {
            table: {column.name for column in connection.introspection.get_table_description(cursor, table)}
            for table in connection.introspection.table_names(cursor)
            if table.startswith("django_otp_webauthn")
        }
    assert tables == expected
    names = [name for app, name in MigrationLoader(connection).applied_migrations if app == "django_otp_webauthn"]
    assert sorted(names) == [
        "0001_squashed_0003_webauthncredential_hash_binary_to_hex",
        "0004_webauthnuserhandle",
        "0005_uv_initialized",
    ]


def test_what_few_sites_need_is_not_in_memory_from_the_start(tmp_path):
    code = """
import sys
import portfolio.wsgi
from django.urls import resolve
resolve("/admin/")
print([name for name in ("webauthn", "lxml", "citeproc", "ftfy", "segno", "boto3", "pypdfium2") if name in sys.modules])
"""
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)}
    environment["DJANGO_SETTINGS_MODULE"] = "portfolio.settings"
    command = [sys.executable, "-c", code]
    started = subprocess.run(
        command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    assert started.stdout == "[]\n"
