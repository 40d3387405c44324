"""What the desk shows beside records, with all payloads in it: accounts, sessions, passkeys, imports, dead links."""

import re
from importlib import import_module

from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.utils import timezone

from portfolio.login import browsers, sessions
from portfolio.login.models import WebAuthnCredential
from portfolio.login.views import BACKEND
from research.health import links
from research.models import CheckedLink, Import, Publication

from .texts import MARK, PAYLOADS, packs

User = get_user_model()
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"


def leave(user):
    """All of them, of a user and of accounts."""
    name_accounts()
    for pack in packs():
        words = " ".join([MARK, *pack])
        digest = str(WebAuthnCredential.objects.count())
        WebAuthnCredential.objects.create(user=user, name=words, public_key=b"", credential_id_sha256=digest)
        open_session(user, words)
        open_session(user, browsers.family(f"{AGENT} {words}"))
    written = [(Publication, " ".join([MARK, *pack])) for pack in packs()[:10]]  # as many as the first page shows
    for model, words in [*written, (User, MARK)]:
        kind = ContentType.objects.get_for_model(model)
        LogEntry.objects.create(
            user=user, content_type=kind, object_id="1", object_repr=words, action_flag=CHANGE, change_message=words
        )
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
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    known = {SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: BACKEND, HASH_SESSION_KEY: user.get_session_auth_hash()}
    store.update(known | {sessions.BROWSER: browser, sessions.BEGAN: timezone.now().isoformat()})
    store.create()


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
    return [address for address in written if is_let_in("email", address)]


def is_let_in(name, text):
    try:
        User._meta.get_field(name).clean(text, None)
    except ValidationError:
        return False
    return True
