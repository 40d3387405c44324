from smtplib import SMTPException

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from ...importing import watching


class Command(BaseCommand):
    help = "Asks ORCID and arXiv for new works of the owner, and leaves what it finds for review in the admin."

    def handle(self, **options):
        try:
            run, problems = watching.look()
        except watching.CannotLook as refusal:
            raise CommandError(str(refusal)) from refusal
        for problem in problems:
            self.stderr.write(str(problem))
        if run is None:
            self.stdout.write("There is nothing new.")
            return
        count = run.proposals.count()
        address = settings.SITE_URL + reverse("admin:publication_review", args=[run.pk])
        self.stdout.write(f"{count} new work{'s wait' if count > 1 else ' waits'} for your review: {address}")
        try:
            watching.tell(run)
        except (SMTPException, OSError) as error:
            self.stderr.write(f"The mail could not be sent: {error}.")
