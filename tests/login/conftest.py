import pytest
from django.test import Client
from django_otp.oath import totp

from portfolio.login import factors


@pytest.fixture
def try_password(db):
    """Send a name and a password to the login page, from an address, with a browser (a Client); the response."""

    def send(password="wrong", name="admin", address="203.0.113.1", browser=None, **kwargs):
        data = {"username": name, "password": password, "next": "/admin/"}
        headers = {"X-Forwarded-For": address}
        return (browser or Client()).post("/admin/login/", data, headers=headers, **kwargs)

    return send


@pytest.fixture
def code_of():
    """The code that an app shows now."""
    return lambda app: f"{totp(app.bin_key, app.step):06d}"


@pytest.fixture
def app(admin_user):
    """The owner's app for codes."""
    offered = factors.offer_app(admin_user)
    offered.confirmed = True
    offered.save()
    return offered
