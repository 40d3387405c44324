from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from ...archive import restore
from ...archive.container import ArchiveRefused


class Command(BaseCommand):
    help = (
        "Puts a backup in the place of the site, once everything in it was checked. What is replaced goes into an "
        "archive in DATA_DIR, and comes back by restoring that."
    )
    requires_system_checks = []  # it must also work where little else does

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", help="an archive that manage.py backup has written")

    def handle(self, *, file, **options):
        try:
            restored = restore.restore(file)
        except (ArchiveRefused, DatabaseError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The site is as it was on {restored.made:%Y-%m-%d at %H:%M} UTC.")
        if restored.replaced:
            self.stdout.write(f"What it was before is in {restored.replaced}: restore that to go back.")
        for warning in restored.warnings:
            self.stderr.write(warning)
        self.stdout.write("Start the server again, and log in with the password of that time.")
