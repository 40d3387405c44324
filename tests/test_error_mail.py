"""Mail to the owner about errors: when it is sent, what it says and what not, and what its failing breaks."""

import json
import logging
import smtplib
import subprocess
import sys
import threading

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import DatabaseError, connection

from research import error_mail, owner_mail

pytestmark = pytest.mark.django_db
VISITOR = "203.0.113.77"
SECRET = "password hunter2 of jane@example.org"


class Clock:
    now = 1_000_000.0

    def time(self):
        return self.now


@pytest.fixture(autouse=True)
def clock(settings, tmp_path, monkeypatch, admin_user):
    """A site that sends mail, to admin@example.com, in this thread."""
    settings.DATA_DIR, settings.SENDS_MAIL, settings.SITE_URL = tmp_path, True, "https://jane-doe.org"
    clock = Clock()
    monkeypatch.setattr(error_mail, "time", clock)
    monkeypatch.setattr(error_mail, "sent", {})
    monkeypatch.setattr(error_mail, "apart", lambda call, *arguments: call(*arguments))
    return clock


@pytest.fixture
def broken(client, monkeypatch):
    """Ask for the home page, which is broken."""
    client.raise_request_exception = False

    def broken(error=ValueError, path="/?q=hunter2"):
        def current():
            raise error(f"{SECRET} from {VISITOR}")

        monkeypatch.setattr("research.models.Profile.current", current)
        response = client.get(path, REMOTE_ADDR=VISITOR)
        assert response.status_code == 500
        return response

    return broken


def test_the_owner_reads_what_happened_where_and_under_which_number(broken):
    number = broken()["X-Request-ID"]
    [message] = mail.outbox
    assert (message.subject, message.to) == ("ValueError on https://jane-doe.org", ["admin@example.com"])
    assert "What: ValueError\n" in message.body
    assert f"Where: {error_mail.place(__file__)}, line " in message.body
    assert "in current\n" in message.body
    assert "  research/views/about.py, line " in message.body  # the way there
    assert f"Asked: GET /, number {number}\n" in message.body


def test_the_owner_is_told_which_job_of_the_timetable_has_failed():
    for job in ("links", "copy", "links"):
        call_command("report_failed_job", job)
    subjects = [message.subject for message in mail.outbox]
    assert subjects == [f"The job “{job}” has failed on https://jane-doe.org" for job in ("links", "copy")]


def test_no_secret_and_no_address_of_a_visitor_is_in_it(broken, caplog):
    broken()
    assert SECRET in caplog.text  # there is something to leak
    text = mail.outbox[0].subject + mail.outbox[0].body
    assert [word for word in ("hunter2", "jane@example.org", VISITOR, "?q=") if word in text] == []


def test_a_link_to_a_draft_is_not_in_it(broken):
    broken(path="/drafts/abc:def/")
    assert "Asked: GET /drafts/…/, number" in mail.outbox[0].body


def test_of_each_kind_there_is_one_mail_an_hour(broken, clock):
    for error in (ValueError, ValueError, KeyError, ValueError):
        broken(error)
    assert [message.subject.partition(" ")[0] for message in mail.outbox] == ["ValueError", "KeyError"]
    clock.now += 3599
    broken()
    assert len(mail.outbox) == 2
    clock.now += 1
    broken()
    assert len(mail.outbox) == 3


def test_the_same_error_elsewhere_is_another_kind(broken, monkeypatch):
    broken()

    def elsewhere():
        raise ValueError

    monkeypatch.setattr("research.models.Profile.current", elsewhere)
    logging.getLogger("research").error("Again", exc_info=raised(elsewhere))
    assert len(mail.outbox) == 2


def raised(call):
    try:
        call()
    except ValueError as error:
        return error


def test_a_restart_and_another_process_keep_to_the_hour(broken, clock, tmp_path, monkeypatch):
    broken()
    monkeypatch.setattr(error_mail, "sent", {})
    broken()
    assert len(mail.outbox) == 1
    code = (
        "import django; django.setup()\n"
        "from research import error_mail\n"
        f'print([error_mail.is_due(kind, {clock.now}) for kind in ("other", "other", {next(iter(note(tmp_path)))!r})])'
    )
    variables = {"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "portfolio.settings"}
    finished = subprocess.run([sys.executable, "-c", code], env=variables, capture_output=True, text=True, check=True)
    assert finished.stdout == "[True, False, False]\n"
    assert not error_mail.is_due("other", clock.now)


def note(folder):
    return json.loads((folder / error_mail.NOTE).read_text())


def test_what_is_older_than_an_hour_is_not_noted_for_good(tmp_path):
    for moment in (1.0, 10_000.0):
        error_mail.is_due(f"kind {moment}", moment)
    assert note(tmp_path) == {"kind 10000.0": 10_000.0}


@pytest.mark.parametrize("text", ["", "[]", "{", '{"kind": "soon"}', '{"kind": null}', '{"kind": 9e99}'])
def test_a_spoilt_note_is_no_note(tmp_path, text):
    (tmp_path / error_mail.NOTE).write_text(text)
    assert [error_mail.is_due("kind", 5.0), error_mail.is_due("kind", 6.0)] == [True, False]
    assert note(tmp_path) == {"kind": 5.0}


def test_where_nothing_can_be_noted_each_process_keeps_to_the_hour(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "nowhere"
    assert [error_mail.is_due("kind", moment) for moment in (1.0, 2.0, 3601.0)] == [True, False, True]


@pytest.mark.parametrize("problem", [smtplib.SMTPException("no"), TimeoutError(), ConnectionRefusedError()])
def test_a_mail_server_that_fails_breaks_nothing_and_is_a_line_of_the_log(broken, monkeypatch, caplog, problem):
    def fail(*_):
        raise problem

    monkeypatch.setattr(mail, "send_mail", fail)
    broken()
    assert caplog.messages[0].startswith("The mail about an error could not be sent: ")
    assert mail.outbox == []


def test_what_fails_before_the_mail_breaks_nothing_either(broken, monkeypatch):
    monkeypatch.setattr(error_mail, "described", lambda record: 1 / 0)
    monkeypatch.setattr(logging, "raiseExceptions", False)
    broken()
    assert mail.outbox == []


def test_without_a_mail_server_nothing_is_sent(broken, settings):
    settings.SENDS_MAIL = False
    broken()
    assert mail.outbox == []


def test_while_the_database_is_down_the_address_that_sends_is_told(broken, monkeypatch, settings):
    def down():
        raise DatabaseError("down")

    monkeypatch.setattr(owner_mail, "addresses", down)
    settings.EMAIL_HOST_USER = "jane@example.org"
    broken()
    assert mail.outbox[0].to == ["jane@example.org"]
    settings.EMAIL_HOST_USER = "apikey"
    assert error_mail.recipients() == []


def test_a_message_without_an_exception_is_told_by_its_form_alone(clock):
    logging.getLogger("django.request").error("Nothing was saved: %s", SECRET)
    [message] = mail.outbox
    assert message.subject == "Nothing was saved: %s on https://jane-doe.org"
    assert "hunter2" not in message.body
    assert "Asked: nobody" in message.body


def test_what_anybody_can_cause_from_outside_sends_no_mail(client):
    assert client.get("/", headers={"Host": "elsewhere.example"}).status_code == 400
    client.get("/nowhere/")
    assert mail.outbox == []


def test_the_request_does_not_wait_for_the_mail_server(monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(connection, "close", lambda: None)
    server, done = threading.Event(), threading.Event()

    def slow():
        server.wait(10)
        done.set()

    error_mail.apart(slow)
    assert not done.is_set()  # we are answered before the mail server is
    server.set()
    assert done.wait(10)


def test_a_mail_server_has_ten_seconds(settings):
    assert settings.EMAIL_TIMEOUT == 10
