"""
Stored files over HTTP: whole or the part that is asked for, and not again to those who have them already.

No library does this well: django-ranged-response was left in 2018, WhiteNoise's parser refuses a part of one byte and
reads only from a disk, and Werkzeug is a framework of its own.
"""

import hashlib
import re

from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from ..storage import StoreUnavailable

# Nothing that was uploaded runs in the site's name: it has an origin of its own, and may load and do nothing.
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
CHUNK = 2**16  # bytes in memory at a time, however large the file
# One part: "bytes=0-499", "bytes=500-" or "bytes=-500". Python reads no number of thousands of digits.
RANGE = re.compile(r"bytes=(?:([0-9]{1,99})-([0-9]{0,99})|-([0-9]{1,99}))", re.IGNORECASE)


def serve(request, name, changed, **options):
    """
    The answer that holds a stored file (RFC 9110), in its sandbox: 200, 206, 304, 412 or 416.

    `changed(name)` is when the address got this content, as a datetime. `options` are FileResponse's. Raises Http404
    where no such file is stored, and StoreUnavailable where the store does not say.
    """
    try:
        moment = int(changed(name).timestamp())
        file = default_storage.open(name)
    except StoreUnavailable:
        raise
    except (OSError, ValueError, SuspiciousOperation) as error:
        raise Http404 from error
    response = FileResponse(file, **options)
    response.block_size = CHUNK
    response["Accept-Ranges"] = "bytes"
    response["Content-Security-Policy"] = SANDBOX
    response["Last-Modified"] = http_date(moment)
    # The name is made from the content; of the name only a digest is told, and the size tells a file cut short.
    digest = hashlib.sha256(f"{name} {response['Content-Length']}".encode()).hexdigest()
    response["ETag"] = etag = f'"{digest[:32]}"'
    answer = get_conditional_response(request, etag, moment, response)
    if answer is response and request.method == "GET":
        answer = part(request, response, file)
    if answer is not response or request.method == "HEAD":
        file.close()
        response.streaming_content = ()
    return answer


def part(request, response, file):
    """The response with the part that the request asks for; the whole where it asks for none, or for several."""
    size = int(response["Content-Length"])
    # If-Range holds by this ETag alone (13.1.5): a date would have to be exact to less than a second.
    is_same = request.headers.get("If-Range", response["ETag"]) == response["ETag"]
    asked = asked_range(request.headers.get("Range", ""), size) if is_same else None
    if asked is None:
        return response
    if not asked:
        sentence = f"This file has {size} bytes: there is nothing in the part that you ask for.\n"
        return HttpResponse(
            sentence,
            status=416,
            content_type="text/plain; charset=utf-8",
            headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"},
        )
    file.seek(asked.start)
    response.streaming_content = chunks(file, len(asked))
    response.status_code = 206
    response["Content-Range"] = f"bytes {asked.start}-{asked.stop - 1}/{size}"
    response["Content-Length"] = len(asked)
    return response


def asked_range(header, size):
    """
    The places of the bytes that a Range header asks for, as a `range`; an empty one where the file has none of them.

    None is the whole: for a header that cannot be read, and for one of several parts (RFC 9110, 14.2).
    """
    asked = RANGE.fullmatch(header.strip())
    if not asked:
        return None
    first, last, suffix = (int(number) if number else None for number in asked.groups())
    if suffix is not None:
        return range(max(0, size - suffix), size)
    if last is not None and last < first:
        return None
    return range(first, size if last is None else min(last + 1, size))


def chunks(file, length):
    """The next `length` bytes of a file, piece by piece."""
    while length > 0 and (chunk := file.read(min(CHUNK, length))):
        length -= len(chunk)
        yield chunk
