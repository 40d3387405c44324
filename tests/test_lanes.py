"""How many threads may wait for slow visitors: each kind has its lane, and the rest is for pages."""

import io
import re
from pathlib import Path
from threading import BoundedSemaphore

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import FileResponse, HttpResponse
from django.test import Client

from portfolio import lanes
from portfolio.lanes import FILES, STRANGERS, Lanes

pytestmark = pytest.mark.django_db

LARGE = lanes.SMALL_FILE + 1


def request(method="GET", length=0, cookie="", encoding=""):
    sent = {"REQUEST_METHOD": method, "CONTENT_LENGTH": str(length), "HTTP_COOKIE": cookie, "wsgi.input": io.BytesIO()}
    return sent | {"HTTP_TRANSFER_ENCODING": encoding} if encoding else sent


def ask(application, **options):
    """(status, the answer) of a request."""
    begun = []
    response = application(request(**options), lambda status, headers: begun.append(status))
    return begun[-1], response


def files(size):
    """An application that answers with a file of so many bytes."""

    def application(environ, start_response):
        response = FileResponse(io.BytesIO(bytes(size)))
        start_response("200 OK", list(response.items()))
        return response

    return Lanes(application)


def nested(depth):
    """The status of a request with a body that arrives while `depth` others do, all of strangers."""
    seen = []

    def application(environ, start_response):
        if len(seen) < depth:
            seen.append(ask(lane, method="POST", length=5)[0])
        start_response("200 OK", [])
        return HttpResponse()

    lane = Lanes(application)
    ask(lane, method="POST", length=5)
    return seen


def test_strangers_have_their_lane_and_who_finds_it_full_is_told():
    statuses = nested(STRANGERS)
    assert statuses[::-1] == ["200 OK"] * (STRANGERS - 1) + [lanes.BUSY[0]]


def test_who_is_told_so_has_the_headers_of_every_answer(client, settings, profile):
    settings.SECURE_HSTS_SECONDS = 99
    begun = []
    forwarded = {"HTTP_X_FORWARDED_PROTO": "https", "REMOTE_ADDR": "127.0.0.1"}
    asked = request(method="POST", length=lanes.MOST_OF_STRANGERS + 1) | forwarded
    Lanes(None)(asked, lambda *arguments: begun.append(arguments))
    status, headers = begun[-1]
    page = client.get("/robots.txt", secure=True)
    everywhere = [name for name in page.headers if name.startswith(("X-", "Cross-")) and name != "X-Request-ID"]
    everywhere += ["Content-Security-Policy", "Permissions-Policy", "Referrer-Policy", "Server"]
    everywhere += ["Strict-Transport-Security"]
    assert status == lanes.TOO_LARGE_OF_A_STRANGER[0]
    assert {name: dict(headers).get(name) for name in everywhere} == {name: page[name] for name in everywhere}


def test_a_lane_is_free_again_after_a_request_even_one_that_breaks():
    lane = Lanes(lambda environ, start_response: 1 / 0)
    for _ in range(STRANGERS + 1):
        with pytest.raises(ZeroDivisionError):
            ask(lane, method="POST", length=5)


def test_large_files_have_their_lane_until_they_are_sent_or_given_up():
    application = files(LARGE)
    held = [ask(application) for _ in range(FILES)]
    assert [status for status, _ in held] == ["200 OK"] * FILES
    assert ask(application)[0] == lanes.BUSY_WITH_FILES[0]
    assert b"".join(held[0][1]) == bytes(LARGE)
    held[0][1].close()
    held[0][1].close()
    assert ask(application)[0] == "200 OK"
    assert ask(application, method="HEAD")[0] == "200 OK"


def test_a_small_file_is_handed_over_at_once():
    application = files(lanes.SMALL_FILE)
    for _ in range(FILES + 1):
        assert ask(application) == ("200 OK", [bytes(lanes.SMALL_FILE)])


def test_who_is_logged_in_is_not_held_up_by_strangers_and_may_send_more(admin_user):
    client = Client()
    client.force_login(admin_user)
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    application = files(1)
    application.strangers = BoundedSemaphore(1)
    application.strangers.acquire()
    assert ask(application, method="POST", length=lanes.MOST_OF_OWNERS, cookie=cookie)[0] == "200 OK"
    assert ask(application, method="POST", length=lanes.MOST_OF_OWNERS + 1, cookie=cookie)[0] == lanes.TOO_LARGE[0]
    assert ask(application, method="POST", length=5, cookie="sessionid=" + "a" * 32)[0] == lanes.BUSY[0]


def test_a_stranger_may_send_a_login_and_no_more():
    application = files(1)
    assert ask(application, method="POST", length=lanes.MOST_OF_STRANGERS)[0] == "200 OK"
    status, (sentence,) = ask(application, method="POST", length=lanes.MOST_OF_STRANGERS + 1)
    assert (status, sentence.decode()) == (status, f"{lanes.TOO_LARGE_OF_A_STRANGER[1]}\n")


@pytest.mark.parametrize("length", ["", "0", "99", "9999999999999999", "9" * 40, "-1", "x", "1e9", "٣"])
def test_a_length_is_what_django_takes_it_for(length):
    read = WSGIRequest(request("POST", length))._stream.limit
    assert lanes.length_of({"CONTENT_LENGTH": length}) == max(0, read)


@pytest.mark.parametrize("digits", [16, 19, 40])
def test_no_length_is_too_long_to_be_too_much(digits):
    assert ask(files(1), method="POST", length="9" * digits)[0] == lanes.TOO_LARGE_OF_A_STRANGER[0]


def test_a_form_without_a_length_is_refused_rather_than_taken_for_an_empty_one():
    status, (sentence,) = ask(files(1), method="POST", length="", encoding="chunked")
    assert (status, sentence.decode()) == (lanes.NO_LENGTH[0], f"{lanes.NO_LENGTH[1]}\n")
    assert {ask(files(1), method=method, length="", encoding="chunked")[0] for method in ("post", "PUT")} == {status}
    assert ask(files(1), method="GET", length="", encoding="chunked")[0] == "200 OK"


@pytest.mark.parametrize("file", ["Makefile", "deploy/start", "deploy/systemd/portfolio-site@.service"])
def test_the_server_has_threads_left_for_pages_and_lets_nobody_hold_a_connection(file):
    text = (Path(__file__).parent.parent / file).read_text()
    threads, connections = (
        int(re.search(rf"--{name} (\d+)", text)[1]) for name in ("blocking-threads", "backpressure")
    )
    assert threads - FILES - STRANGERS >= 3
    assert (connections, "--http 1 " in text, "--http1-header-read-timeout 10000 " in text) == (800, True, True)
