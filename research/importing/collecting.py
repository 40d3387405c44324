"""Everything that some questions give, asked to the end at once: for those who wait for it, such as a command."""

from ..citations.limits import MAX_LENGTH
from ..models import ProfileLink
from ..models.profile import ProfileLinkKind
from ..sources import fetch, registry
from ..sources.fetch import SourceUnavailable
from ..sources.found import Answer, Problem

MOST_BYTES = 4 * MAX_LENGTH  # a letter has four bytes at most


def read_question(text="", content=None, name=""):
    """
    (requests, `Answer` or None, words that are neither) of what was typed or pasted, and of a file's bytes.

    Raises ValueError with a sentence where there is nothing to import in it.
    """
    pasted = registry.recognise(text)
    answer = None
    if content is not None:
        answer = registry.read_text(content, name)
    elif pasted.text:
        answer = registry.read_text(pasted.text)
    if not pasted.requests and answer is None:
        words = " ".join(pasted.unrecognised)[:80]
        raise ValueError(
            (f"“{words}” is none of what can be looked up. " if words else "")
            + "Give an arXiv identifier, a DOI, an ORCID iD or their addresses, or BibTeX, RIS or CSL-JSON."
        )
    return pasted.requests, answer, pasted.unrecognised


def next_batch(requests):
    """The first of the requests, and those after it that the same source takes with it."""
    source = requests[0].source_name
    return [request for request in requests if request.source_name == source][: registry.SOURCES[source].BATCH]


def ask(requests):
    """The `Answer` to a batch. Sources are told the owner's address, so that they can write instead of shutting out."""
    return registry.ask(requests, mail=owners_mail())


def get(url, **options):
    """`fetch.get`, with the owner's address."""
    return fetch.get(url, mail=owners_mail(), **options)


def owners_mail():
    link = ProfileLink.objects.filter(kind=ProfileLinkKind.EMAIL).first()
    return link.address.removeprefix("mailto:") if link else ""


def unanswered(batch, answer):
    """The requests of a batch that no record of the answer is for."""
    told = {name for found in answer.found for name in (found.item.doi, found.item.arxiv_id)}
    told |= {name for found in answer.found for name in (*found.other_dois, *found.other_arxiv_ids)}
    return [request for request in batch if request.identifier not in told]


def collect(questions):
    """
    The `Answer` to questions as `read_question` takes them, without leads: each has been followed.

    Raises ValueError with a sentence where a question is none.
    """
    requests, answers, problems = [], [], []
    for question in questions:
        asked, answer, words = read_question(*question)
        requests += asked
        answers += [answer] if answer else []
        problems += [Problem("", f"“{word[:80]}” was not recognised.") for word in words]
    found = [one for answer in answers for one in answer.found]
    problems += [one for answer in answers for one in answer.problems]
    followed = follow([lead for answer in answers for lead in answer.leads], requests)
    return Answer((*found, *followed[0]), (), (*problems, *followed[1]))


def follow(leads, requests=()):
    """(all records, all problems) that requests and leads lead to."""
    found, problems, waiting, fallbacks = [], [], list(requests), {}

    def enqueue(leads):
        for lead in leads:
            asked = registry.recognise(lead.identifier).requests
            waiting.extend(request for request in asked if request not in fallbacks)
            fallbacks.update(dict.fromkeys(asked, lead.fallback))
            if not asked and lead.fallback:
                found.append(lead.fallback)

    enqueue(leads)
    while waiting:
        batch = next_batch(waiting)
        waiting[:] = [request for request in waiting if request not in batch]
        try:
            answer = ask(batch)
        except SourceUnavailable as error:
            answer = Answer(problems=(Problem(batch[0].source_name, str(error)),))
        found += answer.found
        problems += answer.problems
        enqueue(answer.leads)
        found += [fallbacks[one] for one in unanswered(batch, answer) if fallbacks.get(one)]
    return found, problems
