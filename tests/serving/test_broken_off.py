"""A form that is broken off on its way, as on a phone that loses its line, does not empty what had not come."""

import socket
from urllib.parse import urlencode

import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.running.server import TOKEN

from .conftest import GO_ON, PATIENCE, run_in

JANE = "Person.objects.create(pk=1, given_name='Jane', family_name='Miles', other_spellings='J. Miles')"
SEEN = "print(Person.objects.values_list('given_name', 'family_name', 'other_spellings').get())"
KINDS = {
    "urlencoded": ("application/x-www-form-urlencoded", lambda fields: urlencode(fields).encode()),
    "multipart": (MULTIPART_CONTENT, lambda fields: encode_multipart(BOUNDARY, fields)),
}


@pytest.fixture(scope="module", autouse=True)
def jane(doors):
    run_in(doors["application"].site, JANE)


def answer(door, kind, session, given_name, is_whole):
    """The first line of the answer to a change of the name; else the form ends before the last field."""
    content_type, encoded = KINDS[kind]
    body = encoded({"given_name": given_name, "family_name": "Miles", "other_spellings": "J. Miles"})
    head = [
        "POST /admin/research/person/1/change/ HTTP/1.1",
        f"Host: 127.0.0.1:{door.port}",
        "Connection: close",
        f"Cookie: sessionid={session}; csrftoken={TOKEN}",
        f"X-CSRFToken: {TOKEN}",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(body)}",
    ]
    sent = body if is_whole else body[: body.index(b"other_spellings")]
    with socket.create_connection(("127.0.0.1", door.port), PATIENCE) as connection:
        connection.sendall("\r\n".join([*head, "", ""]).encode() + sent)
        if not is_whole:
            connection.shutdown(socket.SHUT_WR)
        with connection.makefile("rb") as response:
            return response.read().removeprefix(GO_ON).partition(b"\r\n")[0].decode()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["application", "Caddy"])
def test_a_record_keeps_what_had_not_come(doors, session, name, kind):
    door, site = doors[name], doors["application"].site
    saved = "HTTP/1.1 302 Found"
    assert answer(door, kind, session, f"{name} {kind}", is_whole=True) == saved
    before = run_in(site, SEEN)
    assert before == f"('{name} {kind}', 'Miles', 'J. Miles')\n"
    told = answer(door, kind, session, "Joan", is_whole=False)  # Caddy says anything to whom it takes for gone
    assert told != saved
    assert (told == "HTTP/1.1 400 Bad Request") == (name == "application")
    assert run_in(site, SEEN) == before
