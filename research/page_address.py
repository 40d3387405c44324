"""Which requests may be answered with a page that others got, and what it is kept under."""

import re
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import QueryDict
from django.http.request import split_domain_port, validate_host
from django.utils.http import urlencode

from portfolio.proxies import is_trusted

from .citations import text
from .publication_filter import PublicationFilter
from .views.formats import DEFAULT_STYLE, HTML, STYLE_NAMES, chosen_format, requested_style

# Not pages, or not for everybody; the files among them are served with validators of their own.
ELSEWHERE = ("/admin/", "/drafts/", settings.MEDIA_URL, settings.STATIC_URL)
COOKIES = (settings.SESSION_COOKIE_NAME, "messages")


def address(environ):
    """
    (path, query) of a request that everybody gets the same answer to, else None.

    The query is brought to one form, without what the page does not read, so that it cannot be varied at will.
    """
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return None
    path = environ["PATH_INFO"]
    if path.startswith(ELSEWHERE) or path.endswith(".pdf") or not is_our_host(environ.get("HTTP_HOST", "")):
        return None
    if (cookies := environ.get("HTTP_COOKIE")) and any(name in cookies for name in COOKIES):
        return None
    if settings.IS_HTTPS and not is_secure(environ):
        return None
    query = environ["QUERY_STRING"]
    if query and (query := normal_query(path, query)) is None:
        return None
    return path, query


@lru_cache(maxsize=64)
def is_our_host(host):
    """Whether a Host header, with any port, is one of the site's; no page shows which one it was."""
    return validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)


def is_secure(environ):
    """Whether the visitor came by https, as Django takes it; who did not is redirected."""
    if environ.get("wsgi.url_scheme") == "https":
        return True
    return environ.get("HTTP_X_FORWARDED_PROTO") == "https" and trusted(environ.get("REMOTE_ADDR", ""))


trusted = lru_cache(maxsize=64)(is_trusted)


def filtered(asked):
    return PublicationFilter.of(asked).query.removeprefix("?")


def filtered_file(asked):
    return "&".join(filter(None, [filtered(asked), flavoured(asked)]))


def flavoured(asked):
    return "flavour=latex" if asked.get("flavour") == "latex" else ""


def styled(asked):
    style = STYLE_NAMES.get(asked.get("style"), DEFAULT_STYLE)
    return "" if style == DEFAULT_STYLE else f"style={style}"


def cited(asked):
    return "&".join(filter(None, [styled(asked), flavoured(asked)]))


def named(asked):
    return urlencode({name: asked[name] for name in ("id", "format") if name in asked})


def nothing(asked):
    return ""


# What each page reads of its query, as a query in one form. A page that is not here is kept without a query only.
QUERIES = [
    (re.compile(pattern), read)
    for pattern, read in (
        (r"/publications/(page/\d+/|feed\.xml)?", filtered),
        (r"/publications\.\w+", filtered_file),
        (r"/publications/[-\w]+/", styled),
        (r"/publications/[-\w]+/[-\w]+\.\w+", cited),
        (r"/unapi", named),
        (r"/|/feed\.xml|/projects/([-\w]+/)?|/robots\.txt|/style/[-\w]+\.css", nothing),
    )
]


@lru_cache(maxsize=256)
def normal_query(path, query):
    """The query in one form, "" where the page reads nothing of it; None for one of a page that is not known."""
    for pattern, read in QUERIES:
        if pattern.fullmatch(path):
            try:
                return read(QueryDict(query.encode("latin-1")))  # WSGI hands over bytes as text of that name
            except SuspiciousOperation:  # more parameters than Django takes
                return None
    return None


@lru_cache(maxsize=256)
def variant(accept):
    """Which of the formats of a negotiated page an Accept header leads to, as a text; "" for none."""
    chosen = chosen_format(accept)
    if chosen is text:
        return f"{text.EXTENSION}:{requested_style(accept)}"
    return chosen if chosen is None or chosen is HTML else chosen.EXTENSION
