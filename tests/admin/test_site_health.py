"""The page "Site health", its count on the first page, and the command for a timer."""

import html
import json
import re

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from research.archive import backup
from research.health import registry
from research.models import CheckedLink, PublicationLink

from .page import open_page

pytestmark = pytest.mark.django_db
# Checks of the server, which have one finding or none.
OF_THE_SERVER = {"backups", "disk_space", "configuration", "unclaimed_files"}


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path, profile):
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "site.zip").touch()
    note = {"made": timezone.now().isoformat(), "path": str(tmp_path / "site.zip")}
    (tmp_path / backup.NOTE).write_text(json.dumps(note))
    return tmp_path


@pytest.fixture
def spoil(make_publication, make_project, make_person, stored_picture):
    """Give each check of the content so many findings."""
    made = 0

    def spoil(count):
        nonlocal made
        for _ in range(count):
            made += 1
            author = make_person(f"Ann Owl{made}")
            make_person(f"A. Owl{made}")
            dead = f"https://dead{made}.example/"
            bare = {"title": f"Owls {made}", "type": "article", "selected": True}
            publication = make_publication([author], **bare, tldr=f"[x](/nowhere/{made})", url=dead)
            make_publication([author], title=f"Owls {made}", status="draft")
            CheckedLink.objects.create(url=dead, checked=timezone.now(), status=404, problem="Gone.", failures=1)
            PublicationLink.objects.create(publication=publication, file=f"files/{made:032x}/slides.pdf")
            make_project(thumbnail=stored_picture(colour=(made, 0, 0)))

    return spoil


def found():
    return {result.name: len(result.findings) for result in registry.examine()}


def test_the_page_and_the_first_page_ask_as_much_for_one_finding_of_each_kind_as_for_three(
    owner_client, spoil, queries_of
):
    pages = ["/admin/health/", "/admin/", *(f"/admin/health/?check={name}" for name in found())]
    spoil(1)
    assert {name: count for name, count in found().items() if count != 1 and name not in OF_THE_SERVER} == {}
    with_one = [queries_of(lambda page=page: owner_client.get(page)) for page in pages]
    spoil(2)
    assert {name: count for name, count in found().items() if count != 3 and name not in OF_THE_SERVER} == {}
    assert [queries_of(lambda page=page: owner_client.get(page)) for page in pages] == with_one


def text_of(page):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.response.content.decode())).split())


def test_each_finding_is_a_sentence_with_the_link_that_mends_it(owner_client, spoil):
    spoil(1)
    page = open_page(owner_client, "/admin/health/")
    text = text_of(page)
    for result in registry.examine():
        for finding in result.findings:
            assert finding.sentence in text
            assert finding.command in text
            assert finding.links or finding.command
            assert {path for _, path in finding.links} <= page.links.keys()
    for path in [path for path in page.links if path.startswith("/admin/research/")]:
        assert owner_client.get(path, follow=True).status_code == 200


def test_the_first_page_leads_to_it_with_the_count_of_what_is_wrong(owner_client, spoil):
    page = open_page(owner_client, "/admin/")
    assert page.links["/admin/health/"] == "Site health"
    assert "Site health : nothing is wrong." in text_of(page)
    spoil(1)
    assert "Site health : 3 things are wrong." in text_of(open_page(owner_client, "/admin/"))
    assert "3 things are wrong, 7 could be better." in text_of(open_page(owner_client, "/admin/health/"))


def test_all_is_well_is_said(owner_client):
    text = text_of(open_page(owner_client, "/admin/health/"))
    assert "Nothing is wrong." in text
    assert all(check.TITLE in text.partition("All is well")[2] for check in registry.CHECKS)


def test_of_many_the_first_are_shown_and_the_others_on_pages_of_their_own(owner_client, make_publication):
    for number in range(102):
        make_publication(title=f"Owls {number}", abstract="x", type="article", doi=f"10.5555/{number}")
    page = open_page(owner_client, "/admin/health/")
    assert page.links["?check=venues"] == "All 102"
    assert text_of(page).count("has no venue.") == 5
    pages = [open_page(owner_client, "/admin/health/", check="venues", page=number) for number in (1, 2)]
    assert [text_of(page).count("has no venue.") for page in pages] == [100, 2]
    assert pages[0].links["?check=venues&page=2"] == "Next page"


def test_a_check_that_does_not_exist_is_no_page(owner_client):
    assert owner_client.get("/admin/health/?check=finding").status_code == 404
    assert owner_client.get("/admin/health/?check=dois&page=nonsense").status_code == 200


def test_only_the_owner_sees_it(client, staff_client, spoil):
    spoil(1)
    helper = staff_client("view_publication")
    for browser in (client, helper):
        assert browser.get("/admin/health/")["Location"] == "/admin/login/?next=/admin/health/"
    assert "Site health" not in helper.get("/admin/").content.decode()


def test_nothing_keeps_the_page(owner_client):
    assert "no-store" in owner_client.get("/admin/health/")["Cache-Control"]


def test_the_command_says_what_is_wrong_and_fails(spoil, capsys):
    call_command("site_health")
    assert capsys.readouterr().out == "0 things could be better.\n"
    spoil(1)
    with pytest.raises(CommandError, match=r"^3 things are wrong\.$"):
        call_command("site_health")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Missing files:"
    assert lines[1].startswith("- A link of “Owls 1” names files/")
    assert lines[-1] == "7 things could be better."
