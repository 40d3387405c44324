"""
Whole pages in memory, in front of Django: the outermost layer of the WSGI application.

A page is rendered once in each generation of the content (`generation`), and then sent from memory in the encoding
that a visitor takes, or as 304. Only what everybody gets alike is kept (`page_address` and `is_for_everybody`); what
is asked for with a session goes straight to Django, and is not compressed: a page that holds a secret beside words of
the request would give it away by its length (the BREACH attack).
"""

import logging
import threading
import time

from django.db import Error

from . import generation
from .finished import Finished, accepted_encoding, header, is_known_to
from .page_address import address, variant
from .storage import NO_HANDLE

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1  # how often the file of the generation is looked for: it may have been replaced
PATIENCE_SECONDS = 10  # how long a request waits for another that renders the same page
QUERIES_SHARE = 0.25  # of the memory, for pages with a query: nobody shall push out the others by inventing searches
LARGEST_SHARE = 0.25  # of a shelf, for one page
MAY_VARY = {"", "accept", "accept-encoding", "cookie"}


class PageCache:
    """The WSGI application `application`, with up to `limit` bytes of its pages in memory; 0 keeps none."""

    def __init__(self, application, limit, clock=time.time, next_publication=generation.next_publication, reader=None):
        self.application = application
        self.limit = limit
        self.clock = clock
        self.next_publication = next_publication
        self.reader = reader or generation.Reader()
        self.pages = None
        self.has_warned = False
        self.lock = threading.Lock()

    def __call__(self, environ, start_response):
        asked = address(environ)
        if asked is None:
            return self.application(environ, start_response)
        pages = self.current()
        page = pages.find(asked, environ) if pages else None
        if page is None:
            page, passed_on = self.made(pages, asked, environ, start_response)
            if page is None:
                return passed_on
        encoding = accepted_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        chosen = page.representations.get(encoding)
        if chosen is None:
            chosen = page.represent(encoding)
            if pages:
                pages.make_room()
        return answer(chosen, environ, start_response)

    def current(self):
        """The pages of this generation; None while there is none, or where none are kept."""
        pages, now = self.pages, self.clock()
        if pages and pages.number == self.reader.number() and now < pages.look_at:
            pages.now = now
            return pages
        return self.renewed() if self.limit else None

    def renewed(self):
        """The pages of this generation, a new set where content has changed or something has become public."""
        with self.lock:
            now = self.clock()
            try:
                number = self.reader.look()
                if self.reader.is_changing(number):
                    return None
                if not (self.pages and self.pages.number == number and now < self.pages.ends):
                    self.pages = Pages(number, self.next_publication(), self.limit)
            except (OSError, Error) as error:
                if pages := self.kept_without_files(error, now):
                    return pages
                if not self.has_warned:
                    logger.warning("Pages are rendered for every visitor: none can be kept for now.", exc_info=True)
                self.has_warned = True
                return None
            self.has_warned = False
            self.pages.now, self.pages.look_at = now, min(now + LOOK_SECONDS, self.pages.ends)
            return self.pages

    def kept_without_files(self, error, now):
        """The pages as they are where no file can be opened just now: the number that is mapped still counts."""
        if getattr(error, "errno", None) not in NO_HANDLE or not self.pages:
            return None
        if self.pages.number != self.reader.number() or now >= self.pages.ends:
            return None
        self.pages.now = now
        return self.pages

    def made(self, pages, asked, environ, start_response):
        """(the page, None), or (None, the application's own answer, which has begun) where it is not for everybody."""
        if pages is None:
            return self.rendered(asked, environ, start_response)
        key = (*asked, variant(environ.get("HTTP_ACCEPT", "")))
        render, is_mine = pages.join(key)
        if not is_mine:
            if render.done.wait(PATIENCE_SECONDS) and render.page:
                return render.page, None
            return self.rendered(asked, environ, start_response)
        try:
            page, passed_on = self.rendered(asked, environ, start_response)
            if page:
                pages.keep(key, page)
            render.page = page
            return page, passed_on
        finally:
            pages.leave(key)
            render.done.set()

    def rendered(self, asked, environ, start_response):
        """As `made`. The application sees what all who share the page have asked for."""
        query = asked[1]
        shared = environ | {"REQUEST_METHOD": "GET", "QUERY_STRING": query}
        for name in ("HTTP_ACCEPT_ENCODING", "HTTP_COOKIE", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"):
            shared.pop(name, None)
        begun = []
        response = self.application(shared, lambda *arguments: begun.append(arguments))
        status, headers = begun[-1][:2]
        if is_for_everybody(status, headers, response):
            try:
                return Finished(headers, b"".join(response)), None
            finally:
                response.close()
        if query != environ["QUERY_STRING"]:  # a redirect keeps what a page would not have read
            response.close()
            return None, self.application(environ, start_response)
        start_response(*begun[-1])
        return None, response


def is_for_everybody(status, headers, response):
    """Whether an answer to a request that shows nobody in particular may be given to others, as it is."""
    cache_control = header(headers, "Cache-Control").lower()
    return (
        status.startswith("200")
        and not getattr(response, "streaming", True)
        and not any(word in cache_control for word in ("private", "no-store", "no-cache"))
        and not any(header(headers, name) for name in ("Set-Cookie", "Content-Encoding"))
        and varies_by(headers) <= MAY_VARY
    )


def varies_by(headers):
    return {name.strip().lower() for name in header(headers, "Vary").split(",")}


def answer(chosen, environ, start_response):
    """Send a representation of a page: 200 or 304, without its body to HEAD."""
    if (known := environ.get("HTTP_IF_NONE_MATCH")) and is_known_to(known, chosen.etag):
        start_response("304 Not Modified", chosen.headers_304)
        return []
    start_response("200 OK", chosen.headers)
    return chosen.body if environ["REQUEST_METHOD"] == "GET" else []


class Render:
    """A page that is being rendered; `page` is None while it is, and where it is not for everybody."""

    def __init__(self):
        self.done = threading.Event()
        self.page = None


class Pages:
    """The pages of one generation, up to a number of bytes; it `ends` when something becomes public by itself."""

    def __init__(self, number, ends, limit):
        self.number = number
        self.ends = self.look_at = ends
        self.now = 0.0
        self.plain = Shelf(limit * (1 - QUERIES_SHARE))
        self.queried = Shelf(limit * QUERIES_SHARE)
        self.negotiated = set()  # the paths whose pages differ by the header Accept
        self.renders = {}
        self.lock = threading.Lock()

    def find(self, asked, environ):
        """The kept page that a request asks for, or None."""
        path, query = asked
        if path in self.negotiated:
            asked = (path, query, variant(environ.get("HTTP_ACCEPT", "")))
        page = (self.queried if query else self.plain).get(asked)
        if page:
            page.used = self.now
        return page

    def join(self, key):
        """(the render of a page, whether it is the caller's to make)"""
        with self.lock:
            if key in self.renders:
                return self.renders[key], False
            self.renders[key] = Render()
            return self.renders[key], True

    def leave(self, key):
        with self.lock:
            del self.renders[key]

    def keep(self, key, page):
        """Keep a page under (path, query, variant), of which it may not need the last."""
        path, query, _ = key
        page.used = self.now
        with self.lock:
            if "accept" in varies_by(page.headers):
                self.negotiated.add(path)
            else:
                key = (path, query)
            (self.queried if query else self.plain).put(key, page)

    def make_room(self):
        """A page that is kept has grown."""
        with self.lock:
            self.plain.make_room()
            self.queried.make_room()


class Shelf(dict):
    """Pages by their key, up to `limit` bytes; those that were asked for longest ago go first."""

    def __init__(self, limit):
        self.limit = limit

    @property
    def size(self):
        return sum(page.size for page in self.values())  # a page grows with the encodings that it is asked for in

    def put(self, key, page):
        if page.size <= self.limit * LARGEST_SHARE:
            self[key] = page
            self.make_room()

    def make_room(self):
        """Where there are too many, discard until an eighth is free: looking for the oldest takes time."""
        excess = self.size - self.limit
        if excess > 0:
            excess += self.limit / 8
            for key in sorted(self, key=lambda key: self[key].used):
                excess -= self.pop(key).size
                if excess <= 0:
                    break
