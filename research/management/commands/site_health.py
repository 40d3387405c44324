from django.core.management.base import BaseCommand, CommandError

from ...health import registry


class Command(BaseCommand):
    help = (
        "Says what is wrong with the site, as the desk's page “Site health” does. Status 1 where something is broken."
    )

    def handle(self, **options):
        results = registry.examine()
        for result in results:
            if result.findings and result.check.IS_FAULT:
                self.stdout.write(f"{result.check.TITLE}:")
                for finding in result.findings:
                    self.stdout.write(f"- {finding.sentence}" + (f" ({finding.command})" if finding.command else ""))
        faults, suggestions = registry.counts(results)
        self.stdout.write(f"{suggestions} thing{'' if suggestions == 1 else 's'} could be better.")
        if faults:
            raise CommandError("One thing is wrong." if faults == 1 else f"{faults} things are wrong.")
