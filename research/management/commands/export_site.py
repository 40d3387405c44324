import argparse
import re
import time
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from ... import renewal, staticsite

ADDRESS = re.compile(r"https?://[a-z0-9.:\[\]-]+(/[\w.~-]+)*/?", re.ASCII | re.IGNORECASE)


def base_url(text):
    """The argument of --base-url; a wrong one is wrong usage, with a sentence."""
    try:
        parts = urlsplit(text)
        is_address = bool(ADDRESS.fullmatch(text) and parts.hostname and parts.port != 0)
    except ValueError:
        is_address = False
    if not is_address:
        raise argparse.ArgumentTypeError(f"{text!r} is no address such as https://jane-doe.github.io/site/")
    return text


class Command(BaseCommand):
    help = "Writes the public site as static files, complete, for any file server. The folder is replaced as a whole."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="a new or an empty folder, or that of an earlier export")
        parser.add_argument(
            "--base-url", type=base_url, help="where the files will be shown; SITE_URL where it is left out"
        )
        parser.add_argument(
            "--if-changed",
            action="store_true",
            help="not where it would be as it is: for a timer, of one folder",
        )

    def handle(self, *, folder, base_url, if_changed, **options):
        start = time.monotonic()
        address = base_url or settings.SITE_URL
        try:
            state = renewal.state(folder, address) if if_changed else None
            if state and not renewal.is_needed(state):
                self.stdout.write(f"{folder} shows what the site shows.")
                return
            written = staticsite.export(folder, address)
            if state:
                renewal.note(state)
        except staticsite.ExportRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        except (DatabaseError, OSError) as error:
            raise CommandError(f"Nothing was exported: {error}.") from error
        seconds = time.monotonic() - start
        self.stdout.write(
            f"{written.pages} pages, {written.files} files, {written.bytes / 1e6:.1f} MB "
            f"in {folder}, after {seconds:.1f} seconds."
        )
        if settings.IS_LOCAL and not base_url:
            self.stdout.write(
                f"Absolute links lead to {settings.SITE_URL}, which only this machine knows. For another server set "
                "SITE_URL, or say --base-url https://jane-doe.org"
            )
