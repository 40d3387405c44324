"""The body of a request that was broken off."""

import io

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import UnreadablePostError

from portfolio.bodies import Body, BrokenOff


class Line(io.BytesIO):
    """It hands on a few bytes at a time."""

    def read(self, size=-1):
        return super().read(min(size, 3))


def test_all_bytes_come_however_few_at_a_time():
    body = Body(Line(b"owls see in the dark"))
    assert (body.read(4), body.read(16)) == (b"owls", b" see in the dark")


@pytest.mark.parametrize("sent", [b"", b"owls"])
def test_what_has_not_come_is_no_end(sent):
    with pytest.raises(BrokenOff, match=f"^{5 - len(sent)} bytes of the body have not come"):
        Body(Line(sent)).read(5)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("application/x-www-form-urlencoded", b"title=Owls&venue=Strix"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\nOwls\r\n--x--\r\n',
        ),
    ],
)
def test_django_has_a_form_whole_or_not_at_all(kind, text):
    def request(sent):
        environ = {"REQUEST_METHOD": "POST", "CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(text))}
        return WSGIRequest(environ | {"wsgi.input": Body(io.BytesIO(sent))})

    assert request(text).POST["title"] == "Owls"
    with pytest.raises(UnreadablePostError):
        request(text[:-3]).POST  # noqa: B018 - it is read when it is asked for
