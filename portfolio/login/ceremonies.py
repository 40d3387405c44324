"""
The two ceremonies of Web Authentication Level 3, registration and authentication, checked by py_webauthn.

Import this where a passkey has come: the cryptography below it takes 16 MB of memory and half a second.
"""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import options_to_json_dict, parse_registration_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from .models import Passkey

KNOWN_TRANSPORTS = {transport.value for transport in AuthenticatorTransport}


def begin_registration(user, seconds):
    """What a browser makes a passkey from, ready for JSON; it has `seconds` for it."""
    options = generate_registration_options(
        rp_id=settings.WEBAUTHN_RP_ID,
        rp_name=settings.WEBAUTHN_RP_ID,
        user_id=user_handle(user),
        user_name=user.get_username(),
        user_display_name=user.get_full_name() or user.get_username(),
        timeout=seconds * 1000,
        exclude_credentials=descriptors(user),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
    )
    return options_to_json_dict(options)


def complete_registration(user, name, challenge, answer):
    """Store the passkey that a browser has made for `challenge`; ValueError where it does not fit."""
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=settings.WEBAUTHN_RP_ID,
            expected_origin=settings.WEBAUTHN_ORIGIN,
            require_user_verification=False,
        )
        transports = parse_registration_credential_json(answer).response.transports or []
    except WebAuthnException as error:
        raise ValueError("the passkey does not fit") from error
    passkey, is_new = Passkey.objects.get_or_create(
        credential_id=made.credential_id,
        defaults={
            "user": user,
            "name": name,
            "public_key": made.credential_public_key,
            "sign_count": made.sign_count,
            "transports": [transport.value for transport in transports],
        },
    )
    if not is_new:
        raise ValueError("it is there already")
    return passkey


def begin_authentication(user, seconds):
    """
    What a passkey has to sign, ready for JSON.

    One of `user`'s passkeys need not ask for a finger or a PIN, since a password has come before. Where `user` is None
    it must, because it is both factors in one.
    """
    options = generate_authentication_options(
        rp_id=settings.WEBAUTHN_RP_ID,
        timeout=seconds * 1000,
        allow_credentials=descriptors(user) if user else [],
        user_verification=UserVerificationRequirement.DISCOURAGED if user else UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


@transaction.atomic
def complete_authentication(user, challenge, since, answer):
    """
    The passkey that has signed `challenge`; one of `user`'s where that is not None.

    Raises ValueError where it does not fit or was used after `since` (a time in seconds), and Passkey.DoesNotExist.
    """
    credential_id = base64url_to_bytes(answer["rawId"])
    passkey = Passkey.objects.select_for_update().select_related("user").get(credential_id=credential_id)
    if user and passkey.user != user:
        raise ValueError("it is somebody else's")
    if passkey.last_used_at and passkey.last_used_at.timestamp() > since:
        raise ValueError("it was signed for an earlier login")
    try:
        signed = verify_authentication_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=settings.WEBAUTHN_RP_ID,
            expected_origin=settings.WEBAUTHN_ORIGIN,
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=user is None,
        )
    except WebAuthnException as error:
        raise ValueError("the passkey does not fit") from error
    passkey.sign_count = signed.new_sign_count
    passkey.last_used_at = timezone.now()
    passkey.save(update_fields=["sign_count", "last_used_at"])
    return passkey


def descriptors(user):
    """A user's passkeys as browsers are told of them."""
    return [
        PublicKeyCredentialDescriptor(
            id=bytes(passkey.credential_id),
            transports=[AuthenticatorTransport(way) for way in passkey.transports if way in KNOWN_TRANSPORTS],
        )
        for passkey in user.passkeys.all()
    ]


def user_handle(user):
    """What authenticators know a user by: 32 bytes that say nothing of them (Web Authentication, 14.6.1)."""
    return salted_hmac("portfolio.login.user_handle", str(user.pk), algorithm="sha256").digest()
