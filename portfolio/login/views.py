"""
From the login page to the desk.

Whoever has a second factor is not logged in by the password alone: the session then only remembers who was right about
it (`Waiting`), and nothing else on the site takes that for a user.
"""

import time

from django.contrib import admin, messages
from django.contrib.auth import authenticate, get_user_model, login
from django.contrib.auth.views import LoginView
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from . import browsers, factors, guesses, notices, sessions

WAITING = "waiting"
WAITING_SECONDS = 600
CONFIRMED = "confirmed"
CONFIRMED_SECONDS = 900
BACKEND = "django.contrib.auth.backends.ModelBackend"


def render_page(request, template, title, **context):
    """A page of the admin. Who is not logged in gets it without the menu."""
    return render(request, template, admin.site.each_context(request) | {"title": title} | context)


def safe_next(request, address):
    """The address, if it leads to a page of this site; else the desk's first page."""
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if is_ours else reverse("admin:index")


def enter(request, user, response):
    """Log the user in, for good, with an answer that makes the browser a known one."""
    is_new = not browsers.known(request, user.get_username())
    login(request, user, BACKEND)
    request.session.pop(WAITING, None)
    sessions.begin(request)
    request.session[CONFIRMED] = time.time()
    browsers.remember(request, response, user)
    if is_new:
        notices.send(user, f"A login from a new browser: {request.session[sessions.BROWSER]}.")
    return response


class PasswordStep(LoginView):
    """The login page: a name and a password, or a passkey."""

    def form_valid(self, form):
        user, address = form.get_user(), self.get_success_url()
        if factors.is_needed(user):
            wait(self.request, user, address)
            return redirect("admin:second_factor")
        return enter(self.request, user, redirect(address))


# --- The second step ----------------------------------------------------------------------------------------------


def wait(request, user, address):
    """Remember who was right about the password, and where they were going."""
    request.session.flush()
    request.session[WAITING] = {
        "user": user.pk,
        "password": user.get_session_auth_hash(),
        "next": address,
        "since": time.time(),
    }


def waiting_user(request):
    """Who was right about the password in this session, a few minutes ago; None for nobody."""
    waiting = request.session.get(WAITING)
    if not waiting or time.time() - waiting["since"] > WAITING_SECONDS:
        return None
    user = get_user_model().objects.filter(pk=waiting["user"], is_active=True, is_staff=True).first()
    is_same = user and constant_time_compare(waiting["password"], user.get_session_auth_hash())
    return user if is_same else None


@never_cache
@csrf_protect
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("code")
def second_factor(request):
    """Ask for a code of the app or a recovery code (or a passkey: passkeys.py), and log in with it."""
    user = waiting_user(request)
    if user is None:
        return redirect("admin:login")
    problem = ""
    if request.method == "POST":
        code = request.POST.get("code", "")
        # A recovery code is not counted, so that a thief of the password cannot keep its owner out.
        if factors.can_be_guessed(code):
            request.try_again_at = guesses.Guess(request, user.get_username(), "code").count()
            if request.try_again_at:
                warn_of_password(request, user)
                return guesses.refused(request)
        left = factors.recovery_codes_left(user)
        if factors.is_right(user, code):
            response = enter(request, user, redirect(safe_next(request, request.session[WAITING]["next"])))
            warn_of_recovery_codes(request, user, left)
            return response
        warn_of_password(request, user)
        problem = "This code is not right. Take the one that the app shows now, or one of your recovery codes."
    return render_page(
        request,
        "admin/second_factor.html",
        "Second factor",
        problem=problem,
        has_app=factors.app_of(user) is not None,
        has_passkeys=user.passkeys.exists(),
    )


def warn_of_password(request, user):
    """Mail, once an hour, that a strange browser had the password, and no code: somebody may have stolen it."""
    name = user.get_username()
    if not browsers.known(request, name) and guesses.is_first_of_the_hour("warning", name):
        notices.send(user, "Somebody gave your password, and not the code.")


def warn_of_recovery_codes(request, user, before):
    """Say how many recovery codes are left, after a login that has used one up."""
    left = factors.recovery_codes_left(user)
    if left < before:
        messages.warning(request, f"That recovery code is used up; {left} are left. New ones are made under Security.")
        notices.send(user, "A login with a recovery code.")


# --- Once more, before something that matters -----------------------------------------------------------------------


def is_confirmed(request):
    """Whether the password, or another way in, was asked for in the last minutes."""
    return time.time() - request.session.get(CONFIRMED, 0) < CONFIRMED_SECONDS


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
def confirm(request):
    """Ask for the password once more, before the factors of an account are changed from a desk that was left open."""
    problem, address = "", safe_next(request, request.GET.get("next", ""))
    if request.method == "POST":
        user = authenticate(request, username=request.user.get_username(), password=request.POST.get("password", ""))
        if user is not None and user.pk == request.user.pk:
            guesses.Guess(request, user.get_username()).forget()
            request.session[CONFIRMED] = time.time()
            return redirect(address)
        problem = "That is not your password."
    return render_page(request, "admin/confirm.html", "Your password, please", problem=problem)


# --- A browser that the server vouches for --------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET"])
def known_browser(request, invitation):
    """Make the browser a known one: the link is from `manage.py unlock_owner`, and opens nothing by itself."""
    user = get_user_model().objects.filter(username=browsers.invited(invitation)).first()
    response = redirect("admin:login")
    if user is None:
        messages.error(request, "This link is too old, or not complete. The command on the server makes another one.")
    else:
        browsers.remember(request, response, user)
    return response
