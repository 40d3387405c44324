"""
The weekly look whether links to other sites are alive.

Each site is asked for one page after the other, with a pause; a few sites at a time. HEAD first, since nothing but the
status is wanted, and GET where a server does not know that. Who refuses programs (401, 403, 429 and the like) is
taken to be alive: nobody can tell.
"""

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import NamedTuple
from urllib.parse import quote, urlsplit, urlunsplit

from django.db import transaction
from django.utils import timezone

from ..models import CheckedLink
from ..sources import fetch
from . import links

AT_A_TIME = 4  # sites
PAUSE_SECONDS = 1.0  # between two pages of a site
REFUSALS = {401, 402, 403, 405, 406, 429, 451, 999}  # 999 is LinkedIn's
HEAD_IS_UNKNOWN = {400, 403, 404, 405, 406, 501, 503}  # and what servers say in place of it
LEAST_FAILURES = {404: 1, 410: 1}  # these are sure; everything else counts when it comes a second time
RESOLVERS = {"doi.org", "dx.doi.org"}  # where these lead is their publisher's business, and a redirect says it exists


class CannotCheck(ValueError):
    """Nothing was learned; the text is a sentence that says why."""


class Answer(NamedTuple):
    """What an address answered: the status of HTTP, 0 for none, and a sentence, "" where it is alive."""

    status: int
    problem: str


def check():
    """
    Ask every address of other sites that the content links, and store the answers; returns (how many, how many dead).

    Raises CannotCheck where nobody answered at all. What is no longer linked is forgotten.
    """
    addresses = dict.fromkeys(link.address for link in links.all_links() if links.is_external(link.address))
    hosts = defaultdict(list)
    for address in addresses:
        hosts[links.split(address).hostname].append(address)
    answers, has_answer = {}, False
    with ThreadPoolExecutor(AT_A_TIME) as threads:
        for done in as_completed([threads.submit(ask_host, known) for known in hosts.values()]):
            answers |= done.result()
            has_answer = has_answer or any(answer.status for answer in done.result().values())
            if has_answer:  # until then nobody knows whether it is this server that is offline
                store(answers)
                answers = {}
    if addresses and not has_answer:
        raise CannotCheck("No site answered, so nothing was learned. Is this server online?")
    for each in CheckedLink.objects.all():
        if each.url not in addresses:
            each.delete()
    return len(addresses), CheckedLink.objects.exclude(problem="").count()


def ask_host(addresses):
    """{address: Answer} of the addresses of one site, asked one after the other."""
    answers = {}
    for address in addresses:
        if answers:
            fetch.CLOCK.sleep(PAUSE_SECONDS)
        answers[address] = ask(address)
    return answers


def ask(address):
    """The `Answer` of one address."""
    follows = links.split(address).hostname not in RESOLVERS
    status, problem = probed(address, "HEAD", follows)
    if status in HEAD_IS_UNKNOWN:
        fetch.CLOCK.sleep(PAUSE_SECONDS)
        status, problem = probed(address, "GET", follows)
    return Answer(status, "" if status in REFUSALS else problem)


def probed(address, method, follows):
    try:
        fetch.probe(written(address), method, follows)
    except fetch.SourceUnavailable as problem:
        return problem.status, str(problem)
    return 200, ""


def written(address):
    """An address as it is sent: its letters of other scripts escaped, its host as DNS has it."""
    try:
        parts = urlsplit(address)
        host = parts.netloc.encode("idna").decode()
    except ValueError:  # no address at all, which the request will say
        return address
    return urlunsplit((parts.scheme, host, quote(parts.path, fetch.LOCATION), quote(parts.query, fetch.LOCATION), ""))


@transaction.atomic
def store(answers):
    """Write what addresses answered now beside how often they have failed before."""
    known = {each.url: each for each in CheckedLink.objects.filter(url__in=list(answers))}
    now = timezone.now()
    for address, answer in answers.items():
        link = known.get(address) or CheckedLink(url=address)
        link.checked, link.status, link.problem = now, answer.status, answer.problem[:300]
        link.failures = link.failures + 1 if answer.problem else 0
        link.save()
