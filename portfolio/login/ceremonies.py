"""
The two ceremonies of Web Authentication Level 3, registration and authentication, checked by py_webauthn.

Import this where a passkey has come: the cryptography below it takes 16 MB of memory and half a second.
"""

import hashlib

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    options_to_json_dict,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from .models import WebAuthnCredential, WebAuthnUserHandle

LONGEST_ID = WebAuthnCredential._meta.get_field("credential_id").max_length  # bytes; section 4
KNOWN_TRANSPORTS = {transport.value for transport in AuthenticatorTransport}


def begin_registration(user, seconds):
    """What a browser makes a passkey from, ready for JSON; it has `seconds` for it."""
    options = generate_registration_options(
        rp_id=settings.WEBAUTHN_RP_ID,
        rp_name=settings.WEBAUTHN_RP_ID,
        user_id=WebAuthnUserHandle.of(user),
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
    """Store the passkey that a browser has made for `challenge` (section 7.1); ValueError where it does not fit."""
    try:
        credential = parse_registration_credential_json(answer)
        refuse_frame(credential)
        made = verify_registration_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=settings.WEBAUTHN_RP_ID,
            expected_origin=settings.WEBAUTHN_ORIGIN,
            require_user_verification=False,
        )
    except WebAuthnException as error:
        raise ValueError("the passkey does not fit") from error
    if len(made.credential_id) > LONGEST_ID:
        raise ValueError("its identifier is too long")
    passkey, is_new = WebAuthnCredential.objects.get_or_create(
        credential_id_sha256=digest(made.credential_id),
        defaults={
            "user": user,
            "name": name,
            "credential_id": made.credential_id,
            "public_key": made.credential_public_key,
            "sign_count": made.sign_count,
            "transports": [transport.value for transport in credential.response.transports or []],
            "uv_initialized": made.user_verified,
            "backup_eligible": is_eligible(made),
            "backup_state": made.credential_backed_up,
            "aaguid": made.aaguid,
        },
    )
    if not is_new:
        raise ValueError("it is there already")
    return passkey


def begin_authentication(user, seconds):
    """
    What a passkey has to sign, ready for JSON.

    One of `user`'s passkeys may do without a finger or a PIN, since a password has come before. Where `user` is None it
    must ask for them, because it is both factors in one.
    """
    options = generate_authentication_options(
        rp_id=settings.WEBAUTHN_RP_ID,
        timeout=seconds * 1000,
        allow_credentials=descriptors(user) if user else [],
        user_verification=UserVerificationRequirement.PREFERRED if user else UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


@transaction.atomic
def complete_authentication(user, challenge, since, answer):
    """
    The passkey that has signed `challenge` (section 7.2); one of `user`'s where that is not None.

    Raises ValueError where it does not fit or was used after `since` (a time in seconds), and DoesNotExist.
    """
    try:
        credential = parse_authentication_credential_json(answer)
        refuse_frame(credential)
    except WebAuthnException as error:
        raise ValueError("it is no answer of a passkey") from error
    passkeys = WebAuthnCredential.objects.select_for_update(of=("self",)).select_related("user")
    passkey = passkeys.get(credential_id_sha256=digest(credential.raw_id))
    refuse_other(passkey, user, credential.response.user_handle)
    if passkey.last_used_at and passkey.last_used_at.timestamp() > since:
        raise ValueError("it was signed for an earlier login")
    try:
        signed = verify_authentication_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=settings.WEBAUTHN_RP_ID,
            expected_origin=settings.WEBAUTHN_ORIGIN,
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=user is None,
        )
    except WebAuthnException as error:
        raise ValueError("the passkey does not fit") from error
    if is_eligible(signed) != passkey.backup_eligible:
        raise ValueError("a passkey never changes whether it can be copied")
    passkey.sign_count = signed.new_sign_count
    passkey.backup_state = signed.credential_backed_up
    passkey.uv_initialized |= signed.user_verified
    passkey.last_used_at = timezone.now()
    passkey.save(update_fields=["sign_count", "backup_state", "uv_initialized", "last_used_at"])
    return passkey


def refuse_other(passkey, user, handle):
    """ValueError where a passkey is not `user`'s, or may not open alone; `handle`: whose it says it is."""
    if user and passkey.user != user:
        raise ValueError("it is somebody else's")
    if not user and not passkey.uv_initialized:
        raise ValueError("its finger or PIN was never seen beside a password")
    if (handle or not user) and handle != WebAuthnUserHandle.of(passkey.user):
        raise ValueError("it names another user")


def refuse_frame(credential):
    """ValueError where a page was shown within another site's; this one's never are."""
    if parse_client_data_json(credential.response.client_data_json).cross_origin:
        raise ValueError("it was asked in a frame of another site")


def is_eligible(verified):
    """Whether a passkey can be copied to other devices."""
    return verified.credential_device_type == CredentialDeviceType.MULTI_DEVICE


def digest(credential_id):
    return hashlib.sha256(credential_id).hexdigest()


def descriptors(user):
    """A user's passkeys as browsers are told of them."""
    return [
        PublicKeyCredentialDescriptor(
            id=bytes(passkey.credential_id),
            transports=[AuthenticatorTransport(way) for way in passkey.transports if way in KNOWN_TRANSPORTS],
        )
        for passkey in user.passkeys.all()
    ]
