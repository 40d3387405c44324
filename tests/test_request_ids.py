"""The number of a request: whose word is taken for it, and where it can be read."""

import io
import re

import pytest
from django.core.handlers.wsgi import WSGIHandler

from research import generation
from research.pagecache import PageCache

pytestmark = pytest.mark.django_db
GIVEN = "front-0123456789"


def test_every_answer_has_a_number_of_its_own(client, profile):
    numbers = [client.get(path)["X-Request-ID"] for path in ("/", "/", "/nowhere/", "/admin/")]
    assert len(set(numbers)) == 4
    assert all(re.fullmatch("[0-9a-f]{16}", number) for number in numbers)


def test_the_number_of_a_front_server_is_taken(client):
    response = client.get("/robots.txt", headers={"X-Request-ID": GIVEN}, REMOTE_ADDR="127.0.0.1")
    assert response["X-Request-ID"] == GIVEN


@pytest.mark.parametrize(
    ("address", "number"),
    [("203.0.113.7", GIVEN), ("127.0.0.1", "short"), ("127.0.0.1", "x" * 65), ("127.0.0.1", 'a"b\\n-12345678')],
)
def test_what_anybody_says_or_what_is_no_number_is_not(client, address, number):
    response = client.get("/robots.txt", headers={"X-Request-ID": number}, REMOTE_ADDR=address)
    assert re.fullmatch("[0-9a-f]{16}", response["X-Request-ID"])


def test_the_error_pages_say_the_number(client, monkeypatch, caplog):
    client.raise_request_exception = False
    monkeypatch.setattr("research.models.Profile.current", lambda: 1 / 0)
    response = client.get("/")
    assert response.status_code == 500
    assert f"<code>{response['X-Request-ID']}</code>" in response.content.decode()
    assert [record.request.id for record in caplog.records] == [response["X-Request-ID"]]


@pytest.mark.django_db(transaction=True)  # a request that WSGI brings would close the connection of a transaction
def test_a_page_from_memory_has_no_number_of_somebody_elses_request(profile, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    cache = PageCache(WSGIHandler(), 1_000_000, reader=generation.reader())
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "QUERY_STRING": "", "HTTP_HOST": "localhost"}
    environ |= {"SERVER_NAME": "localhost", "SERVER_PORT": "80", "wsgi.input": io.BytesIO()}
    begun = []
    for _ in range(2):
        cache(dict(environ), lambda *arguments: begun.append(arguments))
    assert cache.pages.plain.keys() == {("/", "")}
    assert [name for _, headers in begun for name, _ in headers if name == "X-Request-ID"] == []
