"""
The weekly look for new works of the owner: what ORCID and arXiv have and the site does not is left for review.

Nothing is written but an `Import` with proposals. What the owner has left out once is not proposed again; `asking`
keeps the memory of it.
"""

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse

from .. import owner_mail
from ..models import Import, Profile, Proposal
from ..models.people import fold
from ..sources import arxiv, orcid, registry
from ..sources.fetch import SourceUnavailable
from ..sources.found import Answer, Problem
from . import asking, collecting
from .library import Library, meet
from .matching import normal_title
from .storage import found_from_json
from .works import work


class CannotLook(ValueError):
    """There is nothing to look for, or nobody wants it; the text is a sentence that says what to do."""


def look():
    """
    An `Import` with the works that are new, or None where there are none; and the problems of the sources.

    Raises CannotLook where the owner does not wish it, or the site does not know who the owner is.
    """
    profile = Profile.current()
    if not profile.looks_for_works:
        raise CannotLook("Nobody wants it: tick “look for new works every week” in the profile first.")
    if profile.person is None or not (profile.person.orcid or profile.person.given_name):
        raise CannotLook("The site does not know who you are: choose yourself among the people, in the profile.")
    seen = Seen(Library())
    answer = asked_of_orcid(profile.person, seen) if profile.person.orcid else Answer()
    by_name = asked_of_arxiv(profile.person) if profile.person.given_name else Answer()
    founds = [found for found in answer.found + by_name.found if found not in seen]
    problems = answer.problems + by_name.problems
    if not founds:
        return None, problems
    with transaction.atomic():
        run = Import.objects.create(
            origin=Import.Origin.WATCH,
            asked=f"New works of {profile.person}"[:200],
            problems=[[problem.where, problem.reason] for problem in problems],
        )
        asking.propose(run, founds)
        run.settle()
    return run, problems


class Seen:
    """The works that the site has, or that were proposed before."""

    def __init__(self, library):
        self.index = library.index
        proposed = Proposal.objects.values_list("found", flat=True)
        self.marks = {mark for founds in proposed for data in founds for mark in marks(found_from_json(data))}

    def __contains__(self, found):
        (group,) = meet([found])
        match = self.index.match(work(group))
        return bool(self.marks & marks(found) or (match and match.is_certain))

    def has(self, request):
        """Whether the identifier of a request is a known work's, so that nobody has to be asked."""
        name = request.identifier
        return name in self.marks or name in self.index.by_doi or name in self.index.by_arxiv


def marks(found):
    """What a record is known by when it comes again."""
    names = {found.item.doi, found.item.arxiv_id, *found.other_dois, *found.other_arxiv_ids}
    return (names | {normal_title(found.item.title)}) - {""}


def asked_of_orcid(person, seen):
    """The `Answer` of ORCID, and of those who know better the works that have not been seen."""
    try:
        answer = collecting.ask([registry.Request(orcid.NAME, person.orcid)])
    except SourceUnavailable as error:
        return Answer(problems=(Problem(orcid.NAME, str(error)),))
    leads = [lead for lead in answer.leads if not is_seen(lead, seen)]
    found, problems = collecting.follow(leads)
    return Answer(answer.found + tuple(found), (), answer.problems + tuple(problems))


def is_seen(lead, seen):
    return any(seen.has(request) for request in registry.recognise(lead.identifier).requests)


def asked_of_arxiv(person):
    """The `Answer` of arXiv: the newest papers of somebody of exactly one of the person's names."""
    try:
        answer = arxiv.newest(person.name, collecting.get)
    except SourceUnavailable as error:
        return Answer(problems=(Problem(arxiv.NAME, str(error)),))
    found = [one for one in answer.found if {fold(author.name.full) for author in one.item.authors} & person.spellings]
    return Answer(tuple(found), (), answer.problems)


def tell(run):
    """Mail the owner that works wait; to those who run the site, else to the profile's address. Returns the count."""
    addresses = owner_mail.addresses()
    if not addresses or not settings.SENDS_MAIL:
        return 0
    titles = "\n".join(f"- {proposal.title}" for proposal in run.proposals.all()[:20])
    address = settings.SITE_URL + reverse("admin:publication_review", args=[run.pk])
    message = f"These works may be yours, and are not on your site yet:\n\n{titles}\n\nHave a look: {address}\n"
    return send_mail("New works for your site", message, None, addresses)
