"""Whoever has set a second factor up is asked for it, and is nobody before."""

import datetime

import pytest
from django.core import mail
from django.test import Client, RequestFactory
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticToken

from portfolio.login import factors, guesses, views

STEP = "/admin/login/second-factor/"


@pytest.fixture
def half_way(try_password, app):
    """A browser that was right about the password."""
    browser = Client()
    response = try_password("password", browser=browser)
    assert response["Location"] == STEP
    return browser


def is_in(browser):
    return browser.get("/admin/").status_code == 200


def type_code(browser, code, address="203.0.113.1"):
    return browser.post(STEP, {"code": code}, headers={"X-Forwarded-For": address})


def test_the_password_alone_opens_nothing(half_way, make_publication):
    make_publication(slug="secret", status="draft")
    assert half_way.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    assert half_way.get("/admin/security/").status_code == 302
    assert half_way.get("/publications/secret/").status_code == 404
    assert half_way.post("/admin/markdown/preview/", {"content": "x"}).status_code == 403
    assert half_way.post("/admin/security/passkeys/begin/").status_code == 400


def test_the_code_of_the_app_opens_the_desk(half_way, app, code_of):
    assert type_code(half_way, code_of(app))["Location"] == "/admin/"
    assert is_in(half_way)


def test_a_code_is_good_once(half_way, try_password, app, code_of):
    code = code_of(app)
    type_code(half_way, code)
    other = Client()
    try_password("password", browser=other)
    assert type_code(other, code).status_code == 200
    assert not is_in(other)


@pytest.mark.parametrize("code", ["", "000000", "abc", "٣٤٥٦٧٨", "1" * 5000, "\0"])
def test_a_wrong_code_opens_nothing(half_way, code):
    response = type_code(half_way, code)
    assert "This code is not right." in response.content.decode()
    assert not is_in(half_way)


def test_codes_are_counted_for_all_strange_browsers_together(half_way, try_password, app, code_of):
    for number in range(10):
        assert type_code(half_way, "000000", f"203.0.113.{number}").status_code == 200
    refused = type_code(half_way, code_of(app), "203.0.113.99")
    assert refused.status_code == 429
    assert "Retry-After" in refused


def test_wrong_codes_of_others_do_not_keep_a_known_browser_out(half_way, try_password, app, code_of):
    type_code(half_way, code_of(app))
    half_way.post("/admin/logout/")
    stranger = Client()
    try_password("password", browser=stranger)
    for _ in range(11):
        type_code(stranger, "000000")
    try_password("password", browser=half_way)
    app.refresh_from_db()
    app.last_t = -1  # as if half a minute had passed
    app.save()
    assert type_code(half_way, code_of(app))["Location"] == "/admin/"


def test_who_waits_too_long_begins_anew(half_way, app, code_of, monkeypatch):
    monkeypatch.setattr(views, "WAITING_SECONDS", 0)
    assert type_code(half_way, code_of(app))["Location"] == "/admin/login/"


def test_a_changed_password_ends_the_waiting(half_way, admin_user, app, code_of):
    admin_user.set_password("changed-meanwhile")
    admin_user.save()
    assert type_code(half_way, code_of(app))["Location"] == "/admin/login/"


def test_who_has_not_given_the_password_is_not_asked_for_a_code(client, app):
    assert client.get(STEP)["Location"] == "/admin/login/"


def test_the_page_that_was_asked_for_comes_after_the_code(try_password, app, code_of):
    browser = Client()
    data = {"username": "admin", "password": "password", "next": "/admin/research/topic/"}
    browser.post("/admin/login/", data)
    assert type_code(browser, code_of(app))["Location"] == "/admin/research/topic/"


def test_no_page_of_another_site_comes_after_the_code(app, code_of):
    browser = Client()
    browser.post("/admin/login/", {"username": "admin", "password": "password", "next": "https://evil.example/"})
    assert type_code(browser, code_of(app))["Location"] == "/admin/"


# --- Recovery codes -------------------------------------------------------------------------------------------------


def test_a_recovery_code_opens_the_desk_once(half_way, try_password, admin_user):
    codes = factors.new_recovery_codes(admin_user)
    assert type_code(half_way, codes[0].upper().replace("-", " "))["Location"] == "/admin/"
    assert "9 are left" in half_way.get("/admin/").content.decode()
    other = Client()
    try_password("password", browser=other)
    assert type_code(other, codes[0]).status_code == 200
    assert type_code(other, codes[1])["Location"] == "/admin/"


def test_new_recovery_codes_replace_the_old_ones(admin_user, app):
    old, new = factors.new_recovery_codes(admin_user), factors.new_recovery_codes(admin_user)
    assert factors.is_right(admin_user, old[0]) is False
    assert factors.is_right(admin_user, new[0]) is True


def test_recovery_codes_are_not_stored_as_they_are(admin_user):
    codes = {code.replace("-", "") for code in factors.new_recovery_codes(admin_user)}
    stored = set(StaticToken.objects.values_list("token", flat=True))
    assert (len(codes), len(stored)) == (10, 10)
    assert not {code[:16] for code in codes} & stored


def test_a_recovery_code_opens_the_desk_although_no_code_may_be_guessed(half_way, admin_user, app, code_of):
    right = factors.new_recovery_codes(admin_user)[0]
    wrong = right.replace(right[0], "x" if right[0] != "x" else "y")
    for _ in range(10):
        type_code(half_way, "000000")
    assert type_code(half_way, code_of(app)).status_code == 429
    assert [type_code(half_way, wrong).status_code for _ in range(12)] == [200] * 12
    assert type_code(half_way, right)["Location"] == "/admin/"


# --- A stolen password ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["000000", "abcd-efgh-jkmn-pqrs"])
def test_a_wrong_code_from_a_strange_browser_is_mailed_once_an_hour(half_way, settings, code, monkeypatch):
    settings.SENDS_MAIL = True
    for _ in range(12):
        type_code(half_way, code)
    assert [(message.subject, message.to) for message in mail.outbox] == [
        ("Somebody gave your password, and not the code", ["admin@example.com"])
    ]
    now = timezone.now() + datetime.timedelta(minutes=61)
    monkeypatch.setattr(guesses.timezone, "now", lambda: now)
    monkeypatch.setattr(views, "WAITING_SECONDS", 7200)
    type_code(half_way, code)
    assert len(mail.outbox) == 2


def test_it_is_mailed_also_where_others_have_used_the_guesses_up(half_way, settings):
    settings.SENDS_MAIL = True
    for number in range(10):
        guesses.Guess(RequestFactory().get("/", REMOTE_ADDR=f"203.0.113.{number}"), "other", "code").count()
    assert type_code(half_way, "000000").status_code == 429
    assert len(mail.outbox) == 1


def test_a_slip_in_a_known_browser_is_not_mailed(half_way, settings, app, code_of, try_password):
    type_code(half_way, code_of(app))
    half_way.post("/admin/logout/")
    settings.SENDS_MAIL = True
    try_password("password", browser=half_way)
    type_code(half_way, "000000")
    assert mail.outbox == []


# --- Setting it up --------------------------------------------------------------------------------------------------


@pytest.fixture
def confirmed(try_password, admin_user):
    """The owner's browser, a moment after the login."""
    browser = Client()
    try_password("password", browser=browser)
    return browser


@pytest.mark.usefixtures("contexts_are_kept")
def test_an_app_is_asked_for_once_it_has_shown_a_code(confirmed, admin_user, code_of, try_password):
    assert confirmed.get("/admin/security/app/")["Location"] == "/admin/security/"
    assert factors.offered_app(admin_user) is None  # looking at a page makes nothing
    assert confirmed.post("/admin/security/app/")["Location"] == "/admin/security/app/"
    page = confirmed.get("/admin/security/app/").content.decode()
    offered = factors.offered_app(admin_user)
    assert factors.key_of(offered) in page
    assert factors.is_needed(admin_user) is False
    assert "does not fit" in confirmed.post("/admin/security/app/", {"code": "000000"}).content.decode()
    assert factors.is_needed(admin_user) is False
    response = confirmed.post("/admin/security/app/", {"code": code_of(offered)})
    codes = response.context["codes"]
    assert len(codes) == 10
    assert [code for code in codes if code not in response.content.decode()] == []
    assert try_password("password")["Location"] == STEP
    assert confirmed.get("/admin/security/").status_code == 200


@pytest.mark.usefixtures("contexts_are_kept")
def test_recovery_codes_are_shown_once(confirmed, admin_user, code_of):
    confirmed.post("/admin/security/app/")
    codes = confirmed.post("/admin/security/app/", {"code": code_of(factors.offered_app(admin_user))}).context["codes"]
    pages = [confirmed.get(url).content.decode() for url in ("/admin/security/", "/admin/security/app/", "/admin/")]
    assert [code for code in codes for page in pages if code in page] == []
    assert confirmed.get("/admin/security/recovery-codes/").status_code == 405


@pytest.mark.parametrize("change", ["first app", "another app", "app removed", "passkey removed"])
@pytest.mark.parametrize("has_other", [True, False])
def test_the_other_sessions_end_with_each_change_of_the_factors_and_that_is_said_where_there_were_any(
    confirmed, admin_user, code_of, change, has_other
):
    other = Client()
    if has_other:
        other.force_login(admin_user)
    passkey = admin_user.passkeys.create(name="Stolen", credential_id=b"a", public_key=b"a")
    if change == "first app":
        passkey.delete()
    if change.endswith("removed"):
        path = "app/remove/" if change == "app removed" else f"passkeys/{passkey.pk}/remove/"
        confirmed.post(f"/admin/security/{path}")
    else:
        factors.new_recovery_codes(admin_user)  # else new ones are shown, and the message with them
        confirmed.post("/admin/security/app/")
        confirmed.post("/admin/security/app/", {"code": code_of(factors.offered_app(admin_user))})
    told = confirmed.get("/admin/security/").content.decode()
    assert (is_in(confirmed), is_in(other)) == (True, False)
    assert ("All other sessions have ended." in told) is has_other


def test_the_picture_of_the_key_is_svg_from_here(confirmed, admin_user):
    assert confirmed.get("/admin/security/app/code.svg").status_code == 404
    confirmed.post("/admin/security/app/")
    response = confirmed.get("/admin/security/app/code.svg")
    assert response["Content-Type"] == "image/svg+xml"
    assert "no-store" in response["Cache-Control"]
    assert response.content.startswith(b"<?xml") and b"<path" in response.content


def test_the_factor_goes_with_its_recovery_codes(confirmed, admin_user, app):
    factors.new_recovery_codes(admin_user)
    confirmed.post("/admin/security/app/remove/")
    assert (factors.is_needed(admin_user), factors.recovery_codes_left(admin_user)) == (False, 0)


@pytest.mark.parametrize("path", ["app/", "app/remove/", "passkeys/1/remove/", "recovery-codes/"])
def test_a_desk_that_was_left_open_asks_for_the_password_first(client, admin_user, app, path):
    client.force_login(admin_user)
    response = client.post(f"/admin/security/{path}")
    assert response["Location"] == "/admin/security/confirm/?next=%2Fadmin%2Fsecurity%2F"
    assert factors.is_needed(admin_user) is True
    assert client.post(response["Location"], {"password": "wrong"}).status_code == 200
    assert client.post(response["Location"], {"password": "password"})["Location"] == "/admin/security/"
    assert client.post(f"/admin/security/{path}").get("Location") != response["Location"]


def test_the_key_of_an_app_is_not_shown_to_a_desk_that_was_left_open(client, admin_user):
    client.force_login(admin_user)
    for path in ("app/", "app/code.svg"):
        assert client.get(f"/admin/security/{path}")["Location"].startswith("/admin/security/confirm/")


def test_the_password_before_a_change_is_guessed_as_seldom_as_at_the_login(client, admin_user):
    client.force_login(admin_user)
    answers = [client.post("/admin/security/confirm/", {"password": "wrong"}).status_code for _ in range(12)]
    assert answers == [200] * 10 + [429] * 2


def test_a_change_of_the_password_guesses_the_old_one_as_seldom_as_the_login(client, admin_user):
    client.force_login(admin_user)
    new = {"new_password1": "owls-in-the-dark", "new_password2": "owls-in-the-dark"}

    def change(old, **data):
        return client.post("/admin/password_change/", {"old_password": old} | new | data).status_code

    assert [change("wrong") for _ in range(9)] == [200] * 9
    assert change("password", new_password2="another-word") == 200  # right, so that the slips before it are forgotten
    assert [change("wrong") for _ in range(12)] == [200] * 10 + [429] * 2
    assert change("password") == 429


def test_wrong_codes_count_no_more_after_an_hour(half_way, app, code_of, monkeypatch):
    for _ in range(11):
        type_code(half_way, "000000")
    now = timezone.now() + datetime.timedelta(minutes=61)
    monkeypatch.setattr(guesses.timezone, "now", lambda: now)
    assert type_code(half_way, code_of(app)).status_code == 302


def test_a_passkey_is_offered_where_browsers_have_them_alone(client, settings, db):
    settings.PASSKEYS_WORK = False
    without = client.get("/admin/login/").content.decode()
    settings.PASSKEYS_WORK = True
    assert ["Log in with a passkey" in text for text in (without, client.get("/admin/login/").content.decode())] == [
        False,
        True,
    ]
