from django.core.management.base import BaseCommand, CommandError

from ...example import load


class Command(BaseCommand):
    help = "Fills an empty site with the example: a researcher's page with projects and publications."

    def add_arguments(self, parser):
        parser.add_argument("--replace", action="store_true", help="remove all content of the site first")

    def handle(self, *, replace, **options):
        if not replace and load.example_is_loaded():
            self.stdout.write("The example is here already. Nothing was changed.")
            return
        if not replace and not load.site_is_empty():
            raise CommandError(
                "This site has content, and the example would mix with it. Nothing was changed. "
                "To remove everything and load the example, add --replace."
            )
        try:
            load.load(replace=replace)
        except OSError as error:
            raise CommandError(f"The example was not loaded: its pictures could not be stored. {error}") from error
        self.stdout.write("The example is loaded.")
