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
from django_otp_webauthn.exceptions import OTPWebAuthnApiError
from django_otp_webauthn.models import WebAuthnCredential
from webauthn import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException

from . import factors, notices, sessions, views

SALT = "portfolio.passkeys"
SECONDS = 300  # that a person has for it
REGISTERING = "passkey"  # in the session
LONGEST_NAME = 64  # of the column
# What a passkey raises that does not fit, and what anything else raises that may be sent here.
REFUSED = (
    *(WebAuthnException, OTPWebAuthnApiError, WebAuthnCredential.DoesNotExist, signing.BadSignature),
    *(ValueError, KeyError, TypeError, AttributeError),
)


def helper(request):
    return WebAuthnCredential.get_webauthn_helper(request)


def refusal(sentence):
    return JsonResponse({"error": sentence}, status=400)


# --- Logging in -----------------------------------------------------------------------------------------------------


@never_cache
@csrf_protect
@require_POST
def begin_login(request):
    """What a passkey has to sign; after a password, one of that user's, which need not ask for a finger or a PIN."""
    user = views.waiting_user(request)
    options, state = helper(request).authenticate_begin(user=user, require_user_verification=user is None)
    state |= {"since": time.time(), "user": user.pk if user else None}
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
    data = json.loads(request.body)
    passkey = WebAuthnCredential.get_by_credential_id(base64url_to_bytes(data["rawId"]))
    if passkey.last_used_at and passkey.last_used_at.timestamp() > state["since"]:
        raise ValueError("it was signed for an earlier login")
    asked = get_user_model().objects.filter(pk=state["user"]).first() if state["user"] else None
    if asked != (views.waiting_user(request) if state["user"] else None):
        raise ValueError("the password was given too long ago")
    passkey = helper(request).authenticate_complete(user=asked, state=state, data=data)
    if not (passkey.confirmed and passkey.user.is_active and passkey.user.is_staff):
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
    options, state = helper(request).register_begin(user=request.user)
    request.session[REGISTERING] = state
    return JsonResponse(options)


@for_confirmed
def complete_registration(request):
    """Store the new passkey; with it the first second factor, the other sessions end."""
    state = request.session.pop(REGISTERING, None)
    had_factor = factors.is_needed(request.user)
    try:
        passkey = helper(request).register_complete(user=request.user, state=state, data=json.loads(request.body))
    except REFUSED:
        return refusal("The passkey was not accepted. Try it again.")
    passkey.name = (request.GET.get("name", "").strip() or "Passkey")[:LONGEST_NAME]
    passkey.save(update_fields=["name"])
    if not had_factor:
        sessions.end(request)
    notices.send(request.user, f"A new passkey, “{passkey.name}”.")
    return JsonResponse({"next": reverse("admin:security")})
