"""
What is kept of passkeys, in the tables of django-otp-webauthn (apps.py).

Its own classes import what checks passkeys (ceremonies.py) with them: 16 MB of memory from the start, on every site.
"""

import secrets

from django.conf import settings
from django.db import models


class WebAuthnCredential(models.Model):
    """A user's passkey: what Web Authentication Level 3 calls a credential record (section 4)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=64)
    credential_id = models.BinaryField(max_length=1023)
    credential_id_sha256 = models.CharField(max_length=64, unique=True)  # in hexadecimal digits
    public_key = models.BinaryField(max_length=1023)  # a COSE_Key
    transports = models.JSONField(default=list)  # the ways to it, such as "usb", as its browser named them
    sign_count = models.PositiveIntegerField(default=0)
    # Whether it has asked its owner for a finger or a PIN when somebody was known by another factor. Only then is that
    # a factor: else whoever finds a key could set a PIN of their own.
    uv_initialized = models.BooleanField(default=False, db_default=False)
    backup_eligible = models.BooleanField(default=False)
    backup_state = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True, null=True)
    last_used_at = models.DateTimeField(null=True)
    # Written for the release before this one, and not read.
    credential_type = models.CharField(max_length=32, default="public-key")
    confirmed = models.BooleanField(default=True)
    aaguid = models.CharField(max_length=36)
    discoverable = models.BooleanField(null=True)

    class Meta:
        ordering = ["created_at", "pk"]
        default_permissions = ()  # nobody edits it: it is made and removed on its owner's Security page
        indexes = [models.Index(fields=["credential_id_sha256"], name="webauthncredential_sha256_idx")]

    def __str__(self):
        return self.name


class WebAuthnUserHandle(models.Model):
    """What authenticators know a user by: random bytes, which say nothing of them (section 14.6.1)."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="webauthn_user_handle"
    )
    handle_hex = models.CharField(max_length=128, unique=True)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.handle_hex

    @classmethod
    def of(cls, user):
        """The 64 bytes of a user's handle, which is made when it is first asked for."""
        made, _ = cls.objects.get_or_create(user=user, defaults={"handle_hex": secrets.token_hex(64)})
        return bytes.fromhex(made.handle_hex)


class WebAuthnAttestation(models.Model):
    """What the release before this one kept of a registration. Nothing is written here."""

    credential = models.OneToOneField(WebAuthnCredential, on_delete=models.CASCADE, related_name="attestation")
    fmt = models.CharField(max_length=255)
    data = models.BinaryField()
    client_data_json = models.BinaryField()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.fmt
