"""One save in the admin: how long its request takes, and how soon each of two processes serves the new page."""

import http.client
import statistics
import tempfile
import time
import urllib.parse
from http.cookies import SimpleCookie

from lxml import html

from bench import site
from bench.servers import get, running

SAVES = 7
MOST_REQUESTS = 20
NAME, PASSWORD = "owner", "an-owl-sees-at-night"
LIST = "/admin/research/publication/"


class Desk:
    """The owner's browser."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.cookies = {}

    def ask(self, address, fields=None):
        """The body of a page; with fields, of what they are answered with, which must be a redirect."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if fields is None:
            self.connection.request("GET", address, headers=headers)
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            self.connection.request("POST", address, urllib.parse.urlencode(fields), headers)
        response = self.connection.getresponse()
        body = response.read()
        for header in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: cookie.value for name, cookie in SimpleCookie(header).items()}
        if response.status != (200 if fields is None else 302):
            raise RuntimeError(f"{address}: {response.status}")
        return body

    def form(self, address, name):
        """The fields of a form as they stand on its page: a dict."""
        page = html.fromstring(self.ask(address))
        return dict(page.get_element_by_id(name).form_values())

    def log_in(self):
        address = "/admin/login/?next=/admin/"
        self.ask(address, self.form(address, "login-form") | {"username": NAME, "password": PASSWORD})


def measure(**environment) -> dict:
    """
    {"ms": …, "requests_to_new_page": …}: the median time of a save, and the most requests that any process took.

    `environment` are variables of the site.
    """
    with tempfile.TemporaryDirectory() as folder:
        site.run(folder, "-m", "bench.content", **environment)
        account = {"DJANGO_SUPERUSER_PASSWORD": PASSWORD} | environment
        site.run(folder, "manage.py", "createsuperuser", "--noinput", "--username", NAME, "--email", "", **account)
        servers = site.server(folder, **environment), site.server(folder, **environment)
        with running(servers[0]), running(servers[1]):
            desk = Desk(servers[0].port)
            desk.log_in()
            address = first_publication(desk)
            saves = [save(desk, address, f"Save {number} of the bench.", servers) for number in range(SAVES)]
    return {
        "ms": round(statistics.median(ms for ms, _ in saves), 1),
        "requests_to_new_page": max(requests for _, requests in saves),
    }


def first_publication(desk):
    """The address of the form of the publication that stands first in the admin's list."""
    page = html.fromstring(desk.ask(LIST))
    return page.xpath("//table[@id='result_list']/tbody//th/a/@href")[0].partition("?")[0]


def save(desk, address, tldr, servers):
    """(ms of the save, the most requests that a server took until the about page had the new text)."""
    fields = desk.form(address, "publication_form") | {"tldr": tldr, "_save": "Save"}
    start = time.perf_counter()
    desk.ask(address, fields)
    ms = (time.perf_counter() - start) * 1000
    return ms, max(requests_until(server.url + "/", tldr) for server in servers)


def requests_until(url, text):
    for count in range(1, MOST_REQUESTS + 1):
        if text.encode() in get(url):
            return count
    raise RuntimeError(f"{url} does not show what was saved, however often it is asked.")
