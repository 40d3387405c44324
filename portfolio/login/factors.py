"""
The second factor: an app that shows codes (TOTP, RFC 6238), passkeys, and recovery codes for when those are lost.

django-otp keeps them, passkeys aside. Recovery codes are stored as hashes: they have 79 random bits, so a fast
hash of one leads nobody back to it.
"""

import base64
import hashlib
import io
import re
import secrets

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from .models import WebAuthnCredential

RECOVERY_CODES = 10
RECOVERY_LENGTH = 16
RECOVERY_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that look like others
APP_CODE = re.compile(r"\d{6}")
RECOVERY_CODE = re.compile(f"[{RECOVERY_ALPHABET}]{{{RECOVERY_LENGTH}}}")


def is_needed(user):
    """Whether the user has set up a second factor, without which nobody gets in as them."""
    return app_of(user) is not None or user.passkeys.exists()


def is_needed_by(user):
    """The same as an expression for a query, of a user or an expression for one."""
    app, passkeys = TOTPDevice.objects.filter(user=user, confirmed=True), WebAuthnCredential.objects.filter(user=user)
    return Exists(app) | Exists(passkeys)


def app_of(user):
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def recovery_codes_left(user):
    return sum(device.token_set.count() for device in StaticDevice.objects.filter(user=user))


def bare(code):
    """A code as it was shown, of one as it was typed."""
    return re.sub(r"[\s-]", "", code).lower()


def can_be_guessed(code):
    """Whether a typed code is none that has the form of a recovery code, which nobody guesses."""
    return not RECOVERY_CODE.fullmatch(bare(code))


@transaction.atomic
def is_right(user, code):
    """Whether a typed code is the app's of now, or an unused recovery code; it is used up by that."""
    get_user_model().objects.select_for_update().get(pk=user.pk)  # else PostgreSQL takes it from two who come at once
    code = bare(code)
    if APP_CODE.fullmatch(code):
        app = app_of(user)
        return app is not None and app.verify_token(code)
    device = StaticDevice.objects.filter(user=user).first()
    return device is not None and device.verify_token(fingerprint(code))


# --- The app ------------------------------------------------------------------------------------------------------


def offer_app(user):
    """An app that is to be set up: its key is stored, but asked for only when a code of it has come (`take_app`)."""
    return TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "app"})[0]


def offered_app(user):
    """The app that is being set up, or None."""
    return TOTPDevice.objects.filter(user=user, confirmed=False).first()


@transaction.atomic
def take_app(user, code):
    """Ask for the offered app's codes from now on, instead of another app's; False where `code` is not its own."""
    app = offered_app(user)
    if app is None or not app.verify_token(re.sub(r"\s", "", code)):
        return False
    TOTPDevice.objects.filter(user=user, confirmed=True).delete()
    app.confirmed = True
    app.save()
    return True


def key_of(app):
    """An app's key as it is typed: Base32 in groups of four."""
    return " ".join(re.findall("....", base64.b32encode(app.bin_key).decode()))


def picture_of(app):
    """The QR code that an app is set up with: the bytes of an SVG file, dark on white also on a dark page."""
    import segno  # which is needed once in the life of a site

    picture = io.BytesIO()
    segno.make(app.config_url, micro=False).save(picture, kind="svg", scale=5, light="#fff")
    return picture.getvalue()


# --- Recovery codes -----------------------------------------------------------------------------------------------


@transaction.atomic
def new_recovery_codes(user):
    """Make recovery codes in the place of all earlier ones; returns them, whom nobody can show again."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery codes")
    codes = ["".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    for code in codes:
        device.token_set.create(token=fingerprint(code))
    return ["-".join(re.findall("....", code)) for code in codes]


def fingerprint(code):
    """What is stored of a recovery code: 96 bits of its SHA-256, as long as django-otp's column."""
    return base64.urlsafe_b64encode(hashlib.sha256(code.encode()).digest()).decode()[:16]


# --- An end of it -------------------------------------------------------------------------------------------------


@transaction.atomic
def remove_app(user):
    TOTPDevice.objects.filter(user=user).delete()
    tidy(user)


@transaction.atomic
def remove_passkeys(user):
    """Remove all of a user's passkeys; returns whether there were any."""
    removed, _ = user.passkeys.all().delete()
    tidy(user)
    return bool(removed)


@transaction.atomic
def remove_passkey(user, key):
    user.passkeys.filter(pk=key).delete()
    tidy(user)


def tidy(user):
    """Recovery codes stand for a second factor, and go with the last one."""
    if not is_needed(user):
        StaticDevice.objects.filter(user=user).delete()


@transaction.atomic
def remove_all(user):
    """Remove every second factor; returns whether there was one."""
    was_needed = is_needed(user)
    for model in (TOTPDevice, StaticDevice, WebAuthnCredential):
        model.objects.filter(user=user).delete()
    return was_needed
