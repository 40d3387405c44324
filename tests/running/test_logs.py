"""What the production server writes, as `make run` starts it, with its access log turned on as well."""

import http.client
import json
import re

from .server import ROOT

NUMBER = "front-0123456789"


def test_every_line_is_json_and_none_holds_an_address(running_site):
    options = re.search(r"(--log-level \w+ --log-config \S+) ", (ROOT / "Makefile").read_text())[1].split()
    running_site.start(options=[*options, "--access-log"])
    connection = http.client.HTTPConnection("127.0.0.1", running_site.port, timeout=60)
    connection.request("GET", "/nowhere/?q=1", headers={"X-Forwarded-For": "203.0.113.7", "X-Request-ID": NUMBER})
    response = connection.getresponse()
    assert (response.status, response.headers["X-Request-ID"]) == (404, NUMBER)
    connection.close()
    while "GET /nowhere/ 404" not in (text := running_site.log.read_text()):  # the line comes after its answer
        assert running_site.get("/robots.txt")[0] == 200
    lines = [json.loads(line) for line in text.splitlines()]
    messages = {line["message"]: line for line in lines}
    assert messages["Not Found: /nowhere/"]["request"] == NUMBER
    assert [message for message in messages if re.fullmatch(r"GET /nowhere/ 404 [\d.]+ ms", message)] != []
    assert [address for address in ("127.0.0.1", "203.0.113.7") if address in text] == []
