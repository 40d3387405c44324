from django.core.management.base import BaseCommand

from ... import media


class Command(BaseCommand):
    help = "Removes uploads of forms that were never saved: files that nothing refers to, older than a day."

    def handle(self, **options):
        folders = media.unclaimed()
        media.discard(folders)
        self.stdout.write(f"{len(folders)} unclaimed upload{'' if len(folders) == 1 else 's'} removed.")
