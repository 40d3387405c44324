"""The Security page of the admin: somebody's own second factor, and the sessions that are open."""

from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from . import factors, guesses, notices, sessions, views


def confirmed(view):
    """First asks for the password, where that was too long ago."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        if not views.is_confirmed(request):
            return ask_first(request.path if request.method == "GET" else reverse("admin:security"))
        return view(request, *args, **kwargs)

    return wrapped


def ask_first(address):
    """The way to the page that asks for the password, and from there to an address."""
    return redirect(f"{reverse('admin:confirm')}?{urlencode({'next': address})}")


@require_safe
def security(request):
    guesses.purge()
    return views.render_page(
        request,
        "admin/security.html",
        "Security",
        app=factors.app_of(request.user),
        passkeys=request.user.passkeys.all(),
        passkeys_work=settings.PASSKEYS_WORK,
        is_confirmed=views.is_confirmed(request),
        codes_left=factors.recovery_codes_left(request.user),
        is_needed=factors.is_needed(request.user),
        sessions=sessions.of(request),
        has_mail=settings.SENDS_MAIL and bool(request.user.email),
    )


# --- The app --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@confirmed
def app(request):
    """Make the key of an app (POST without a code), show it (GET), and take it when a code of it comes (POST)."""
    problem = ""
    if request.method == "POST" and "code" not in request.POST:
        factors.offer_app(request.user)
        return redirect("admin:security_app")
    offered = factors.offered_app(request.user)
    if offered is None:
        return redirect("admin:security")
    if request.method == "POST":
        if factors.take_app(request.user, request.POST.get("code", "")):
            tell(request, "An app for codes was set up as second factor.")
            return redirect("admin:security") if factors.recovery_codes_left(request.user) else new_codes(request)
        problem = "This code does not fit. Is the time of the phone right? Type the code that the app shows now."
    context = {"key": factors.key_of(offered), "problem": problem}
    return views.render_page(request, "admin/security_app.html", "Set up an app for codes", **context)


@require_safe
@confirmed
def app_picture(request):
    """The QR code of the app that is being set up."""
    offered = factors.offered_app(request.user)
    if offered is None:
        raise Http404("No app is being set up.")
    return HttpResponse(factors.picture_of(offered), content_type="image/svg+xml")


@require_POST
@confirmed
def remove_app(request):
    factors.remove_app(request.user)
    return removed(request, "The app for codes was removed from the account.")


@require_POST
@confirmed
def remove_passkey(request, key):
    factors.remove_passkey(request.user, key)
    return removed(request, "A passkey was removed from the account.")


def removed(request, event):
    tell(request, event)
    return redirect("admin:security")


def tell(request, event):
    """After a change of the factors: whoever else is in has to come in anew; it is mailed, and said."""
    ended = sessions.end(request)
    notices.send(request.user, event)
    messages.success(request, f"{event} All other sessions have ended." if ended else event)


@require_POST
@confirmed
def recovery_codes(request):
    """Make new recovery codes and show them, this once."""
    if not factors.is_needed(request.user):
        messages.warning(request, "Recovery codes stand for a second factor: set up an app or a passkey first.")
        return redirect("admin:security")
    return new_codes(request)


def new_codes(request):
    codes = factors.new_recovery_codes(request.user)
    notices.send(request.user, "New recovery codes were made.")
    return views.render_page(request, "admin/recovery_codes.html", "Your recovery codes", codes=codes)


# --- Sessions -------------------------------------------------------------------------------------------------------


@require_POST
def end_sessions(request):
    """End the session whose handle is sent, or all but this one."""
    count = sessions.end(request, request.POST.get("session"))
    messages.success(request, f"Ended: {count} session{'' if count == 1 else 's'}.")
    return redirect("admin:security")
