import secrets

from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from ...example import load

OWNER = "owner"


class Command(BaseCommand):
    help = "Makes a new site usable: an owner who can log in, and the example to start from. Later it does nothing."

    def handle(self, **options):
        users = get_user_model().objects
        if not users.filter(is_superuser=True).exists():
            password = "-".join(secrets.token_hex(3) for _ in range(4))
            users.create_superuser(OWNER, password=password)
            self.stdout.write(f"\nLog in at /admin/ as {OWNER} with the password {password}")
            self.stdout.write("It is shown this once; you can change it in the admin, at the top right.\n\n")
        # A site that was emptied on purpose has a history, and stays empty.
        if load.site_is_empty() and not LogEntry.objects.exists():
            try:
                load.load()
            except OSError as error:
                problem = "The example was not loaded: its pictures could not be stored."
                raise CommandError(f"{problem} {error}") from error
            self.stdout.write("The site was empty and now has the example in it. Edit it, or delete it, in the admin.")
