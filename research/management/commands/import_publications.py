import re
import sys
from contextlib import nullcontext
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from ...importing import collecting
from ...importing.applying import Terms, apply
from ...importing.library import Library, meet
from ...importing.works import work
from ...models import Publication


class Command(BaseCommand):
    help = (
        "Imports publications from BibTeX, RIS and CSL-JSON files, or by arXiv identifiers, DOIs and ORCID iDs. New "
        "ones become drafts. What a person wrote, and what may be another work, is left for the review in the admin."
    )

    def add_arguments(self, parser):
        parser.add_argument("what", nargs="+", metavar="FILE|ID", help="a file, an identifier, or - for the input")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
        parser.add_argument("--publish", action="store_true", help="publish new ones at once")

    def handle(self, *, what, dry_run, publish, **options):
        try:
            answer = collecting.collect([read(text) for text in what])
        except ValueError as error:
            raise CommandError(str(error)) from error
        for problem in answer.problems:
            self.stderr.write(str(problem))
        if not answer.found and answer.problems:
            raise CommandError("Nothing was imported.")
        status = Publication.Status.PUBLISHED if publish else Publication.Status.DRAFT
        decided = [(work(group), None) for group in meet(answer.found)]
        with transaction.atomic() if dry_run else nullcontext():
            result = apply(decided, Library(), Terms(status, can_ask=False, cause="Imported by a command"))
            if dry_run:
                transaction.set_rollback(True)
        self.report(result, dry_run)

    def report(self, result, dry_run):
        for kind, outcome in result.outcomes:
            if kind != "unchanged" or outcome.notes:
                fields = f" ({', '.join(outcome.fields)})" if outcome.fields else ""
                self.stdout.write(f"{kind:9} {outcome.title or outcome.where}{fields}")
                for note in outcome.notes:
                    self.stdout.write(f"          {note}")
        if result.owner:
            self.stdout.write(f"The owner is the author {result.owner}: the profile says so now.")
        counts = [f"{len(result.of(kind))} {kind}" for kind in ("created", "changed", "unchanged", "skipped")]
        self.stdout.write(f"{', '.join(counts)}.{' Nothing was written.' if dry_run else ''}")


def read(text):
    """(typed text, bytes or None, the file's name) of an argument; raises CommandError with a sentence."""
    if text == "-":
        return "", sys.stdin.buffer.read(), "The input"
    path = Path(text)
    try:
        is_file = path.exists()
    except OSError:  # too long for a path
        is_file = False
    if not is_file and re.fullmatch(r"\.(?:bib|bibtex|ris|json|txt)", path.suffix.lower()):
        raise CommandError(f"There is no file {text}.")
    if not is_file:
        return text, None, ""
    try:
        if path.stat().st_size > collecting.MOST_BYTES:
            raise CommandError(f"{text} has {path.stat().st_size / 1e6:.0f} MB: too much to be read. Divide it.")
        return "", path.read_bytes(), path.name
    except OSError as error:
        raise CommandError(f"{text} cannot be read: {error.strerror}.") from error
