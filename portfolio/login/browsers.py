"""
The browsers that somebody has logged in with before.

A signed cookie says so, which is sent to the admin alone. It opens nothing: it only has guesses of its own, so that
strangers who guess cannot keep its owner out (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"). It holds
for one password: whoever is shut out by a new one has no known browser any more.
"""

import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

SALT = "portfolio.browsers"
YEAR = 365 * 24 * 3600  # seconds
INVITATION_SECONDS = 3600


def known(request, name):
    """The random name of the browser, if the user called `name` has logged in with it and this password; else ""."""
    try:
        cookie = signing.loads(request.COOKIES.get(settings.BROWSER_COOKIE_NAME, ""), salt=SALT, max_age=YEAR)
    except signing.BadSignature:
        return ""
    user = get_user_model().objects.filter(username=name).first() if cookie["name"] == name else None
    is_same = user and any(constant_time_compare(cookie.get("password", ""), one) for one in digests(user))
    return cookie["browser"] if is_same else ""


def digests(user):
    """Keyed digests of what is stored of the user's password, by the present key and by those before it."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [salted_hmac(f"{SALT}.password", user.password, key, algorithm="sha256").hexdigest() for key in keys]


def remember(request, response, user):
    """Let the answer make the browser a known one, also anew when its user has changed the password."""
    name = user.get_username()
    browser = known(request, name) or secrets.token_hex(16)
    cookie = {"name": name, "browser": browser, "password": digests(user)[0]}
    response.set_cookie(
        settings.BROWSER_COOKIE_NAME,
        signing.dumps(cookie, salt=SALT),
        max_age=YEAR,
        path=reverse("admin:index"),
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )


def invitation(name):
    """A text that makes the browser which brings it back within an hour a known one (`invited`)."""
    return signing.dumps(name, salt=f"{SALT}.invitation")


def invited(text):
    """The name that an invitation was made for; None for what is none, or too old."""
    try:
        return signing.loads(text, salt=f"{SALT}.invitation", max_age=INVITATION_SECONDS)
    except signing.BadSignature:
        return None


SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}
# Most browsers also name those that they want to be taken for, so the first that is found counts.
FAMILIES = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "Chrome/": "Chrome",
    "CriOS/": "Chrome",
    "Safari/": "Safari",
}


def family(user_agent):
    """What a person would call the browser, such as "Firefox on Linux"."""
    name = next((name for part, name in FAMILIES.items() if part in user_agent), "Another browser")
    system = next((name for part, name in SYSTEMS.items() if part in user_agent), "")
    return f"{name} on {system}" if system else name
