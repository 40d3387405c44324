"""
A body that was broken off is no shorter body.

When a line is lost in the midst of a form, as a phone's is, Granian hands on what has come as if it were all, and
Django would save the fields that have not come as empty ones. WSGI leaves it to the application to heed the length.
"""


class BrokenOff(OSError):
    """Whoever sent the body has gone before all of it had come. Django makes an UnreadablePostError of it."""


class Body:
    """A request's `wsgi.input`, which has all the bytes that are asked of it, or raises BrokenOff."""

    def __init__(self, stream):
        self.stream = stream
        self.readline = stream.readline  # Django wants it there, and reads no form by it

    def read(self, size):
        """`size` bytes; Django (LimitedStream) asks for no more than the request's length has left."""
        pieces, missing = [], size
        while missing:
            piece = self.stream.read(missing)
            if not piece:
                raise BrokenOff(f"{missing} bytes of the body have not come.")
            pieces.append(piece)
            missing -= len(piece)
        return b"".join(pieces)
