from django.core.management.base import BaseCommand, CommandError

from ... import media


class Command(BaseCommand):
    help = "Removes uploads of forms that were never saved: files that nothing refers to, older than a day."

    def handle(self, **options):
        try:
            folders = media.unclaimed()
            media.discard(folders)
        except OSError as error:
            raise CommandError(f"Not all unclaimed uploads were removed. {error}") from error
        self.stdout.write(f"{len(folders)} unclaimed upload{'' if len(folders) == 1 else 's'} removed.")
