"""
The only outgoing request of the program: one address of a source, or of a link, asked politely and never trusted.

The address that was checked is the one that is connected to, so that a name cannot lead elsewhere a moment later. Time
and size are limited as a whole: a source that sends a byte a second, or a small body that unpacks to gigabytes, is cut.
"""

import email.utils
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from http.client import HTTPException
from typing import NamedTuple
from urllib.parse import quote, urljoin

from django.conf import settings
from urllib3 import exceptions
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from . import hosts, pace

VERSION = "0.1.0"
MAX_BYTES = 10_000_000  # of an answer, unpacked
CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS = 10.0, 30.0, 90.0
MAX_REDIRECTS = 3
PROBE_SECONDS, PROBE_REDIRECTS = 20.0, 5
ATTEMPTS = 3
BUSY = {429, 503}
MAX_WAIT = 30.0  # seconds that `Retry-After` may ask for; who asks for more is asked another day
CHUNK = 65_536
LOCATION = "!#$%&'()*+,/:;=?@[]~"  # what of an address may stand as it is (RFC 3986, section 2)
CLOCK = pace.Clock()


@dataclass(frozen=True)
class Fetched:
    content: bytes
    media_type: str  # without its parameters, in lower case
    url: str  # after redirects


class SourceUnavailable(Exception):
    """A source that gave no answer, with a sentence that says why. `status`: of HTTP, or 0; `content`: what came."""

    def __init__(self, sentence, status=0, content=b""):
        super().__init__(sentence)
        self.status, self.content = status, content


class Asking(NamedTuple):
    """How an address is asked. `max_bytes`: 0 where the content is not wanted; `target`: whom it may lead to."""

    headers: dict
    max_bytes: int = 0
    total_seconds: float = PROBE_SECONDS
    method: str = "HEAD"
    redirects: int = PROBE_REDIRECTS
    target: Callable = hosts.target


class Busy(SourceUnavailable):
    """It may be asked again: `wait` is what it asked for in seconds, or None."""

    wait = None


def get(url, accept="", max_bytes=MAX_BYTES, mail="", total_seconds=TOTAL_SECONDS):
    """
    What a source has at an address, as `Fetched`.

    `accept`: the media types wanted; `mail`: the owner's, which the sources ask for, to write to before they block.
    Raises SourceUnavailable with a sentence for anything that is no whole answer with status 200.
    """
    headers = {"User-Agent": user_agent(mail), "Accept": accept or "*/*", "Accept-Encoding": "gzip"}
    asking = Asking(headers, max_bytes, total_seconds, "GET", MAX_REDIRECTS, hosts.check)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return follow(url, asking)
        except Busy as problem:
            wait = 2.0**attempt if problem.wait is None else problem.wait
            if attempt == ATTEMPTS or wait > MAX_WAIT:
                raise
            CLOCK.sleep(wait)
    raise AssertionError("unreachable")


def probe(url, method="HEAD", follows=True):
    """
    Ask any public address of the web whether it is there, without taking what it has.

    `follows`: whether a redirect is followed, or is itself the answer. Raises SourceUnavailable with a sentence for any
    status but 2xx, and for none.
    """
    headers = {"User-Agent": user_agent(), "Accept": "*/*", "Accept-Encoding": "identity"}
    asking = Asking(headers, method=method)
    try:
        if follows:
            follow(url, asking)
        else:
            with pace.turn(pace.source_of(url), CLOCK):
                ask(url, asking)
    except SourceUnavailable as answer:
        if not 200 <= answer.status < 300:
            raise


def follow(url, asking):
    """The answer at an address or where it redirects to."""
    for _ in range(asking.redirects + 1):
        with pace.turn(pace.source_of(url), CLOCK):
            found, location = ask(url, asking)
        if found:
            return found
        url = urljoin(url, location)
    raise SourceUnavailable(f"{host_of(url)} redirects more than {asking.redirects} times, so it was not followed.")


def ask(url, asking):
    """(Fetched, "") or (None, where it redirects to) of one request."""
    try:
        target = asking.target(url)
    except ValueError as error:
        raise SourceUnavailable(str(error)) from error
    except OSError as error:
        raise SourceUnavailable(f"{host_of(url)} cannot be found. Is this computer online?") from error
    late = threading.Event()
    connections, sockets = [], []
    watch = threading.Timer(asking.total_seconds, cut, (sockets, late))
    watch.daemon = True
    watch.start()
    try:
        connection = connect(target, connections)
        sockets.append(connection.sock)  # the connection itself forgets it once an answer begins that ends it
        if late.is_set():
            raise TimeoutError
        headers = {"Host": target.name} | asking.headers
        connection.request(asking.method, target.path, headers=headers, preload_content=False)
        with connection.getresponse() as response:
            content = read(response, target.host, asking.max_bytes) if asking.max_bytes else b""
        if late.is_set():  # an answer without a length ends where it is cut
            raise TimeoutError
        return judge(response, content, url, target.host)
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        raise SourceUnavailable(reason(error, target.host, late.is_set())) from error
    finally:
        watch.cancel()
        for connection in connections:
            connection.close()


def connect(target, connections):
    """
    A connection to the first of the checked addresses that answers; TLS names the host and checks its certificate.

    Every attempt is added to `connections`, for whoever has to close it.
    """
    for place, address in enumerate(target.addresses, 1):
        if target.scheme == "http":
            connection = HTTPConnection(address, target.port, timeout=CONNECT_SECONDS)
        else:
            connection = HTTPSConnection(
                address,
                target.port,
                timeout=CONNECT_SECONDS,
                ssl_context=trust(),
                server_hostname=target.host,
                assert_hostname=target.host,
            )
        connections.append(connection)
        try:
            connection.connect()
        except (HTTPError, OSError):
            if place == len(target.addresses):
                raise
            continue
        connection.timeout = READ_SECONDS
        return connection
    raise OSError


@cache
def trust():
    return ssl.create_default_context()


def cut(sockets, late):
    """Ends a request that has taken too long, whatever it is waiting for."""
    late.set()
    for one in sockets:
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


def read(response, host, max_bytes):
    """The body, unpacked and counted while it comes in."""
    parts, size = [], 0
    for part in response.stream(CHUNK, decode_content=True):
        size += len(part)
        if size > max_bytes:
            raise SourceUnavailable(f"{host} sent more than {max_bytes / 1e6:,.0f} MB, which is too much to read.")
        parts.append(part)
    return b"".join(parts)


def judge(response, content, url, host):
    """The answer by its status."""
    status = response.status
    if status in (301, 302, 303, 307, 308) and response.headers.get("Location"):
        # Bytes that a header should not have, as some servers send them.
        return None, quote(response.headers["Location"].encode("latin-1", "replace"), safe=LOCATION)
    if status in BUSY:
        problem = Busy(f"{host} is busy and asks to be asked again later.", status, content)
        problem.wait = seconds(response.headers.get("Retry-After", ""))
        raise problem
    if status == 404:
        raise SourceUnavailable(f"{host} does not know it.", status, content)
    if status != 200:
        raise SourceUnavailable(f"{host} answered with an error (status {status}).", status, content)
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return Fetched(content, media_type, url), ""


def seconds(text):
    """What `Retry-After` asks for (RFC 9110, 10.2.3), a number or a date; None for neither."""
    if text.strip().isdecimal():
        return float(text)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - CLOCK.now())
    except (ValueError, TypeError, OverflowError):
        return None


def reason(error, host, late):
    """The sentence for a request that broke."""
    if isinstance(error, exceptions.NewConnectionError | ConnectionRefusedError) and not late:
        return f"{host} cannot be reached."
    if late or isinstance(error, exceptions.TimeoutError | TimeoutError):
        return f"{host} took too long to answer."
    if isinstance(error, exceptions.SSLError | ssl.SSLError):
        return f"{host} has no valid certificate, so it was not asked."
    if isinstance(error, exceptions.DecodeError):
        return f"{host} sent something that cannot be unpacked."
    return f"{host} broke off before the answer was whole."


def host_of(url):
    try:
        return hosts.origin(url)[1]
    except ValueError:
        return "The source"


def user_agent(mail=""):
    """Who asks, as the sources want it: name, version, the site's address and a mail address where one is known."""
    mail = mail or settings.DEFAULT_FROM_EMAIL
    known = "@" in mail and not mail.endswith("@localhost") and mail.isascii() and mail.isprintable()
    return f"ResearchPortfolio/{VERSION} (+{settings.SITE_URL}{f'; mailto:{mail}' if known else ''})"
