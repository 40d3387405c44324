"""A finished answer: its bytes in each encoding, with validators, as RFC 9110 wants it sent."""

import gzip
import hashlib
import re
from functools import lru_cache
from typing import NamedTuple

import brotli

REVALIDATE = "public, max-age=0, must-revalidate"
HEADERS_SIZE = 1_000  # bytes that the headers of a representation take in memory, about
NOT_WORTH_IT = 200  # bytes: a smaller body gains nothing
COMPRESSED_ALREADY = ("image/", "video/", "audio/", "font/", "application/pdf", "application/zip")
COMPRESS = {
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}
ENCODINGS = (*COMPRESS, "identity")  # of what is equally welcome, the first
SET_HERE = {"content-length", "vary", "etag"}  # a representation has its own
OF_ONE_REQUEST = {"x-request-id"}  # that for which it was rendered
# Section 15.4.5, and what a page of another site needs to be given what it has kept.
IN_304 = {"etag", "cache-control", "content-location", "expires", "vary", "access-control-allow-origin"}
ETAG = re.compile(r'(?:W/)?("[^"]*")')


class Representation(NamedTuple):
    """What is sent: a list of chunks, and headers for 200 and for 304."""

    etag: str
    headers: list
    body: list
    headers_304: list


class Finished:
    """
    A response with status 200: its representations by encoding, each made when it is asked for first.

    `used` is when it was sent last, `size` about how many bytes of memory it takes.
    """

    def __init__(self, headers, body):
        """`headers` are pairs; `body` is bytes, not encoded."""
        self.digest = hashlib.blake2b(body, digest_size=12).hexdigest()
        self.headers = [(name, value) for name, value in headers if name.lower() not in SET_HERE | OF_ONE_REQUEST]
        if not header(headers, "Cache-Control"):
            self.headers.append(("Cache-Control", REVALIDATE))
        vary = header(headers, "Vary")
        if is_compressible(headers, body):
            vary = f"{vary}, Accept-Encoding" if vary else "Accept-Encoding"
        if vary:
            self.headers.append(("Vary", vary))
        self.used = 0.0
        self.size = 0
        self.representations = {}
        self.represent("identity", body)
        if "Accept-Encoding" not in vary:
            self.representations |= dict.fromkeys(ENCODINGS, self.representations["identity"])

    def represent(self, encoding, body=None):
        """The representation in an encoding, which is remembered."""
        if body is None:
            body = COMPRESS[encoding](self.representations["identity"].body[0])
        etag = f'"{self.digest}"' if encoding == "identity" else f'"{self.digest}-{encoding}"'
        headers = [*self.headers, ("ETag", etag)]
        headers_304 = [(name, value) for name, value in headers if name.lower() in IN_304]
        if encoding != "identity":
            headers.append(("Content-Encoding", encoding))
        headers.append(("Content-Length", str(len(body))))
        made = self.representations[encoding] = Representation(etag, headers, [body], headers_304)
        self.size += len(body) + HEADERS_SIZE
        return made


def header(headers, name):
    """The value of a header among pairs, "" where there is none."""
    return next((value for each, value in headers if each.lower() == name.lower()), "")


def is_compressible(headers, body):
    kind = header(headers, "Content-Type")
    return len(body) >= NOT_WORTH_IT and (kind.startswith("image/svg") or not kind.startswith(COMPRESSED_ALREADY))


@lru_cache(maxsize=256)
def accepted_encoding(accept_encoding):
    """The best of our encodings for a header Accept-Encoding (section 12.5.3); "identity" where none is welcome."""
    qualities = {}
    for part in accept_encoding.lower().split(","):
        name, *parameters = (word.strip() for word in part.split(";"))
        qualities[{"x-gzip": "gzip"}.get(name, name)] = quality(parameters)
    others = qualities.get("*", 0)
    welcome = {name: qualities.get(name, others) for name in COMPRESS} | {"identity": qualities.get("identity", 0.001)}
    best = max(ENCODINGS, key=welcome.get)
    return best if welcome[best] else "identity"


def quality(parameters):
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:])
            except ValueError:
                return 0
    return 1


def is_known_to(if_none_match, etag):
    """Whether a header If-None-Match names the entity tag: compared weakly (section 13.1.2), in a list, or "*"."""
    return if_none_match.strip() == "*" or etag in ETAG.findall(if_none_match)
