"""An authenticator of passkeys, made of software, whose every answer can be bent (Web Authentication Level 3)."""

import base64
import hashlib
import json

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings

PRESENT, VERIFIED, ELIGIBLE, BACKED_UP, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40  # flags; section 6.1


def base64url(content):
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def from_base64url(text):
    return base64.urlsafe_b64decode(text + "==")


class Authenticator:
    """One passkey, with its key pair (ES256)."""

    def __init__(self, credential_id=b"\x01\x02\x03"):
        self.credential_id = credential_id
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.handle = b""

    def make(self, options, flags=PRESENT | VERIFIED, **client):
        """The answer to the options of a registration; `client` is added to what the browser says."""
        self.handle = from_base64url(options["user"]["id"])
        point = self.key.public_key().public_numbers()
        public_key = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + cbor2.dumps(public_key)
        data = self.data(flags | ATTESTED) + attested
        return self.answer(
            clientDataJSON=self.client_data("webauthn.create", options, client),
            attestationObject=cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data}),
        )

    def sign(self, options, flags=PRESENT | VERIFIED, handle=None, **client):
        """The answer to the options of an authentication; `handle` in the place of that of the passkey's user."""
        data, client_data = self.data(flags), self.client_data("webauthn.get", options, client)
        signed = self.key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(SHA256()))
        return self.answer(
            clientDataJSON=client_data,
            authenticatorData=data,
            signature=signed,
            userHandle=self.handle if handle is None else handle,
        )

    def data(self, flags):
        return hashlib.sha256(settings.WEBAUTHN_RP_ID.encode()).digest() + bytes([flags]) + bytes(4)

    def client_data(self, kind, options, more):
        said = {"type": kind, "challenge": options["challenge"], "origin": settings.WEBAUTHN_ORIGIN}
        return json.dumps(said | more).encode()

    def answer(self, **response):
        return {
            "id": base64url(self.credential_id),
            "rawId": base64url(self.credential_id),
            "type": "public-key",
            "response": {name: base64url(value) for name, value in response.items()},
        }
