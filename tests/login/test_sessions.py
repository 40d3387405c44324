import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from portfolio.login import browsers, notices
from tests.hostile import texts

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 "
    "Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 "
    "Edg/140.0.0.0"
)


def logged_in(user_agent, name="admin", password="password"):
    browser = Client(headers={"User-Agent": user_agent})
    assert browser.post("/admin/login/", {"username": name, "password": password}).status_code == 302
    return browser


def is_in(browser):
    return browser.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        (SAFARI, "Safari on iPhone"),
        (EDGE, "Edge on Windows"),
        (EDGE.replace(" Edg/140.0.0.0", ""), "Chrome on Windows"),
        ("curl/8.0", "Another browser"),
        ("", "Another browser"),
    ],
)
def test_a_browser_has_the_name_that_a_person_gives_it(user_agent, name):
    assert browsers.family(user_agent) == name


def test_nothing_of_a_payload_is_in_the_name_of_a_browser():
    assert {browsers.family(f"{SAFARI} {payload}") for payload in texts.PAYLOADS} == {"Safari on iPhone"}
    assert {browsers.family(payload) for payload in texts.PAYLOADS} == {"Another browser"}


@pytest.mark.usefixtures("contexts_are_kept")
def test_the_sessions_of_the_owner_are_listed_the_present_one_first(admin_user, django_user_model):
    django_user_model.objects.create_user("editor", password="of-the-editor", is_staff=True)
    logged_in(FIREFOX)
    logged_in(EDGE, "editor", "of-the-editor")
    here = logged_in(SAFARI)
    listed = here.get("/admin/security/").context["sessions"]
    assert [(one.browser, one.is_this) for one in listed] == [("Safari on iPhone", True), ("Firefox on Linux", False)]


@pytest.mark.usefixtures("contexts_are_kept")
def test_a_session_is_ended_from_another(admin_user):
    first, second, here = logged_in(FIREFOX), logged_in(EDGE), logged_in(SAFARI)
    listed = {one.browser: one for one in here.get("/admin/security/").context["sessions"]}
    here.post("/admin/security/sessions/", {"session": listed["Firefox on Linux"].handle})
    assert [is_in(browser) for browser in (first, second, here)] == [False, True, True]


def test_all_other_sessions_are_ended_at_once(admin_user):
    first, second, here = logged_in(FIREFOX), logged_in(EDGE), logged_in(SAFARI)
    here.post("/admin/security/sessions/")
    assert [is_in(browser) for browser in (first, second, here)] == [False, False, True]


@pytest.mark.usefixtures("contexts_are_kept")
def test_nobody_ends_the_session_of_somebody_else(admin_user, django_user_model):
    django_user_model.objects.create_user("editor", password="of-the-editor", is_staff=True)
    owner = logged_in(FIREFOX)
    handle = owner.get("/admin/security/").context["sessions"][0].handle
    editor = logged_in(EDGE, "editor", "of-the-editor")
    editor.post("/admin/security/sessions/", {"session": handle})
    editor.post("/admin/security/sessions/")
    assert is_in(owner)


def test_the_page_does_not_give_the_keys_of_sessions_away(admin_user):
    logged_in(FIREFOX)
    text = logged_in(SAFARI).get("/admin/security/").content.decode()
    keys = list(Session.objects.values_list("session_key", flat=True))
    assert (len(keys), [key for key in keys if key in text]) == (2, [])


# --- Notices --------------------------------------------------------------------------------------------------------


@pytest.fixture
def mailed(settings, admin_user):
    """The subjects of the mails since the last call; the owner has the address that pytest-django gives them."""
    settings.SENDS_MAIL = True
    assert admin_user.email == "admin@example.com"

    def take():
        subjects = [(message.subject, message.to) for message in mail.outbox]
        mail.outbox.clear()
        return subjects

    return take


def told(subject):
    return [(subject, ["admin@example.com"])]


def test_a_login_from_a_new_browser_is_mailed_and_one_from_a_known_one_is_not(mailed):
    browser = logged_in(FIREFOX)
    assert mailed() == told("A login from a new browser: Firefox on Linux")
    browser.post("/admin/logout/")
    browser.post("/admin/login/", {"username": "admin", "password": "password"})
    assert mailed() == []


def test_a_wrong_password_is_not_mailed(mailed, client):
    client.post("/admin/login/", {"username": "admin", "password": "wrong"})
    assert mailed() == []


def test_a_changed_password_is_mailed(mailed, owner_client, admin_user):
    new = "owls-in-the-dark"
    data = {"old_password": "wrong", "new_password1": new, "new_password2": new}
    owner_client.post("/admin/password_change/", data)
    assert mailed() == []
    owner_client.post("/admin/password_change/", data | {"old_password": "password"})
    assert mailed() == told("The password was changed")
    owner_client.post(f"/admin/auth/user/{admin_user.pk}/password/", {"password1": new + "s", "password2": new + "s"})
    assert mailed() == told("The password was changed by an owner of the site")


def test_nothing_is_mailed_without_a_mail_server(mailed, settings):
    settings.SENDS_MAIL = False
    logged_in(FIREFOX)
    assert mailed() == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\x85", "\u2028", "\v", "\f"])
def test_a_name_with_the_end_of_a_line_is_mailed_in_one(mailed, admin_user, end):
    notices.send(admin_user, f"A new passkey, “Phone{end}Bcc: thief@example.org”.")
    assert mailed() == told("A new passkey, “Phone Bcc: thief@example.org”")


@pytest.mark.parametrize("address", ["jane\n@example.org", "jane@example.org\r\nBcc: thief@example.org"])
def test_an_address_that_no_mail_can_have_is_logged_and_stops_nothing(mailed, admin_user, address, caplog):
    notices.send(admin_user, "The password was changed.", address)
    assert mailed() == []
    assert "could not be mailed" in caplog.text


def test_a_mail_server_that_is_down_keeps_nobody_out(mailed, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert is_in(logged_in(FIREFOX))
    assert "could not be mailed" in caplog.text
