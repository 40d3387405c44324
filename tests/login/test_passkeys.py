"""What is sent in the place of a passkey's answer is refused. Real ones: tests/browser/test_login.py."""

import base64
import importlib
import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from portfolio.login import ceremonies
from portfolio.login.models import Passkey

CREDENTIAL_ID = b"\x01\x02\x03"


def base64url(content):
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


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


@pytest.fixture
def passkey(admin_user):
    return admin_user.passkeys.create(name="Phone", credential_id=CREDENTIAL_ID, public_key=b"\xa0")


@pytest.mark.parametrize("answer", ANSWERS)
def test_no_other_answer_logs_in(passkey, answer):
    browser = Client()
    assert browser.post("/admin/login/passkey/begin/").status_code == 200
    response = browser.post("/admin/login/passkey/", answer, content_type="application/json")
    assert (response.status_code, list(response.json())) == (400, ["error"])
    assert browser.get("/admin/").status_code == 302


@pytest.mark.parametrize("answer", ANSWERS)
def test_no_other_answer_makes_a_passkey(admin_client, answer):
    assert admin_client.post("/admin/security/confirm/", {"password": "password"}).status_code == 302
    assert admin_client.post("/admin/security/passkeys/begin/").status_code == 200
    response = admin_client.post("/admin/security/passkeys/", answer, content_type="application/json")
    assert (response.status_code, list(response.json())) == (400, ["error"])
    assert Passkey.objects.count() == 0


def test_a_browser_is_told_which_passkeys_are_there(admin_user, passkey):
    passkey.transports = ["usb", "of-next-year"]
    passkey.save()
    known = {"id": base64url(CREDENTIAL_ID), "type": "public-key", "transports": ["usb"]}
    assert ceremonies.begin_registration(admin_user, 300)["excludeCredentials"] == [known]
    assert ceremonies.begin_authentication(admin_user, 300)["allowCredentials"] == [known]
    assert ceremonies.begin_authentication(None, 300)["allowCredentials"] == []


def test_a_passkey_alone_must_ask_its_owner(admin_user):
    assert ceremonies.begin_authentication(None, 300)["userVerification"] == "required"
    assert ceremonies.begin_authentication(admin_user, 300)["userVerification"] == "discouraged"


def test_the_handle_of_a_user_says_nothing_and_stays(admin_user, django_user_model):
    other = django_user_model.objects.create_user("other")
    handles = [ceremonies.user_handle(user) for user in (admin_user, admin_user, other)]
    assert handles[0] == handles[1] != handles[2]
    assert [len(handle) for handle in handles] == [32, 32, 32]


def test_what_few_sites_need_is_not_in_memory_from_the_start(tmp_path):
    code = """
import sys
import portfolio.wsgi
from django.urls import resolve
resolve("/admin/")
print([name for name in ("webauthn", "cryptography", "ftfy", "segno", "boto3", "pypdfium2") if name in sys.modules])
"""
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)}
    environment["DJANGO_SETTINGS_MODULE"] = "portfolio.settings"
    command = [sys.executable, "-c", code]
    started = subprocess.run(
        command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    assert started.stdout == "[]\n"


def test_passkeys_of_the_library_before_are_taken_over(admin_user):
    taking = importlib.import_module("portfolio.login.migrations.0002_passkeys_of_django_otp_webauthn")
    moment = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {taking.EARLIER} AS SELECT * FROM login_passkey")
        cursor.execute(f"ALTER TABLE {taking.EARLIER} ADD COLUMN confirmed boolean")
        for name, confirmed in (("Phone", True), ("Unfinished", False)):
            values = [admin_user.pk, name, name.encode(), b"key", '["usb"]', 7, moment, None, confirmed]
            marks = ", ".join(["%s"] * len(values))
            cursor.execute(f"INSERT INTO {taking.EARLIER} ({taking.KEPT}, confirmed) VALUES ({marks})", values)
    taking.take_over(apps, SimpleNamespace(connection=connection))
    (kept,) = Passkey.objects.all()
    assert (kept.user, kept.name, bytes(kept.credential_id), bytes(kept.public_key)) == (
        admin_user,
        "Phone",
        b"Phone",
        b"key",
    )
    assert (kept.transports, kept.sign_count, kept.created_at, kept.last_used_at) == (["usb"], 7, moment, None)
