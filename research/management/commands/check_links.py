from django.core.management.base import BaseCommand, CommandError

from ...health import link_check


class Command(BaseCommand):
    help = "Asks whether the links to other sites are alive, politely; the desk's page “Site health” shows the result."

    def handle(self, **options):
        try:
            asked, dead = link_check.check()
        except link_check.CannotCheck as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{asked} link{'' if asked == 1 else 's'} asked, {dead} without a good answer.")
