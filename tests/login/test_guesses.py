"""How often a password may be guessed, and that guessing keeps nobody out who has been here before."""

import datetime

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from portfolio.login import browsers, guesses


def statuses(try_password, count, **kwargs):
    return [try_password(**kwargs).status_code for _ in range(count)]


def addresses(count):
    return [f"198.51.{number // 250}.{number % 250}" for number in range(count)]


@pytest.fixture
def later(monkeypatch):
    """Let an amount of time pass: `later(minutes=59)`."""

    def move(**amount):
        now = timezone.now() + datetime.timedelta(**amount)
        monkeypatch.setattr(guesses.timezone, "now", lambda: now)

    return move


def test_an_address_has_ten_guesses_an_hour(try_password, admin_user, later):
    assert statuses(try_password, 12) == [200] * 10 + [429] * 2
    assert try_password("password").status_code == 429
    later(minutes=59)
    assert try_password("password").status_code == 429
    later(minutes=61)
    assert try_password("password").status_code == 302


def test_all_strange_browsers_together_have_a_hundred_guesses_an_hour(try_password, admin_user):
    answers = [try_password(address=address).status_code for address in addresses(130)]
    assert answers == [200] * 100 + [429] * 30


def test_other_names_are_counted_alike(try_password, admin_user):
    names = ["admin", "nobody"] * 5
    assert [try_password(name=name).status_code for name in names] == [200] * 10
    assert [try_password(name=name).status_code for name in ("admin", "nobody", "third")] == [429] * 3


def test_a_refused_guess_does_not_prolong_the_refusal(try_password, admin_user, later):
    statuses(try_password, 10)
    later(minutes=50)
    assert try_password().status_code == 429
    later(minutes=61)
    assert try_password().status_code == 200


def test_the_refusal_says_when_to_try_again(try_password, admin_user):
    statuses(try_password, 10)
    response = try_password()
    assert 3590 <= int(response["Retry-After"]) <= 3600
    assert "in 60 minutes" in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_a_right_password_forgets_the_slips_before_it(try_password, admin_user):
    statuses(try_password, 9)
    assert try_password("password").status_code == 302
    assert statuses(try_password, 11) == [200] * 10 + [429]


def test_an_account_of_ones_own_gives_no_more_guesses_at_others(try_password, admin_user, django_user_model):
    django_user_model.objects.create_user("editor", password="of-the-editor", is_staff=True)
    statuses(try_password, 9)
    assert try_password("of-the-editor", name="editor").status_code == 302
    assert statuses(try_password, 2) == [200, 429]


def test_a_thousand_addresses_do_not_keep_a_known_browser_out(try_password, admin_user):
    owner = Client()
    assert try_password("password", browser=owner).status_code == 302
    owner.post("/admin/logout/")
    for address in addresses(101):
        try_password(address=address)
    assert try_password("password", address="192.0.2.1").status_code == 429
    assert try_password("password", browser=owner, address="192.0.2.1").status_code == 302


def test_guesses_from_the_same_address_do_not_keep_a_known_browser_out(try_password, admin_user):
    owner = Client()
    try_password("password", browser=owner)
    statuses(try_password, 11)
    assert try_password("password", browser=owner).status_code == 302


def test_a_known_browser_has_ten_guesses_of_its_own(try_password, admin_user):
    stolen = Client()
    try_password("password", browser=stolen)
    answers = [try_password(browser=stolen, address=address).status_code for address in addresses(12)]
    assert answers == [200] * 10 + [429] * 2


@pytest.mark.parametrize("is_by_owner", [False, True])
def test_a_browser_is_known_until_the_password_is_another_but_for_the_one_that_changed_it(
    try_password, admin_user, is_by_owner
):
    stolen, own = Client(), Client()
    for browser in (stolen, own):
        try_password("password", browser=browser)
    new = "owls-in-the-dark"
    if is_by_owner:
        own.post(f"/admin/auth/user/{admin_user.pk}/password/", {"password1": new, "password2": new})
    else:
        own.post("/admin/password_change/", {"old_password": "password", "new_password1": new, "new_password2": new})
    own.post("/admin/logout/")
    statuses(try_password, 10)
    assert try_password(new, browser=stolen).status_code == 429
    assert try_password(new, browser=own).status_code == 302


def test_a_browser_stays_known_when_the_key_of_the_site_changes(try_password, admin_user, settings):
    owner = Client()
    try_password("password", browser=owner)
    owner.post("/admin/logout/")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-key", [settings.SECRET_KEY]
    statuses(try_password, 10)
    assert try_password("password", browser=owner).status_code == 302


def test_a_browser_is_known_for_the_name_that_it_has_logged_in_with(try_password, admin_user, django_user_model):
    django_user_model.objects.create_user("editor", password="of-the-editor", is_staff=True)
    editor = Client()
    try_password("of-the-editor", name="editor", browser=editor)
    statuses(try_password, 10)
    assert try_password("password", browser=editor).status_code == 429


def test_a_cookie_that_was_not_signed_here_makes_no_browser_known(rf):
    request = rf.get("/admin/login/")
    request.COOKIES["browser"] = "eyJuYW1lIjoiYWRtaW4iLCJicm93c2VyIjoiYSJ9:1:forged"
    assert browsers.known(request, "admin") == ""


def test_the_cookie_of_a_known_browser_is_for_the_admin_alone(try_password, admin_user):
    owner = Client()
    cookie = try_password("password", browser=owner).cookies["browser"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/admin/", True, "Lax")


def test_a_network_of_ipv6_counts_as_one_address(try_password, admin_user):
    answers = [try_password(address=f"2001:db8:1:2:{number:x}::1").status_code for number in range(12)]
    assert answers == [200] * 10 + [429] * 2
    assert try_password(address="2001:db8:1:3::1").status_code == 200


def test_a_client_cannot_choose_the_address_that_it_is_counted_by(try_password, admin_user):
    answers = [try_password(address=f"{forged}, 203.0.113.9").status_code for forged in addresses(12)]
    assert answers == [200] * 10 + [429] * 2
    direct = [try_password(address=forged, REMOTE_ADDR="203.0.113.77").status_code for forged in addresses(12)]
    assert direct == [200] * 10 + [429] * 2


def test_what_is_kept_of_a_guess_for_an_hour_is_neither_a_name_nor_an_address(try_password, admin_user, later, client):
    try_password(name="a-password-in-the-wrong-field")
    (kept,) = AccessAttempt.objects.values()
    assert (kept["user_agent"], kept["get_data"], kept["post_data"]) == ("", "", "")
    assert [word for word in ("a-password-in-the-wrong-field", "203.0.113.1") if word in str(kept)] == []
    later(minutes=61)
    client.force_login(admin_user)
    client.get("/admin/security/")
    assert AccessAttempt.objects.count() == 0


def test_the_address_of_a_known_browser_is_not_kept(try_password, admin_user):
    owner = Client()
    try_password("password", browser=owner)
    try_password(browser=owner)
    assert [kept["ip_address"] for kept in AccessAttempt.objects.values()] == [None]


def test_the_answer_is_the_same_for_a_name_that_exists_and_one_that_does_not(try_password, admin_user):
    pages = [try_password(name=name).content.decode() for name in ("admin", "nobody")]
    there, missing = (text.replace('value="admin"', "").replace('value="nobody"', "") for text in pages)
    assert without_token(there) == without_token(missing)


def without_token(text):
    return [line for line in text.splitlines() if "csrfmiddlewaretoken" not in line]


def test_a_name_that_does_not_exist_costs_a_hash_too(try_password, admin_user, monkeypatch):
    from django.contrib.auth.models import User

    hashed = []
    original = User.set_password
    monkeypatch.setattr(User, "set_password", lambda user, raw: hashed.append(raw) or original(user, raw))
    try_password("guess", name="nobody")
    assert hashed == ["guess"]
