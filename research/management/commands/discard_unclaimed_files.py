from django.core.management.base import BaseCommand, CommandError

from ... import media
from ...history import versions


class Command(BaseCommand):
    help = (
        "Removes uploads of forms that were never saved, older than a day, and what can no longer be undone: files "
        "that were replaced or deleted more than 30 days ago, and the versions of what was deleted then."
    )

    def handle(self, **options):
        try:
            pruned, expired = versions.prune(), media.expire()
            folders = media.unclaimed()
            media.discard(folders)
        except OSError as error:
            raise CommandError(f"Not all unclaimed uploads were removed. {error}") from error
        self.stdout.write(f"{len(folders)} unclaimed upload{'' if len(folders) == 1 else 's'} removed.")
        if pruned or expired:
            self.stdout.write(f"No longer to be undone: {pruned} old versions, files in {expired} folders.")
