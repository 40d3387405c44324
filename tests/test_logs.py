"""Lines of the log: what they hold, and whose address they never do."""

import io
import json
import logging
import sys

import pytest
from django.conf import settings as site
from django.test import RequestFactory

from portfolio import logs
from portfolio.request_ids import RequestIds

VISITOR = "203.0.113.77"


def lines_of(formatter, log, **headers):
    """The lines that a view logs, which is asked by a visitor."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    logger = logging.Logger("research.test")
    logger.addHandler(handler)
    request = RequestFactory().get("/publications/?q=owls", REMOTE_ADDR=VISITOR, headers=headers)

    def view(request):
        log(logger, request)
        return {}

    RequestIds(view)(request)
    return stream.getvalue().splitlines(), request


def test_a_line_is_one_json_object_with_what_was_asked():
    [line], request = lines_of(
        logs.JsonFormatter(),
        lambda logger, request: logger.warning("Not “%s”\nat all", "found", extra={"status_code": 404, "x": request}),
    )
    found = json.loads(line)
    assert found.pop("time").endswith("+00:00")
    assert found == {
        "level": "warning",
        "logger": "research.test",
        "message": "Not “found”\nat all",
        "request": request.id,
        "method": "GET",
        "path": "/publications/",
        "status": 404,
    }


def test_an_exception_is_in_its_line():
    def log(logger, request):
        try:
            raise ValueError("No owls")
        except ValueError:
            logger.exception("It failed.")

    [line], _ = lines_of(logs.JsonFormatter(), log)
    found = json.loads(line)
    assert (found["message"], found["exception"].splitlines()[-1]) == ("It failed.", "ValueError: No owls")


def test_a_line_that_no_request_has_caused_has_none_of_it():
    record = logging.LogRecord("research", logging.ERROR, "x.py", 1, "Down.", None, None)
    found = json.loads(logs.JsonFormatter().format(record))
    assert (found.keys(), found["message"]) == ({"time", "level", "logger", "message"}, "Down.")


@pytest.mark.parametrize("formatter", [logs.JsonFormatter(), logs.TextFormatter("%(levelname)s: %(message)s")])
def test_no_line_holds_the_address_of_a_visitor_or_what_opens_a_draft(formatter):
    other = "2001:db8::7"
    lines, _ = lines_of(
        formatter,
        lambda logger, request: logger.error(
            f"{VISITOR} and {other} asked for /drafts/abc:def/paper.pdf, /known-browser/In0:1:x/"
        ),
        **{"X-Forwarded-For": f"{other}, {VISITOR}"},
    )
    assert "(visitor) and (visitor) asked for /drafts/…/paper.pdf, /known-browser/…/" in lines[0]
    assert [secret for secret in (VISITOR, other, "abc:def") if secret in "".join(lines)] == []


def test_the_address_of_a_front_server_is_nobodys():
    record = logging.LogRecord("research", logging.ERROR, "x.py", 1, "PostgreSQL at 127.0.0.1 is down", None, None)
    record.request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1")
    assert "at 127.0.0.1 is down" in logs.JsonFormatter().format(record)


def test_what_django_logs_of_a_request_has_its_number(client, db):
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonFormatter())
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        number = client.get("/nowhere/", REMOTE_ADDR=VISITOR)["X-Request-ID"]
    finally:
        logger.removeHandler(handler)
    found = json.loads(stream.getvalue())
    assert (found["request"], found["path"], found["status"]) == (number, "/nowhere/", 404)
    assert VISITOR not in stream.getvalue()


def test_a_person_at_a_terminal_reads_text_and_programs_read_json(monkeypatch):
    for is_terminal, kind in ((True, logs.TextFormatter), (False, logs.JsonFormatter)):
        monkeypatch.setattr(sys.stderr, "isatty", lambda answer=is_terminal: answer)
        assert type(logs.formatter()) is kind


def test_all_that_the_site_logs_is_written_so():
    stderr = site.LOGGING["handlers"]["stderr"]
    assert site.LOGGING["formatters"][stderr["formatter"]]["()"] == "portfolio.logs.formatter"
    assert {name for name, one in site.LOGGING["handlers"].items() if "Stream" in one["class"]} == {"stderr"}


def test_a_visitor_cannot_spoil_a_line_by_what_a_front_server_hands_on(rf):
    record = logging.LogRecord("research", logging.ERROR, "x.py", 1, "Refused 192.0.2.7 and 2001:db8::7.", None, None)
    record.request = rf.get("/owls/", HTTP_X_FORWARDED_FOR='", e, :, "message", 192.0.2.7:5678, [2001:db8::7]:99')
    found = json.loads(logs.JsonFormatter().format(record))
    assert (found["message"], found["path"]) == ("Refused (visitor) and (visitor).", "/owls/")
