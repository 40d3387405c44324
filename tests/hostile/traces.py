"""What the desk shows beside records, with all payloads in it: accounts, sessions, passkeys, imports, dead links."""

import re
from importlib import import_module

from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.utils import timezone

from portfolio.login import sessions
from portfolio.login.models import WebAuthnCredential
from portfolio.login.views import BACKEND
from research.health import links
from research.models import CheckedLink, Import, Publication

from .texts import MARK, PAYLOADS, packs

User = get_user_model()


def leave(user):
    """All of them, of a user and of accounts."""
    name_accounts()
    for number, pack in enumerate(packs()):
        words = " ".join([MARK, *pack])
        WebAuthnCredential.objects.create(user=user, name=words, public_key=b"", credential_id_sha256=str(number))
        open_session(user, words)
    log_action(user, User, PAYLOADS)
    for number in range(10):  # as many as the first page shows
        log_action(user, Publication, PAYLOADS[number::10])
    problems = [[payload, payload] for payload in PAYLOADS]
    unanswered = [{"source": "arxiv", "identifier": payload} for payload in PAYLOADS]
    asked = " ".join([MARK, *PAYLOADS])
    Import.objects.filter(pk=1).update(asked=asked, problems=problems, unanswered=unanswered)


def kill_links():
    """What the weekly look at other sites would say of all links, if it said what they say."""
    found = dict.fromkeys(link.address for link in links.all_links() if links.is_external(link.address))
    for number, address in enumerate(found):
        words = " ".join([MARK, *PAYLOADS[number % len(PAYLOADS) :: 100]])
        CheckedLink.objects.create(url=address, checked=timezone.now(), problem=words, status=404, failures=2)


def neglect():
    """Publications that lack all that the checks of the site look for, each of them twice."""
    for number, pack in enumerate(packs()):
        title = " ".join([MARK, *pack])
        for each in ("a", "b"):
            Publication.objects.create(
                title=title,
                slug=f"n{number}{each}",
                citation_key=f"n{number}{each}",
                year=2024,
                type="article",
                pdf=f"files/{'b' * 32}/{title.replace('/', '')}.pdf",
                thumbnail=f"images/{'b' * 32}-40x30/full.png" if each == "b" else "",
            )


def open_session(user, browser):
    """A session whose browser has a name that no browser gets (`browsers.family`)."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    known = {SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: BACKEND, HASH_SESSION_KEY: user.get_session_auth_hash()}
    store.update(known | {sessions.BROWSER: browser, sessions.BEGAN: timezone.now().isoformat()})
    store.create()


def log_action(user, model, pack):
    words, kind = " ".join([MARK, *pack]), ContentType.objects.get_for_model(model)
    LogEntry.objects.create(
        user=user, content_type=kind, object_id="1", object_repr=words, action_flag=CHANGE, change_message=words
    )


def name_accounts():
    """All accounts, and one for each payload that a mail address lets in."""
    User.objects.bulk_create(
        User(username=f"u{number}", last_name=address[:150], email=address)
        for number, address in enumerate(addresses())
    )
    User.objects.update(first_name=" ".join([MARK, *PAYLOADS]))


def addresses():
    """The payloads that may be in a user's mail address, in quotation marks (RFC 5322, 3.2.4)."""
    quoted = (re.sub(r'([\s"\\])', r"\\\1", payload) for payload in PAYLOADS)
    written = [f'"{MARK}{payload}"@example.org' for payload in quoted]
    return [address for address in written if is_address(address)]


def is_address(text):
    try:
        User._meta.get_field("email").clean(text, None)
    except ValidationError:
        return False
    return True
