"""The command: what it prints, how it ends, and a real run of it on a site of its own."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from tests.staticsite.links import dead_links

FILL = """
from research.models import Publication, Person, Authorship
jane = Person.objects.create(given_name="Jane", family_name="Doe")
for n in range(60):
    one = Publication.objects.create(title=f"Paper {n}", slug=f"paper-{n}", citation_key=f"k{n}", year=2024)
    Authorship.objects.create(publication=one, person=jane)
"""


@pytest.mark.django_db
def test_it_says_what_it_wrote_and_where_links_lead(capsys, tmp_path, make_publication):
    make_publication()
    call_command("export_site", str(tmp_path / "site"))
    first, second = capsys.readouterr().out.splitlines()
    assert re.fullmatch(rf"4 pages, \d+ files, \d\.\d MB in {tmp_path}/site, after \d+\.\d seconds\.", first)
    assert second.startswith("Absolute links lead to http://127.0.0.1:8000, which only this machine knows.")


@pytest.mark.django_db
def test_with_an_address_it_has_nothing_to_warn_of(capsys, tmp_path, profile):
    call_command("export_site", str(tmp_path / "site"), base_url="https://jane-doe.github.io/site")
    assert len(capsys.readouterr().out.splitlines()) == 1
    assert "https://jane-doe.github.io/site/sitemap.xml" in (tmp_path / "site/robots.txt").read_text()


@pytest.mark.django_db
def test_a_refusal_is_a_sentence(tmp_path):
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(CommandError, match="holds files that are not of an export") as error:
        call_command("export_site", str(tmp_path))
    assert error.value.returncode == 1


@pytest.fixture
def run(tmp_path):
    """Run manage.py on a site in a folder of its own; returns (status, stdout, stderr)."""

    def run(*arguments, **kwargs):
        environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "data")}
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False, **kwargs
        )
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.mark.parametrize(
    "address", ["", "jane-doe.org", "ftp://jane-doe.org", "https://jane-doe.org/?a=b", "https://a:b"]
)
def test_an_address_that_is_none_is_wrong_usage(run, tmp_path, address):
    status, _, errors = run("export_site", str(tmp_path / "site"), f"--base-url={address}")
    assert (status, errors.splitlines()[-1]) == (
        2,
        f"manage.py export_site: error: argument --base-url: {address!r} is no address such as "
        "https://jane-doe.github.io/site/",
    )


def test_a_whole_run_on_every_core_has_no_dead_link_and_warns_of_nothing(run, tmp_path):
    status, output, errors = run("export_site", str(tmp_path / "site"))
    assert (status, output) == (1, "")
    assert re.fullmatch(r"CommandError: The database could not be read: .*run manage\.py migrate first\.\n", errors)
    assert run("migrate", "--verbosity=0") == (0, "", "")
    assert run("shell", "--verbosity=0", input=FILL)[0] == 0
    base_url = "https://jane-doe.github.io/site/"
    status, output, errors = run("export_site", str(tmp_path / "site"), "--base-url", base_url)
    assert (status, errors) == (0, "")
    assert output.startswith("64 pages, ")
    assert len(list((tmp_path / "site/publications").glob("paper-*/paper-*.bib"))) == 60
    assert dead_links(tmp_path / "site", base_url) == set()
