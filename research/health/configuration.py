from django.conf import settings
from django.core.checks import run_checks

from .finding import Finding

TITLE = "The server's settings"
WHY = "Variables and files on the server, as README.md describes them."
IS_FAULT = True
SAID_ELSEWHERE = {"research.W007"}  # backups


def find():
    # Who tries the site out on their own machine has no mail server, and needs none.
    found = run_checks(tags=["research", "files"], include_deployment_checks=not settings.IS_LOCAL)
    own = [one for one in found if one.id.startswith("research.") and one.id not in SAID_ELSEWHERE]
    return [Finding(f"{one.msg} {one.hint} ({one.id})") for one in sorted(own, key=lambda one: one.id)]
