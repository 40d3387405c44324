"""The weekly look for new works of the owner, before sources whose answers are given here."""

from dataclasses import replace

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from research.importing import asking, collecting, watching
from research.models import Import, Profile, Proposal, Publication
from research.sources import arxiv, orcid
from research.sources.fetch import SourceUnavailable
from research.sources.found import Answer, Lead

from .records import found

ORCID = "0000-0002-1825-0097"


@pytest.fixture
def owner(profile, make_person):
    """Jane Doe, who wishes that her works are looked for."""
    person = make_person("Jane Doe", orcid=ORCID)
    Profile.objects.update(person=person, looks_for_works=True)
    return person


@pytest.fixture
def sources(monkeypatch):
    """What each source answers: {"arXiv": Answer, "ORCID": Answer, identifier: Answer}; `asked` is what was asked."""
    answers, asked = {}, []

    def answer(name):
        asked.append(name)
        given = answers.get(name, Answer())
        if isinstance(given, Exception):
            raise given
        return given

    def ask(requests, mail=""):
        (request,) = requests
        return answer(request.source_name if request.source_name == orcid.NAME else request.identifier)

    monkeypatch.setattr(collecting.registry, "ask", ask)
    monkeypatch.setattr(arxiv, "newest", lambda name, get: answer(arxiv.NAME))
    answers["asked"] = asked
    return answers


def titles(run):
    return sorted(proposal.title for proposal in run.proposals.all())


def test_what_the_site_does_not_have_is_proposed_and_nothing_is_written(owner, sources, make_publication):
    make_publication(title="Old owls", arxiv_id="2101.00001")
    sources["ORCID"] = Answer(
        found=(found(title="A talk on owls"),),
        leads=(Lead("doi:10.1000/new", None), Lead("arxiv:2101.00001", None)),
    )
    sources["10.1000/new"] = Answer(found=(found(title="New owls", doi="10.1000/new"),))
    sources["arXiv"] = Answer(found=(found(title="Newest owls", arxiv_id="2611.00001"),))
    run, problems = watching.look()
    assert (titles(run), problems) == (["A talk on owls", "New owls", "Newest owls"], ())
    assert run.origin == Import.Origin.WATCH
    assert sources["asked"] == ["ORCID", "10.1000/new", "arXiv"]  # nobody is asked for what is known
    assert Publication.objects.count() == 1


def test_a_second_look_finds_nothing_new(owner, sources):
    sources["arXiv"] = Answer(found=(found(title="Newest owls", arxiv_id="2611.00001"),))
    assert watching.look()[0]
    assert watching.look() == (None, ())
    assert Import.objects.count() == 1


def test_what_was_left_out_stays_left_out_for_good(owner, sources):
    sources["arXiv"] = Answer(found=(found(title="Of a namesake", arxiv_id="2611.00001"),))
    run, _ = watching.look()
    run.proposals.update(state=Proposal.State.LEFT)
    Import.objects.update(finished="2020-01-01T00:00Z")
    asking.forget_old()
    assert watching.look() == (None, ())


def test_of_arxiv_s_papers_those_count_whose_author_is_named_just_so(owner, sources):
    near = found(title="By J. Doe", authors=["J. Doe"], arxiv_id="2611.00001")
    other = found(title="By Janet Doe", authors=["Janet Doe"], arxiv_id="2611.00002")
    sources["arXiv"] = Answer(
        found=(near, other, found(title="Owls", authors=["John Roe", "jane doe"], arxiv_id="2611.3"))
    )
    assert titles(watching.look()[0]) == ["Owls"]
    owner.other_spellings = "J. Doe"
    owner.save()
    assert titles(watching.look()[0]) == ["By J. Doe"]


def test_a_source_that_is_down_does_not_hide_the_other(owner, sources):
    sources["ORCID"] = SourceUnavailable("pub.orcid.org took too long to answer.")
    sources["arXiv"] = Answer(found=(found(title="Owls", arxiv_id="2611.00001"),))
    run, problems = watching.look()
    assert titles(run) == ["Owls"]
    assert [str(problem) for problem in problems] == ["ORCID: pub.orcid.org took too long to answer."]


def test_a_preprint_and_its_article_are_one_proposal(owner, sources):
    preprint = found(title="Owls fly", arxiv_id="2611.00001", doi="10.1000/owls")
    sources["ORCID"] = Answer(found=(found(title="Owls fly", type="article", doi="10.1000/owls"),))
    sources["arXiv"] = Answer(found=(preprint,))
    assert titles(watching.look()[0]) == ["Owls fly"]


def test_who_does_not_wish_it_is_not_looked_for(owner, sources):
    Profile.objects.update(looks_for_works=False)
    with pytest.raises(CommandError) as refusal:
        call_command("look_for_works")
    assert str(refusal.value) == "Nobody wants it: tick “look for new works every week” in the profile first."
    assert sources["asked"] == []


def test_without_an_owner_there_is_nobody_to_look_for(owner, sources):
    Profile.objects.update(person=None)
    with pytest.raises(watching.CannotLook) as refusal:
        watching.look()
    assert str(refusal.value) == (
        "The site does not know who you are: choose yourself among the people, in the profile."
    )


def test_the_owner_gets_a_mail_where_the_site_sends_any(owner, sources, settings, admin_user, capsys):
    sources["arXiv"] = Answer(found=(found(title="Owls", arxiv_id="2611.00001"),))
    settings.SENDS_MAIL = True
    call_command("look_for_works")
    run = Import.objects.get()
    address = f"http://127.0.0.1:8000/admin/research/publication/add-from/{run.pk}/"
    assert capsys.readouterr().out == f"1 new work waits for your review: {address}\n"
    (message,) = mail.outbox
    assert message.to == [admin_user.email]
    assert message.body == (
        f"These works may be yours, and are not on your site yet:\n\n- Owls\n\nHave a look: {address}\n"
    )


def test_no_mail_is_sent_where_none_is_set_up_or_nothing_is_new(owner, sources, admin_user, settings):
    sources["arXiv"] = Answer(found=(found(title="Owls", arxiv_id="2611.00001"),))
    settings.SENDS_MAIL = False
    call_command("look_for_works")
    settings.SENDS_MAIL = True
    call_command("look_for_works")
    assert mail.outbox == []


def test_two_records_of_one_title_are_told_apart_by_their_identifiers(owner, sources):
    first = found(title="Owls", arxiv_id="2611.00001")
    sources["arXiv"] = Answer(found=(first,))
    watching.look()
    sources["arXiv"] = Answer(found=(first, replace(first, item=replace(first.item, title="Mice", arxiv_id="2611.2"))))
    assert titles(watching.look()[0]) == ["Mice"]
