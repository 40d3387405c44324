"""Pasted words as addresses of the web, with or without `https://`. Pure: no Django."""

from typing import NamedTuple
from urllib.parse import unquote, urlsplit


class Address(NamedTuple):
    host: str = ""  # in lower case, without "www."
    path: str = ""  # unescaped, with its first slash
    query: str = ""  # unescaped


def split(text):
    """The `Address` in a word, its parts empty where it is none."""
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return Address()
    return Address(host, unquote(parts.path), unquote(parts.query)) if "." in host else Address()
