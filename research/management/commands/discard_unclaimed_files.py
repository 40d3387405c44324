from django.core.management.base import BaseCommand

from ... import media


class Command(BaseCommand):
    help = "Removes uploads of forms that were never saved: files that nothing refers to, older than a day."

    def handle(self, **options):
        names = media.unclaimed()
        media.discard(names)
        self.stdout.write(f"{len(names)} unclaimed file{'' if len(names) == 1 else 's'} removed.")
