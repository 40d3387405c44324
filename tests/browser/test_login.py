"""Logging in with a real browser: passkeys, with Chromium's virtual authenticator, and the app for codes."""

import re

import pytest
from django_otp.oath import totp
from playwright.sync_api import expect

from portfolio.login import factors

from .test_accessibility import ours


@pytest.fixture(autouse=True)
def origin_of_the_server(settings, live_server):
    settings.PASSKEYS_WORK = True
    settings.WEBAUTHN_ORIGIN = live_server.url
    settings.WEBAUTHN_RP_ID = "localhost"


@pytest.fixture
def authenticator():
    """Give a page's browser an authenticator that answers for its owner; returns how to ask it: `send(method, …)`."""

    def add(page, **options):
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        kind = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        key = session.send("WebAuthn.addVirtualAuthenticator", {"options": kind | options})["authenticatorId"]
        return lambda method, **values: session.send(f"WebAuthn.{method}", {"authenticatorId": key} | values)

    return add


@pytest.fixture
def visit(open_browser, live_server, profile, admin_user):
    """A window in which somebody may log in."""
    assert live_server.url.startswith("http://localhost:")
    return lambda **options: open_browser(takes_cookies=True, **options)


def give_password(page):
    page.goto("/admin/login/")
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill("password")
    page.get_by_role("button", name="Log in", exact=True).click()


def make_passkey(page, name="My phone"):
    give_password(page)
    page.get_by_role("link", name="Security").click()
    page.get_by_label("Name:").fill(name)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator(".rows strong").first).to_have_text(name)


def log_out(page):
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_text("Thanks for spending some quality time")).to_be_visible()


def test_a_passkey_logs_in_without_name_and_password(visit, authenticator, admin_user):
    page = visit()
    authenticator(page)
    make_passkey(page)
    assert [passkey.name for passkey in admin_user.passkeys.all()] == ["My phone"]
    log_out(page)
    page.goto("/admin/login/?next=/admin/research/topic/")
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url("**/admin/research/topic/")


def test_a_passkey_is_the_second_factor_once_it_is_there(visit, authenticator):
    page = visit()
    authenticator(page)
    make_passkey(page)
    log_out(page)
    give_password(page)
    expect(page).to_have_url(re.compile("/admin/login/second-factor/$"))
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("heading", name="Your site")).to_be_visible()


def test_a_passkey_that_asked_for_nothing_is_no_login_by_itself(visit, authenticator):
    page = visit()
    send = authenticator(page)
    make_passkey(page)
    log_out(page)
    send("setUserVerified", isUserVerified=False)
    page.goto("/admin/login/")
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("alert")).to_have_text("Nothing was chosen, or it took too long. Try it again.")


def test_a_passkey_that_was_removed_opens_nothing(visit, authenticator, watch):
    page = visit()
    authenticator(page)
    make_passkey(page)
    page.get_by_role("button", name="Remove My phone").click()
    expect(page.get_by_text("A passkey was removed from the account.")).to_be_visible()
    log_out(page)
    page.goto("/admin/login/")
    watch.expect("400: POST /admin/login/passkey/?")
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("alert")).to_have_text(
        "This passkey was not accepted. Try it again, or log in with your password."
    )


def test_what_a_passkey_has_signed_is_good_once(visit, authenticator, watch):
    page = visit()
    authenticator(page)
    make_passkey(page)
    log_out(page)
    sent = []

    def keep(route):
        cookies = [cookie for cookie in page.context.cookies() if cookie["name"] == "passkey"]
        sent.append((route.request.post_data, cookies))
        route.continue_()

    page.route(re.compile(r"/admin/login/passkey/\?"), keep)
    page.goto("/admin/login/")
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("heading", name="Your site")).to_be_visible()
    body, cookies = sent[0]
    log_out(page)
    page.goto("/admin/login/")
    page.context.add_cookies(cookies)
    watch.expect("400: POST /admin/login/passkey/")
    status = page.evaluate(
        """async (body) => {
          const token = document.querySelector('[name="csrfmiddlewaretoken"]').value;
          const headers = { "X-CSRFToken": token };
          const answer = await fetch("/admin/login/passkey/", { method: "POST", headers, body });
          await answer.text(); // until then the request is under way
          return answer.status;
        }""",
        body,
    )
    assert status == 400


def test_an_app_is_set_up_and_asked_for(visit, admin_user):
    page = visit()
    give_password(page)
    page.get_by_role("link", name="Security").click()
    page.get_by_role("button", name="Set up an app").click()
    picture = page.get_by_alt_text("QR code with the key below")
    page.wait_for_function("image => image.complete && image.naturalWidth > 100", arg=picture.element_handle())
    app = factors.offer_app(admin_user)
    page.get_by_label("Code:").fill(f"{totp(app.bin_key):06d}")
    page.get_by_role("button", name="Use this app").click()
    codes = page.locator(".recovery-codes code").all_text_contents()
    assert len(codes) == 10
    page.get_by_role("link", name="I have them").click()
    log_out(page)
    give_password(page)
    page.get_by_label("Code of the app").fill(codes[3])
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("That recovery code is used up; 9 are left.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_fit_and_are_accessible(visit, violations, admin_user, scheme, width):
    page = visit(width=width, color_scheme=scheme, bypass_csp=True)
    give_password(page)
    app = factors.offer_app(admin_user)
    for path in ("security/", "security/app/", "security/confirm/", "auth/user/", f"auth/user/{admin_user.pk}/change/"):
        page.goto(f"/admin/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert ours(violations(page)) == [], path
    page.goto("/admin/security/app/")
    page.get_by_label("Code:").fill(f"{totp(app.bin_key):06d}")
    page.get_by_role("button", name="Use this app").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    assert ours(violations(page)) == []
    log_out(page)
    give_password(page)
    expect(page.get_by_label("Code of the app")).to_be_visible()
    assert ours(violations(page)) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
