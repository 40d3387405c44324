"""
A few bytes, encrypted with a passphrase in the format of age (https://age-encryption.org/v1).

The library writes the same, but as much work goes into its guesses as the machine can do in a second: a gigabyte of
memory on an idle one, of which a small server has none to give. Here the work is fixed.
"""

import hashlib
import hmac
import os
from base64 import b64encode

MARK = b"age-encryption.org/v1"
LOG_N = 17  # OWASP's Password Storage Cheat Sheet names it first for scrypt; it takes 128 MB
MEMORY_BYTES = 2**28  # what OpenSSL may take at most
LONGEST = 2**16  # of one piece of the payload, which this is all of


def encrypted(content, passphrase):
    """The bytes as a file of age, which opens for the passphrase."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305  # 16 MB, for those who have copies

    if len(content) > LONGEST:
        raise ValueError(f"Only {LONGEST} bytes can be encrypted so.")
    key, salt, nonce = os.urandom(16), os.urandom(16), os.urandom(16)
    wrapping = hashlib.scrypt(
        passphrase.encode(), salt=MARK + b"/scrypt" + salt, n=2**LOG_N, r=8, p=1, maxmem=MEMORY_BYTES, dklen=32
    )
    body = ChaCha20Poly1305(wrapping).encrypt(bytes(12), key, None)
    header = MARK + b"\n-> scrypt %s %d\n%s\n---" % (text(salt), LOG_N, text(body))
    proof = hmac.digest(derived(key, b"", b"header"), header, "sha256")
    # The number of the piece, which is 0, and that it is the last one.
    payload = ChaCha20Poly1305(derived(key, nonce, b"payload")).encrypt(bytes(11) + b"\1", content, None)
    return header + b" " + text(proof) + b"\n" + nonce + payload


def text(content):
    """Bytes in Base64 without padding, as bytes."""
    return b64encode(content).rstrip(b"=")


def derived(key, salt, purpose):
    """A key for one purpose (HKDF with SHA-256, RFC 5869)."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, salt, purpose).derive(key)
