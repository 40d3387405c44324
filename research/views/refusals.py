"""What is said to a request that is refused, whatever refuses it: what happened, and what to do."""

from contextlib import suppress

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpResponse, HttpResponseNotAllowed, UnreadablePostError

from .errors import plain_page

GO_BACK = "Go back with your browser's button: what you typed should still be there."
REASONS = {
    DisallowedHost: lambda: "The site is not to be had under this address. Take the one by which you know it.",
    RequestDataTooBig: lambda: (
        f"The texts of a form may have {settings.DATA_UPLOAD_MAX_MEMORY_SIZE / 1e6:.1f} MB together. {GO_BACK} "
        "Shorten it, and save again."
    ),
    TooManyFieldsSent: lambda: (
        f"A form may have {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:,} fields. {GO_BACK} Save it in two parts."
    ),
    TooManyFilesSent: lambda: (
        f"A form may have {settings.DATA_UPLOAD_MAX_NUMBER_FILES} files. {GO_BACK} Send fewer at once."
    ),
    UnreadablePostError: lambda: (
        f"Not all that you sent has come, so nothing of it was taken. {GO_BACK} Send it again."
    ),
}
UNREADABLE = f"What your browser sent cannot be read. {GO_BACK} Load the page anew, and try again."
NOT_ALLOWED = "Your account may not do this. Log in as somebody who may, or ask the owner of the site."
UNPROVEN = (
    "Your browser did not show that this form came from here: it keeps no cookies of this site, or you have logged in "
    "or out meanwhile. Go back with your browser's button, copy what you typed, load the page anew and send it again."
)


def bad_request(request, exception):
    """400, or 413: for what cannot be read, has not all come, or is too much."""
    take_the_rest(request)
    status = 413 if isinstance(exception, RequestDataTooBig) else 400
    sentence = next((text() for kind, text in REASONS.items() if isinstance(exception, kind)), UNREADABLE)
    return refusal(request, status, "This cannot be taken", sentence)


def take_the_rest(request):
    """
    Read a form to its end that Django has begun and found too much: a front server may lose an answer that comes in the
    midst of what it sends (Caddy says that nothing has answered). What was not begun it has not asked for yet.
    """
    if request._read_started and request.content_type == "multipart/form-data":
        with suppress(UnreadablePostError):  # who sent it has gone
            while request.read(65_536):
                pass


def permission_denied(request, exception):
    """403: for who is logged in, and may not."""
    return refusal(request, 403, "This is not for you to do", NOT_ALLOWED)


def csrf_failure(request, reason=""):
    """403: for a form that another site may have sent."""
    return refusal(request, 403, "Nothing was saved", UNPROVEN)


def refusal(request, status, title, sentence):
    page = plain_page("refused.html", request, title=title, sentence=sentence)
    return HttpResponse(page, status=status, headers={"Cache-Control": "no-store"})


class MethodIsSaid:
    """Middleware: the answer to a method that an address does not know says which it knows."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            response.content = f"This address answers {response['Allow']} alone.\n"
            response["Content-Type"] = "text/plain; charset=utf-8"
        return response


class BodyIsWhole:
    """Middleware: a form of which not all has come is refused. CsrfViewMiddleware would go on with an empty one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, *view):
        try:
            request.POST  # noqa: B018 - it is read when it is asked for; of other methods it is empty
        except UnreadablePostError as error:
            return bad_request(request, error)
        return None

    def process_exception(self, request, exception):
        return bad_request(request, exception) if isinstance(exception, UnreadablePostError) else None
