import secrets

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from portfolio.login import browsers, factors, sessions


class Command(BaseCommand):
    help = (
        "Lets a locked-out owner in: forgets all wrong passwords and codes, and prints a link that makes a browser a "
        "known one, so that others who go on guessing do not matter. The password is still asked for."
    )

    def add_arguments(self, parser):
        parser.add_argument("name", nargs="?", metavar="NAME", help="the user; without it the only owner")
        parser.add_argument("--remove-second-factor", action="store_true", help="the app, passkeys and recovery codes")
        parser.add_argument(
            "--new-password", action="store_true", help="makes a password, prints it, ends all sessions"
        )

    def handle(self, *, name, remove_second_factor, new_password, **options):
        user = found(name)
        AccessAttempt.objects.all().delete()
        self.stdout.write("Wrong passwords and codes are forgotten.")
        if remove_second_factor:
            had_one = factors.remove_all(user)
            self.stdout.write(
                f"{user} has no second factor any more: set one up again, under Security."
                if had_one
                else f"{user} had no second factor."
            )
        if new_password:
            password = "-".join(secrets.token_hex(3) for _ in range(4))
            user.set_password(password)
            user.save()
            sessions.end_all(user)
            self.stdout.write(f"The password of {user} is now {password}")
        link = reverse("admin:known_browser", args=[browsers.invitation(user.get_username())])
        self.stdout.write(f"Log in within an hour from here: {settings.SITE_URL}{link}")


def found(name):
    """The user who is meant; raises CommandError with the names to choose from."""
    users = get_user_model().objects.filter(is_active=True, is_staff=True)
    meant = users.filter(username=name) if name else users.filter(is_superuser=True)
    if meant.count() == 1:
        return meant.get()
    names = ", ".join(users.order_by("username").values_list("username", flat=True))
    if not names:
        raise CommandError("Nobody can log in yet. Run manage.py first_start, or createsuperuser.")
    raise CommandError(f"{'There is no such user' if name else 'Say which user'}: {names}.")
