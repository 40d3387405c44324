from ..models import CheckedLink
from . import links
from .finding import Finding
from .link_check import LEAST_FAILURES

TITLE = "Links to other sites"
WHY = "What “manage.py check_links” found, which the server runs every week. A failure counts when it comes again."
IS_FAULT = True


def find():
    dead = {
        each.url: each
        for each in CheckedLink.objects.exclude(problem="")
        if each.failures >= LEAST_FAILURES.get(each.status, 2)
    }
    if not dead:
        return []
    found = ((link, dead[link.address]) for link in links.all_links() if link.address in dead)
    return [
        Finding(
            f"{link.place} links to {link.address}. {checked.problem} Asked on {checked.checked:%-d %B %Y}.",
            (link.mend, ("Look yourself", link.address)),
        )
        for link, checked in found
    ]
