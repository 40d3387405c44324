"""An import step by step: what is asked, what is stored, what goes on later."""

import datetime

import pytest
from django.utils import timezone

from research.history import versions
from research.importing import asking, collecting
from research.importing.applying import Terms
from research.models import Import, Person, Proposal, Publication
from research.sources import registry
from research.sources.fetch import SourceUnavailable
from research.sources.found import Answer, Lead, Problem

from .records import article, found, preprint

pytestmark = pytest.mark.django_db
ORCID = "0000-0002-1825-0097"
BIBTEX = "@article{owls, title={Owls Hunt by Ear}, author={Doe, Jane}, year={2024}}"


@pytest.fixture
def answers(monkeypatch):
    """What the sources answer: a dict from an identifier to an `Answer` or an error; `asked` lists the batches."""

    class Answers(dict):
        asked = []

        def ask(self, requests, mail):
            self.asked.append([request.identifier for request in requests])
            told = [self.get(request.identifier, Answer()) for request in requests]
            for one in told:
                if isinstance(one, Exception):
                    raise one
            return Answer(*(sum((getattr(one, name) for one in told), ()) for name in ("found", "leads", "problems")))

    answers = Answers()
    answers.asked = []
    monkeypatch.setattr(registry, "ask", answers.ask)
    return answers


def to_the_end(run):
    steps = 0
    while run.waiting or run.taking:
        asking.step(run)
        run.refresh_from_db()
        steps += 1
    return steps


def proposals(run):
    return [(proposal.title, proposal.kind, len(proposal.found)) for proposal in run.proposals.all()]


def test_an_identifier_is_asked_in_a_step(answers):
    answers["2312.00001"] = Answer((preprint(),))
    run = asking.begin("arXiv:2312.00001v2")
    assert (run.asked, run.asked_count, run.total, run.finished, answers.asked) == (
        "arXiv:2312.00001v2",
        0,
        1,
        None,
        [],
    )
    assert to_the_end(run) == 1
    assert (run.asked_count, run.total, run.finished) == (1, 1, None)
    assert proposals(run) == [("Owls Hunt by Ear", "new", 1)]


def test_a_pasted_text_needs_no_step(answers):
    run = asking.begin(BIBTEX)
    assert (proposals(run), run.waiting) == ([("Owls Hunt by Ear", "new", 1)], [])


def test_a_file_is_read_with_what_was_typed(answers):
    run = asking.begin("2312.00001", BIBTEX.encode(), "owls.bib")
    assert (str(run), run.total, len(proposals(run))) == ("owls.bib", 1, 1)


@pytest.mark.parametrize("text", ["", "   ", "foo bar"])
def test_what_is_nothing_is_refused_and_stored_nowhere(text):
    with pytest.raises(ValueError, match="Give an arXiv identifier, a DOI, an ORCID iD"):
        asking.begin(text)
    assert not Import.objects.exists()


def test_words_that_are_nothing_are_named_beside_what_is_something(answers):
    assert asking.begin("2312.00001 foo").problems == [["", "“foo” was not recognised."]]


def test_leads_are_followed_in_batches_and_each_once(answers, monkeypatch):
    monkeypatch.setattr(registry.SOURCES["DOI"], "BATCH", 5)
    leads = tuple(Lead(f"10.1000/{number}") for number in (1, 2, 3, 4, 5, 6, 1))
    answers[ORCID] = Answer((), leads, (Problem("Put-code 7", "It has no title."),))
    for number in range(1, 7):
        answers[f"10.1000/{number}"] = Answer((found(f"Paper {number}", doi=f"10.1000/{number}"),))
    run = asking.begin(ORCID)
    asking.step(run)
    run.refresh_from_db()
    assert (run.asked_count, run.total) == (1, 7)
    assert to_the_end(run) == 2
    assert answers.asked == [[ORCID], [f"10.1000/{number}" for number in range(1, 6)], ["10.1000/6"]]
    assert [title for title, _, _ in proposals(run)] == [f"Paper {number}" for number in range(1, 7)]
    assert run.problems == [["Put-code 7", "It has no title."]]


def test_a_lead_that_leads_nowhere_leaves_what_was_known(answers):
    fallback = article(source="ORCID")
    answers[ORCID] = Answer((), (Lead("10.1000/owls", fallback), Lead("10.1000/gone"), Lead("nowhere", found("Mice"))))
    run = asking.begin(ORCID)
    to_the_end(run)
    assert [title for title, *_ in proposals(run)] == ["Mice", "Owls Hunt by Ear"]
    assert asking.founds_of(run.proposals.last()) == [fallback]


def test_what_was_not_answered_can_be_asked_again(answers):
    answers["2312.00001"] = SourceUnavailable("arXiv did not answer. Try again later.")
    run = asking.begin("2312.00001")
    to_the_end(run)
    assert run.problems == [["arXiv", "arXiv did not answer. Try again later."]]
    assert (len(run.unanswered), run.finished) == (1, None)
    answers["2312.00001"] = Answer((preprint(),))
    asking.ask_again(run)
    to_the_end(run)
    assert (proposals(run), run.problems, run.unanswered) == ([("Owls Hunt by Ear", "new", 1)], [], [])


def test_a_step_in_two_windows_counts_once(answers):
    answers["2312.00001"] = Answer((preprint(),))
    run = asking.begin("2312.00001")
    in_another_window = Import.objects.get()
    asking.step(run)
    asking.step(in_another_window)
    assert len(answers.asked) == 2
    assert proposals(run) == [("Owls Hunt by Ear", "new", 1)]


def test_versions_that_come_in_different_steps_meet(answers):
    answers["2312.00001"] = Answer((preprint(),))
    answers["10.1000/owls"] = Answer((article(),))
    run = asking.begin("2312.00001 10.1000/owls")
    to_the_end(run)
    assert proposals(run) == [("Owls Hunt by Ear", "new", 2)]


def test_a_proposal_says_what_it_would_do(answers, make_publication, make_person):
    people = [make_person("Jane Doe")]
    make_publication(people, title="Owls Hunt by Ear", type="article", year=2024, citation_key="owls")
    make_publication(people, title="Of Mice", type="article", year=2024)
    make_publication(people, title="Of Voles", year=2001)
    text = "".join(
        f"@article{{k{number}, title={{{title}}}, author={{Doe, Jane}}, year=2024, note={{{note}}}}}"
        for number, (title, note) in enumerate(
            [("Owls Hunt by Ear", ""), ("Of Mice", "Oral"), ("Of Voles", ""), ("New", "")]
        )
    )
    run = asking.begin(text)
    assert [kind for _, kind, _ in proposals(run)] == ["same", "changed", "uncertain", "new"]
    assert [proposal.title for proposal in run.proposals.to_review().by_kind()] == ["Of Voles", "New", "Of Mice"]


def test_an_import_is_finished_when_nothing_waits(answers):
    run = asking.begin(BIBTEX)
    assert run.finished is None
    result = asking.take(run, run.proposals.all(), Terms())
    run.settle()
    assert (len(result.created), run.finished is not None) == (1, True)
    assert asking.take(run, run.proposals.all(), Terms()).outcomes == []
    assert Publication.objects.count() == 1


def test_what_an_import_wrote_says_so_in_its_history_and_who_took_it(answers, admin_user):
    run = asking.begin(BIBTEX)
    asking.take(run, run.proposals.all(), Terms(user=admin_user))
    for record in (Publication.objects.get(), Person.objects.get()):
        (version,) = versions.of(record)
        assert (version.revision.comment, version.revision.user) == (f"Import: {run}", admin_user)
    assert [
        row["person_id"] for row in versions.state(versions.of(Publication.objects.get())[0])["parts"]["authorships"]
    ] == [Person.objects.get().pk]


def test_all_new_ones_are_written_in_steps(answers, monkeypatch):
    monkeypatch.setattr(asking, "AT_A_TIME", 2)
    entries = (f"@article{{k{number}, title={{Paper {number}}}, year=2024}}" for number in range(5))
    run = asking.begin("".join(entries) + "@article{none, title={No Year}}")
    run.taking = "published"
    run.save()
    assert to_the_end(run) == 4
    assert Publication.objects.filter(status="published").count() == 5
    left = run.proposals.get(state=Proposal.State.WAITING)
    assert left.outcome["notes"] == ["It has no year of publication, and every publication needs one."]


def test_imports_that_were_finished_a_month_ago_go_when_a_new_one_comes(answers):
    old, older, waiting = (asking.begin(BIBTEX) for _ in range(3))
    for run, days in ((old, 29), (older, 31)):
        Import.objects.filter(pk=run.pk).update(finished=timezone.now() - datetime.timedelta(days=days))
    new = asking.begin(BIBTEX)
    assert set(Import.objects.all()) == {old, waiting, new}


def test_a_command_gets_everything_at_once(answers):
    answers[ORCID] = Answer(
        (preprint(),), (Lead("10.1000/owls", article(source="ORCID")), Lead("nowhere", found("Mice")))
    )
    answers["10.1000/owls"] = SourceUnavailable("Crossref did not answer.")
    answer = collecting.collect([(f"{ORCID} foo",), (BIBTEX,)])
    assert [(one.item.title, one.source) for one in answer.found] == [
        ("Owls Hunt by Ear", "BibTeX"),
        ("Owls Hunt by Ear", "arXiv"),
        ("Mice", "BibTeX"),
        ("Owls Hunt by Ear", "ORCID"),
    ]
    assert [str(problem) for problem in answer.problems] == [
        "“foo” was not recognised.",
        "DOI: Crossref did not answer.",
    ]
    assert answer.leads == ()


def test_a_page_does_all_the_steps_that_it_has_time_for(answers, monkeypatch):
    answers["2312.00001"] = Answer((preprint(),))
    run, other = asking.begin("2312.00001 10.1000/1"), asking.begin("2312.00001 10.1000/1")
    monkeypatch.setattr(asking, "SECONDS", 60)
    asking.advance(run)
    monkeypatch.setattr(asking, "SECONDS", 0)
    asking.advance(other)
    assert (run.waiting, other.asked_count) == ([], 1)


def test_the_sources_are_told_the_owners_address(profile, monkeypatch):
    told = []
    monkeypatch.setattr(registry, "ask", lambda requests, mail: told.append(mail) or Answer())
    asking.step(asking.begin("2312.00001"))
    profile.links.create(kind="email", address="jane@example.org")
    asking.step(asking.begin("2312.00001"))
    assert told == ["", "jane@example.org"]
