"""The weekly look at links to other sites, before a server that answers as they do."""

import datetime
import threading
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from research import generation
from research.health import external_links, link_check
from research.models import CheckedLink, Profile, ProfileLink, PublicationLink
from research.sources import fetch

pytestmark = pytest.mark.django_db


def say_in_profile(*addresses):
    Profile.objects.update_or_create(pk=1, defaults={"biography": "\n".join(f"[words]({one})" for one in addresses)})


@pytest.fixture
def check(server, profile):
    """Ask for paths of the server, which the biography links; returns {path: (status, sentence)} as it is stored."""

    def check(*paths):
        say_in_profile(*(f"{server.url}{path}" for path in paths))
        link_check.check()
        rows = CheckedLink.objects.values_list("url", "status", "problem")
        return {url.removeprefix(server.url): (status, problem) for url, status, problem in rows}

    return check


def test_each_link_is_asked_by_head_and_its_answer_stored(check, server):
    server.puts("/there", "text")
    server.puts("/gone", "", 410)
    assert check("/there", "/gone", "/unknown") == {
        "/there": (200, ""),
        "/gone": (410, "127.0.0.1 answered with an error (status 410)."),
        "/unknown": (404, "127.0.0.1 does not know it."),
    }
    assert Counter(path for path, _ in server.asked) == Counter(
        ["HEAD /there", "HEAD /gone", "HEAD /unknown", "/unknown"]
    )


@pytest.mark.parametrize("status", [404, 405, 403, 501])
def test_a_server_that_does_not_know_head_is_asked_by_get(check, server, status):
    server.puts("HEAD /page", "", status)
    server.puts("/page", "text")
    assert check("/page") == {"/page": (200, "")}


@pytest.mark.parametrize("status", [401, 403, 429, 999])
def test_who_refuses_programs_is_taken_to_be_alive(check, server, status):
    server.puts("/page", "", status)
    assert check("/page") == {"/page": (status, "")}


def test_a_site_is_asked_one_page_after_the_other_with_a_pause(check, server, clock):
    for name in "abc":
        server.puts(f"/{name}", "text")
    check("/a", "/b", "/c")
    assert clock.waits == [1.0, 1.0]


def test_a_few_sites_are_asked_at_a_time(profile, monkeypatch):
    say_in_profile(*(f"https://site{number}.example/" for number in range(12)))
    busy, most, lock, full = 0, 0, threading.Lock(), threading.Barrier(link_check.AT_A_TIME)

    def probe(*_):
        nonlocal busy, most
        with lock:
            busy += 1
            most = max(most, busy)
        full.wait(10)  # as many as may be asked at a time are
        with lock:
            busy -= 1

    monkeypatch.setattr(fetch, "probe", probe)
    assert link_check.check() == (12, 0)
    assert most == link_check.AT_A_TIME


def test_a_doi_is_known_where_its_resolver_leads_on(make_publication, monkeypatch):
    make_publication(doi="10.5555/owls")
    asked = []
    monkeypatch.setattr(fetch, "probe", lambda *arguments: asked.append(arguments))
    link_check.check()
    assert asked == [("https://doi.org/10.5555/owls", "HEAD", False)]


def test_only_addresses_of_other_sites_are_asked(make_publication, monkeypatch):
    paper = make_publication(abstract="[a](https://jane-doe.org/nowhere/) [b](/nowhere/) [c](mailto:a@b.org) [d](#e)")
    PublicationLink.objects.create(publication=paper, url="https://code.example/x")
    ProfileLink.objects.create(kind="email", address="a@b.org")
    asked = []
    monkeypatch.setattr(fetch, "probe", lambda url, *_: asked.append(url))
    link_check.check()
    assert asked == ["https://code.example/x"]


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("https://jäne.example/über?a=ö#x", "https://xn--jne-qla.example/%C3%BCber?a=%C3%B6"),
        ("https://a.example/%20x?y=%2F", "https://a.example/%20x?y=%2F"),
        ("http://[x", "http://[x"),
        ("https://" + "ä" * 70 + ".example/", "https://" + "ä" * 70 + ".example/"),
    ],
)
def test_letters_of_other_scripts_are_sent_as_the_web_has_them(address, sent):
    assert link_check.written(address) == sent


def test_an_address_that_cannot_be_asked_is_a_sentence():
    assert link_check.ask("http://[x") == (0, "Invalid IPv6 URL")


def test_a_link_that_is_gone_is_forgotten(check, server):
    server.puts("/a", "text")
    check("/a", "/b")
    assert check("/a").keys() == {"/a"}


def findings(server):
    return [found.sentence.replace(server.url, "").partition(" Asked on ")[0] for found in external_links.find()]


def test_what_is_not_known_is_said_at_once_and_what_fails_when_it_fails_again(check, server):
    server.puts("/there", "text")
    server.puts("/broken", "", 500)
    start = "The biography in your profile links to "
    gone = f"{start}/gone. 127.0.0.1 does not know it."
    check("/there", "/gone", "/broken")
    assert findings(server) == [gone]
    check("/there", "/gone", "/broken")
    assert findings(server) == [gone, f"{start}/broken. 127.0.0.1 answered with an error (status 500)."]


def test_a_link_that_answers_again_is_well(check, server):
    for status in (500, 500, 200, 500):
        server.puts("/page", "", status)
    said = []
    for _ in range(4):
        check("/page")
        said.append(len(findings(server)))
    assert said == [0, 1, 0, 0]


def test_a_finding_has_its_day_and_leads_to_the_form_and_to_the_page(check, server):
    server.puts("/there", "text")
    check("/there", "/gone")
    [found] = external_links.find()
    day = CheckedLink.objects.first().checked
    assert found.sentence.endswith(f" Asked on {day:%-d %B %Y}.")
    assert [path for _, path in found.links] == ["/admin/research/profile/1/change/", f"{server.url}/gone"]


def test_a_look_that_does_not_come_any_more_is_said(check, server, settings):
    assert external_links.find() == []
    settings.IS_LOCAL = False
    assert [found.sentence for found in external_links.find()] == ["Nobody has asked yet whether they are alive."]
    server.puts("/there", "text")
    check("/there")
    for days, count in ((14, 0), (15, 1)):
        moment = timezone.now() - datetime.timedelta(days=days)
        CheckedLink.objects.update(checked=moment)
        assert len(external_links.find()) == count
    [found] = external_links.find()
    assert found.sentence == f"They were asked last on {moment:%-d %B %Y}. Has the server's timer stopped?"
    assert found.command == "manage.py check_links"


def test_where_nobody_answers_nothing_is_learned(check, server, monkeypatch):
    server.puts("/a", "text")
    check("/a")

    def offline(*_):
        raise fetch.SourceUnavailable("a.example cannot be found. Is this computer online?")

    monkeypatch.setattr(fetch, "probe", offline)
    with pytest.raises(CommandError, match=r"^No site answered, so nothing was learned\. Is this server online\?$"):
        call_command("check_links")
    assert list(CheckedLink.objects.values_list("status", "problem")) == [(200, "")]


def test_the_command_says_how_many(check, server, capsys):
    server.puts("/a", "text")
    say_in_profile(f"{server.url}/a", f"{server.url}/b")
    call_command("check_links")
    assert capsys.readouterr().out == "2 links asked, 1 without a good answer.\n"
    say_in_profile()
    call_command("check_links")
    assert capsys.readouterr().out == "0 links asked, 0 without a good answer.\n"


def test_pages_stay_in_memory_while_answers_are_stored(check, server):
    server.puts("/a", "text")
    say_in_profile(f"{server.url}/a")
    number = generation.Reader().look()
    link_check.check()
    assert CheckedLink.objects.count() == 1
    assert generation.Reader().look() == number
    assert not generation.writes_content(f'INSERT INTO "{CheckedLink._meta.db_table}" ("url") VALUES (%s)')
