from django.conf import settings
from django.utils import timezone

from ..models import CheckedLink
from . import links
from .finding import Finding
from .link_check import LEAST_FAILURES

TITLE = "Links to other sites"
WHY = "What “manage.py check_links” found, which the server runs every week. A failure counts when it comes again."
IS_FAULT = True
LATE_DAYS = 15
COMMAND = "manage.py check_links"


def find():
    checked = {each.url: each for each in CheckedLink.objects.all()}
    dead = {
        url: each
        for url, each in checked.items()
        if each.problem and each.failures >= LEAST_FAILURES.get(each.status, 2)
    }
    found = ((link, dead[link.address]) for link in (links.all_links() if dead else ()) if link.address in dead)
    return late(max((each.checked for each in checked.values()), default=None)) + [
        Finding(
            f"{link.place} links to {link.address}. {answer.problem} Asked on {answer.checked:%-d %B %Y}.",
            (link.mend, ("Look yourself", link.address)),
        )
        for link, answer in found
    ]


def late(newest):
    """A list with the finding that the links were asked too long ago, where `newest` is when; None for never."""
    if newest is None:  # who tries the site out on their own machine need not ask
        return [] if settings.IS_LOCAL else [Finding("Nobody has asked yet whether they are alive.", command=COMMAND)]
    if (timezone.now() - newest).days < LATE_DAYS:
        return []
    return [Finding(f"They were asked last on {newest:%-d %B %Y}. Has the server's timer stopped?", command=COMMAND)]
