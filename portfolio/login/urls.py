"""The addresses of all this, among those of the admin site."""

from django.urls import path

from . import passkeys, security, views


def login_urls(guarded):
    """The patterns; `guarded` is what makes a view one for those who are logged in (AdminSite.admin_view)."""
    return [
        path("login/second-factor/", views.second_factor, name="second_factor"),
        path("login/passkey/begin/", passkeys.begin_login, name="begin_passkey_login"),
        path("login/passkey/", passkeys.complete_login, name="complete_passkey_login"),
        path("login/known-browser/<str:invitation>/", views.known_browser, name="known_browser"),
        path("security/", guarded(security.security), name="security"),
        path("security/confirm/", guarded(views.confirm), name="confirm"),
        path("security/app/", guarded(security.app), name="security_app"),
        path("security/app/code.svg", guarded(security.app_picture), name="security_app_picture"),
        path("security/app/remove/", guarded(security.remove_app), name="remove_app"),
        path("security/passkeys/begin/", passkeys.begin_registration, name="begin_passkey"),
        path("security/passkeys/", passkeys.complete_registration, name="complete_passkey"),
        path("security/passkeys/<int:key>/remove/", guarded(security.remove_passkey), name="remove_passkey"),
        path("security/recovery-codes/", guarded(security.recovery_codes), name="recovery_codes"),
        path("security/sessions/", guarded(security.end_sessions), name="end_sessions"),
    ]
