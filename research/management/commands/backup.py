import logging
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from ...archive import backup, copies, keeping
from ...archive.container import ArchiveRefused, files_of

logger = logging.getLogger(__name__)

ONLY_HERE = 3  # the exit status where the archive is good, and its copy failed; an upgrade goes on then


class Command(BaseCommand):
    help = (
        "Writes the whole site, database, uploads and secret key, into one archive, while it runs. "
        "Keep the archive as you would keep a password: whoever reads it can log in."
    )

    def add_arguments(self, parser):
        place = parser.add_mutually_exclusive_group(required=True)
        place.add_argument("file", nargs="?", metavar="FILE", help="the archive; an older backup there is replaced")
        place.add_argument(
            "--keep",
            metavar="FOLDER",
            help="write it into a folder under the name of the moment, and keep the last 7, 7 daily, 4 weekly and 12 "
            "monthly ones",
        )

    def handle(self, *, file, keep, **options):
        now = timezone.now()
        path = keeping.path_for(keep, now) if keep else Path(file)
        try:
            manifest = backup.write(path)
            removed = keeping.prune(keep, now) if keep else []
            backup.note(path)
        except Exception as error:
            if keep:
                logger.error("The backup of the site has failed")  # it reaches the owner by mail
            if isinstance(error, (ArchiveRefused, DatabaseError, OSError)):
                raise CommandError(str(error)) from error
            raise
        for name in manifest["missing_files"]:
            self.stderr.write(f"The site names {name}, and there is no such file. All else is in the backup.")
        self.stdout.write(
            f"{path}: {sum(manifest['counts'].values())} rows, {len(files_of(manifest))} files, "
            f"{path.stat().st_size / 1e6:.1f} MB."
        )
        if removed:
            self.stdout.write(f"{len(removed)} older removed.")
        if keep and settings.BACKUP_COPY:
            self.copy(path)

    def copy(self, path):
        """Copy the backup, which is good whatever comes of this."""
        place = settings.BACKUP_COPY["bucket_name"]
        try:
            backup.note(path, f"the copy into the bucket {place} has begun and not ended.")
            copies.copy(path)
            backup.note(path)
        except copies.NotCopied as problem:
            backup.note(path, f"the bucket {place} did not take it. {problem}")
            logger.error("The backup of the site was not copied")
            sentence = f"{path} is good, but the bucket {place} did not take its copy. {problem}"
            raise CommandError(sentence, returncode=ONLY_HERE) from problem
        self.stdout.write(f"Copied into the bucket {place}, encrypted.")
