"""
An import from the question to the last answer, one step at a time.

A step is as much as a page can wait for: one batch of requests to one source, or some records to write. What is left to
do is stored with the import, so that it goes on from anywhere, whoever has closed which page. No step loses anything:
a batch counts as asked when its answer is stored, in the same transaction.
"""

import datetime
import time
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from .. import markup
from ..models import Import, Proposal
from ..sources import registry
from ..sources.fetch import SourceUnavailable
from ..sources.found import Answer
from . import collecting
from .applying import Terms, apply
from .collecting import next_batch, read_question, unanswered
from .library import Library, meet
from .review import Decision, review
from .storage import found_from_json, found_to_json
from .works import work

KEPT = datetime.timedelta(days=30)
AT_A_TIME = 50  # records that a step writes
SECONDS = 2  # that a page waits for steps; the last one may take longer
State = Proposal.State


def begin(text="", content=None, name="", user=None, origin=Import.Origin.TYPED):
    """A new `Import` of what was typed or pasted, or of a file; raises ValueError as `read_question` does."""
    requests, answer, unrecognised = read_question(text, content, name)
    problems = [["", f"“{word[:80]}” was not recognised."] for word in unrecognised]
    asked = name or (described(answer) if answer else " ".join(text.split()))
    with transaction.atomic():
        forget_old()
        run = Import.objects.create(user=user, origin=origin, asked=asked[:200], problems=problems)
        enqueue(run, [{"source": source, "identifier": identifier} for source, identifier in requests])
        if answer:
            take_in(run, answer)
        run.settle()
    return run


def described(answer):
    """What a pasted text was, in short: the title of its first record."""
    titles = [found.item.title for found in answer.found]
    more = f" and {len(titles) - 1} more" if len(titles) > 1 else ""
    return f"{markup.plain(titles[0])[:150]}{more}" if titles else "Pasted text"


def forget_old():
    """
    Remove imports that were finished a month ago: what they brought has long been decided on.

    What the weekly look has found and the owner left out is remembered, or it would be found again.
    """
    old = Import.objects.filter(finished__lt=timezone.now() - KEPT)
    old.exclude(origin=Import.Origin.WATCH, proposals__state=State.LEFT).delete()


def enqueue(run, entries):
    """Add requests, each once. The caller saves the import."""
    there = {(entry["source"], entry["identifier"]) for entry in run.waiting}
    for entry in entries:
        if (entry["source"], entry["identifier"]) not in there:
            there.add((entry["source"], entry["identifier"]))
            run.waiting.append(entry)
            run.total += 1


def advance(run):
    """Do steps for as long as a page can wait, one at least."""
    end = time.monotonic() + SECONDS
    while run.waiting or run.taking:
        step(run)
        run.refresh_from_db()
        if time.monotonic() >= end:
            break


def step(run):
    """Do the next part of an import's work; there is more while `run.waiting` or `run.taking`."""
    if run.waiting:
        ask(run)
    elif run.taking:
        write_some(run)


def ask(run):
    """Ask one batch, and store its answer."""
    requests = next_batch([request_of(entry) for entry in run.waiting])
    batch = [entry for entry in run.waiting if request_of(entry) in requests]
    try:
        answer, refusal = collecting.ask(requests), ""
    except SourceUnavailable as error:
        answer, refusal = Answer(), str(error)
    with transaction.atomic():
        stored = Import.objects.select_for_update().get(pk=run.pk)
        if any(entry not in stored.waiting for entry in batch):  # the same page in another window was faster
            return
        stored.waiting = [entry for entry in stored.waiting if entry not in batch]
        take_in(stored, answer)
        silent = unanswered(requests, answer)
        add_fallbacks(stored, [entry for entry in batch if request_of(entry) in silent], refusal)
        stored.settle()


def request_of(entry):
    return registry.Request(entry["source"], entry["identifier"])


def add_fallbacks(run, silent, refusal):
    """For requests without an answer: what another source knew of them, else they can be asked again."""
    propose(run, [found_from_json(entry["fallback"]) for entry in silent if entry.get("fallback")])
    if refusal:
        run.unanswered += [entry for entry in silent if not entry.get("fallback")]
        if [silent[0]["source"], refusal] not in run.problems:
            run.problems.append([silent[0]["source"], refusal])


def ask_again(run):
    """Put the requests that were not answered back among those that wait."""
    sources = {entry["source"] for entry in run.unanswered}
    run.waiting, run.unanswered = run.waiting + run.unanswered, []
    run.problems = [problem for problem in run.problems if problem[0] not in sources]
    run.settle()


def take_in(run, answer):
    """Store an answer: its records as proposals, its leads as requests, its problems. The caller saves the import."""
    run.problems += [[problem.where, problem.reason] for problem in answer.problems]
    founds = list(answer.found)
    for lead in answer.leads:
        requests = registry.recognise(lead.identifier).requests
        fallback = {"fallback": found_to_json(lead.fallback)} if lead.fallback else {}
        enqueue(run, [{"source": name, "identifier": identifier} | fallback for name, identifier in requests])
        if not requests and lead.fallback:
            founds.append(lead.fallback)
    propose(run, founds)


def propose(run, founds):
    """Store records as proposals; one that is a waiting proposal's work joins it."""
    if not founds:
        return
    waiting = list(run.proposals.filter(state=State.WAITING))
    groups = meet(founds, [founds_of(proposal) for proposal in waiting])
    library = Library()
    works = [work(group) for group in groups]
    matches = [library.index.match(one) for one in works]
    library.fetch(match.keys[0] for match in matches if match and match.is_certain)
    made, joined, first = [], [], run.proposals.count()
    for place, (group, one) in enumerate(zip(groups, works, strict=True)):
        data, kind = [found_to_json(found) for found in group], review(one, library).kind
        if place >= len(waiting):
            made.append(Proposal(run=run, found=data, kind=kind, position=first + len(made)))
        elif data != waiting[place].found:
            waiting[place].found, waiting[place].kind = data, kind
            joined.append(waiting[place])
    Proposal.objects.bulk_create(made, batch_size=500)
    Proposal.objects.bulk_update(joined, ["found", "kind"], batch_size=500)


def founds_of(proposal):
    return [found_from_json(data) for data in proposal.found]


def decided(proposal):
    """(the `Work` of a proposal, the owner's `Decision`)."""
    decision = Decision.from_json(proposal.decision)
    return work(founds_of(proposal), decision.year), decision


@transaction.atomic
def take(run, proposals, terms):
    """Write those of the import's proposals that still wait; returns the `Result`. What is skipped waits on."""
    Import.objects.select_for_update().get(pk=run.pk)  # nobody writes the same from another window meanwhile
    proposals = list(proposals.filter(state=State.WAITING))
    terms = replace(terms, cause=f"Import: {run}")
    result = apply([decided(proposal) for proposal in proposals], Library(), terms)
    for proposal, (kind, outcome) in zip(proposals, result.outcomes, strict=True):
        proposal.state = State.WAITING if kind == "skipped" else State.TAKEN
        proposal.publication = outcome.publication
        proposal.outcome = {"kind": kind, "fields": outcome.fields, "notes": outcome.notes}
    Proposal.objects.bulk_update(proposals, ["state", "publication", "outcome"], batch_size=500)
    return result


def write_some(run):
    """The next of the new records that are all to be taken; one that was skipped is not tried again."""
    new = run.proposals.filter(state=State.WAITING, kind=Proposal.Kind.NEW, outcome={})
    keys = list(new.values_list("pk", flat=True)[:AT_A_TIME])
    take(run, run.proposals.filter(pk__in=keys), Terms(run.taking, user=run.user))
    if len(keys) < AT_A_TIME:
        run.taking = ""
    run.settle()
