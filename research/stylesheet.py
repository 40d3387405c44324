"""The one stylesheet of the public pages: the files of static/css, and the owner's accent colour at the end."""

import hashlib
import re
from functools import lru_cache

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse

from . import colours

FILES = ("fonts", "tokens", "base", "about", "publications", "print")
FOR_WRITERS = re.compile(r"/\*.*?\*/\n?|^ +", re.DOTALL | re.MULTILINE)  # comments, indentation
FONT = re.compile(r'url\("\.\./(fonts/[^"]+)"\)')


def text(accent):
    """The whole stylesheet for an accent colour ("#rrggbb")."""
    made = build.__wrapped__ if settings.DEBUG else build
    return made(accent, settings.STATIC_URL)


@lru_cache(maxsize=8)
def build(accent, static_url):
    folder = settings.BASE_DIR / "static" / "css"
    parts = [(folder / f"{name}.css").read_text(encoding="utf-8") for name in FILES]
    light, dark = colours.accents(accent)
    parts.append(f":root{{--accent-light:{light};--accent-dark:{dark}}}\n")
    text = FOR_WRITERS.sub("", "".join(parts))
    return FONT.sub(lambda match: f'url("{static(match[1])}")', text)


def digest(accent):
    """What names the stylesheet's content, so that browsers may keep it for good."""
    return hashlib.sha256(text(accent).encode()).hexdigest()[:16]


def url(accent):
    """The address of the stylesheet for an accent colour."""
    return reverse("stylesheet", args=[digest(accent)])
