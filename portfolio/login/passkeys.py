"""
Passkeys (WebAuthn): making one on the Security page, and logging in with one. The pages' script asks these addresses.

A passkey that has asked for its owner's finger or PIN is both factors in one, and needs no name. What a login has to
sign lies in a signed cookie, not in a session, so that nobody can fill the database by asking for it.
"""

import json
import time
from functools import wraps

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core import signing
from django.http import JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from . import security, views
from .models import WebAuthnCredential

SALT = "portfolio.passkeys"
SECONDS = 300  # that a person has for it
REGISTERING = "passkey"  # in the session
# What a passkey raises that does not fit, and what anything else raises that may be sent here.
REFUSED = (
    *(WebAuthnCredential.DoesNotExist, signing.BadSignature),
    *(ValueError, LookupError, TypeError, AttributeError, RecursionError),
)


def ceremonies():
    """The module that checks passkeys: imported by the first one, as it says itself."""
    from . import ceremonies

    return ceremonies


def refusal(sentence):
    return JsonResponse({"error": sentence}, status=400)


# --- Logging in -----------------------------------------------------------------------------------------------------


@never_cache
@csrf_protect
@require_POST
def begin_login(request):
    """What a passkey has to sign; after a password, one of that user's, which need not ask for a finger or a PIN."""
    user = views.waiting_user(request)
    options = ceremonies().begin_authentication(user, SECONDS)
    state = {"challenge": options["challenge"], "since": time.time(), "user": user.pk if user else None}
    response = JsonResponse(options)
    response.set_cookie(
        settings.PASSKEY_COOKIE_NAME,
        signing.dumps(state, salt=SALT),
        max_age=SECONDS,
        path=reverse("admin:index"),
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Strict",
    )
    return response


@never_cache
@csrf_protect
@require_POST
def complete_login(request):
    """Log in whoever signed it; the answer says where to go."""
    try:
        user = signed_by(request)
    except REFUSED:
        return refusal("This passkey was not accepted. Try it again, or log in with your password.")
    waiting = request.session.get(views.WAITING)
    address = views.safe_next(request, waiting["next"] if waiting else request.GET.get("next", ""))
    response = views.enter(request, user, JsonResponse({"next": address}))
    response.delete_cookie(settings.PASSKEY_COOKIE_NAME, path=reverse("admin:index"), samesite="Strict")
    return response


def signed_by(request):
    """The user whose passkey signed what this browser was asked to sign; raises one of REFUSED."""
    state = signing.loads(request.COOKIES.get(settings.PASSKEY_COOKIE_NAME, ""), salt=SALT, max_age=SECONDS)
    asked = get_user_model().objects.filter(pk=state["user"]).first() if state["user"] else None
    if asked != (views.waiting_user(request) if state["user"] else None):
        raise ValueError("the password was given too long ago")
    answer = json.loads(request.body)
    passkey = ceremonies().complete_authentication(asked, state["challenge"], state["since"], answer)
    if not (passkey.user.is_active and passkey.user.is_staff):
        raise ValueError("nobody may log in with it")
    return passkey.user


# --- Making one -----------------------------------------------------------------------------------------------------


def for_confirmed(view):
    """Somebody who is logged in, and has confirmed that lately."""

    @never_cache
    @csrf_protect
    @require_POST
    @wraps(view)
    def wrapped(request):
        if not (admin.site.has_permission(request) and views.is_confirmed(request)):
            return refusal("Open the Security page anew, and try it again.")
        return view(request)

    return wrapped


@for_confirmed
def begin_registration(request):
    options = ceremonies().begin_registration(request.user, SECONDS)
    request.session[REGISTERING] = {"challenge": options["challenge"], "since": time.time()}
    return JsonResponse(options)


@for_confirmed
def complete_registration(request):
    """Store the new passkey; the answer says where to go."""
    asked = request.session.pop(REGISTERING, {"since": 0})
    longest = WebAuthnCredential._meta.get_field("name").max_length
    name = " ".join(request.GET.get("name", "").split())[:longest] or "Passkey"
    try:
        if time.time() - asked["since"] > SECONDS:
            raise ValueError("it was asked for too long ago, or never")
        answer = json.loads(request.body)
        passkey = ceremonies().complete_registration(request.user, name, asked["challenge"], answer)
    except REFUSED:
        return refusal("The passkey was not accepted. Try it again.")
    security.tell(request, f"A new passkey, “{passkey.name}”.")
    return JsonResponse({"next": reverse("admin:security")})
