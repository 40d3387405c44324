import io

import pytest
from axes.models import AccessAttempt
from django.core.management import CommandError, call_command
from django.test import Client

from portfolio.login import factors


def unlock(*arguments):
    out = io.StringIO()
    call_command("unlock_owner", *arguments, stdout=out)
    return out.getvalue()


def guess(password="wrong", browser=None, address="203.0.113.1"):
    data = {"username": "admin", "password": password}
    return (browser or Client()).post("/admin/login/", data, headers={"X-Forwarded-For": address}).status_code


def test_the_wrong_passwords_are_forgotten(admin_user):
    assert [guess() for _ in range(11)] == [200] * 10 + [429]
    unlock()
    assert AccessAttempt.objects.count() == 0
    assert guess("password") == 302


def test_the_link_lets_the_owner_in_while_others_go_on_guessing(admin_user, settings):
    link = unlock().split()[-1]
    assert link.startswith(f"{settings.SITE_URL}/admin/login/known-browser/")
    for number in range(101):
        guess(address=f"198.51.100.{number}")
    owner = Client()
    assert guess("password", owner, "192.0.2.1") == 429
    assert owner.get(link.removeprefix(settings.SITE_URL)).status_code == 302
    assert owner.get("/admin/").status_code == 302
    assert guess("password", owner, "192.0.2.1") == 302


@pytest.mark.parametrize("link", ["x", "ImFkbWluIg:1abcde:forged"])
def test_a_link_that_was_not_made_here_does_nothing(client, link, db):
    response = client.get(f"/admin/login/known-browser/{link}/", follow=True)
    assert "browser" not in client.cookies
    assert "This link is too old, or not complete." in response.content.decode()


def test_the_second_factor_stays_unless_it_is_named(admin_user):
    app = factors.offer_app(admin_user)
    app.confirmed = True
    app.save()
    factors.new_recovery_codes(admin_user)
    unlock()
    assert factors.is_needed(admin_user) is True
    assert "admin has no second factor any more" in unlock("--remove-second-factor")
    assert (factors.is_needed(admin_user), factors.recovery_codes_left(admin_user)) == (False, 0)
    assert "admin had no second factor." in unlock("--remove-second-factor")


def test_a_new_password_is_printed_and_ends_the_sessions(admin_user, owner_client):
    line = unlock("--new-password").splitlines()[-2]
    assert owner_client.get("/admin/").status_code == 302
    assert guess(line.split()[-1]) == 302


def test_who_is_meant_must_be_said_where_there_are_several(admin_user, django_user_model):
    django_user_model.objects.create_superuser("jane")
    with pytest.raises(CommandError, match=r"^Say which user: admin, jane\.$"):
        unlock()
    assert "Log in within an hour" in unlock("jane")
    with pytest.raises(CommandError, match=r"^There is no such user: admin, jane\.$"):
        unlock("john")


def test_a_site_without_users_says_so(db):
    with pytest.raises(CommandError, match="Nobody can log in yet"):
        unlock()
