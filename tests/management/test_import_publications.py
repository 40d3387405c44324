"""manage.py import_publications: files, identifiers, what it prints, and how it ends."""

import io
import sys
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from research.models import Person, Publication
from research.sources import registry
from research.sources.fetch import SourceUnavailable
from research.sources.found import Answer, Problem
from tests.importing.records import preprint

pytestmark = pytest.mark.django_db
ENTRY = "@article{owls, title={Owls Hunt by Ear}, author={Doe, Jane}, year={2024}, journal={Owls}}\n"


@pytest.fixture
def owls(tmp_path):
    path = tmp_path / "owls.bib"
    path.write_text(ENTRY)
    return path


def run(*arguments):
    """(what was printed, what was complained of)."""
    output, errors = io.StringIO(), io.StringIO()
    call_command("import_publications", *map(str, arguments), stdout=output, stderr=errors)
    return output.getvalue(), errors.getvalue()


def test_a_file_becomes_drafts(owls):
    assert run(owls) == ("created   Owls Hunt by Ear\n1 created, 0 changed, 0 unchanged, 0 skipped.\n", "")
    assert Publication.objects.get().status == "draft"


def test_publishing_is_asked_for(owls):
    run(owls, "--publish")
    assert Publication.objects.get().status == "published"


def test_the_same_file_twice_changes_nothing(owls):
    run(owls)
    before = list(Publication.objects.values())
    assert run(owls) == ("0 created, 0 changed, 1 unchanged, 0 skipped.\n", "")
    assert list(Publication.objects.values()) == before


def test_a_dry_run_says_the_same_and_writes_nothing(owls):
    output = "created   Owls Hunt by Ear\n1 created, 0 changed, 0 unchanged, 0 skipped. Nothing was written.\n"
    assert run(owls, "--dry-run") == (output, "")
    assert (Publication.objects.count(), Person.objects.count()) == (0, 0)


def test_what_is_kept_and_what_is_skipped_is_said(owls, make_publication):
    run(owls)
    Publication.objects.update(venue="My Venue")
    owls.write_text(ENTRY.replace("year", "volume={12}, year") + "@misc{v, title={Voles}, year=2010}")
    make_publication(title="Voles", year=2001)
    assert run(owls)[0].splitlines() == [
        "changed   Owls Hunt by Ear (volume)",
        "          The venue was not changed: you wrote it, and BibTeX has it otherwise.",
        "skipped   Voles",
        "          It has the same title, but type, year, authors or identifiers do not agree. "
        "Say in the review whether it is the same.",
        "0 created, 1 changed, 0 unchanged, 1 skipped.",
    ]


def test_the_input_is_read(monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(ENTRY.encode())))
    assert run("-")[0].endswith("1 created, 0 changed, 0 unchanged, 0 skipped.\n")


def test_identifiers_are_asked_for_in_batches(monkeypatch):
    asked = []

    def ask(requests, mail):
        asked.append([request.identifier for request in requests])
        return Answer((preprint(),), (), (Problem("2312.00009", "arXiv does not know it."),))

    monkeypatch.setattr(registry, "ask", ask)
    output, errors = run("arXiv:2312.00001", "https://arxiv.org/abs/2312.00009")
    assert asked == [["2312.00001", "2312.00009"]]
    assert errors == "2312.00009: arXiv does not know it.\n"
    assert output.endswith("1 created, 0 changed, 0 unchanged, 0 skipped.\n")


@pytest.mark.parametrize(
    ("argument", "sentence"),
    [
        ("owls.bib", "There is no file owls.bib."),
        ("owls", "“owls” is none of what can be looked up."),
        ("x" * 5000, "is none of what can be looked up."),
        (".", "cannot be read: Is a directory."),
    ],
)
def test_what_is_nothing_is_refused(argument, sentence):
    with pytest.raises(CommandError) as refusal:
        run(argument)
    assert sentence in str(refusal.value)
    assert refusal.value.returncode == 1


def test_a_source_that_does_not_answer_is_a_refusal(monkeypatch):
    def ask(requests, mail):
        raise SourceUnavailable("arXiv did not answer. Try again later.")

    monkeypatch.setattr(registry, "ask", ask)
    with pytest.raises(CommandError) as refusal:
        run("2312.00001")
    assert (str(refusal.value), refusal.value.returncode) == ("Nothing was imported.", 1)
