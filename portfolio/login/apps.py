from django.apps import AppConfig


class LoginConfig(AppConfig):
    """
    The login, under the label of django-otp-webauthn, which kept its tables before.

    So their names and those of their migrations stay what they were: a release before, a database and a backup of that
    time all fit.
    """

    name = "portfolio.login"
    label = "django_otp_webauthn"
