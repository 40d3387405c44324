"""Mails to whoever an account belongs to, about what others could have done with it."""

import logging
from email.errors import MessageError

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import timezone

logger = logging.getLogger(__name__)


def send(user, event, address=None):
    """
    Mail what has happened to the user's account, as a sentence; nothing where there is no mail server or no address.

    `address` is one that the account had before, where that has just been changed. A mail that cannot be sent is
    logged, and stops nothing.
    """
    address = user.email if address is None else address
    if not (settings.SENDS_MAIL and address):
        return
    event = " ".join(event.split())  # a name of a person or a passkey may have a line's end, and a subject none
    message = (
        f"{event}\n\nWhen: {timezone.now():%Y-%m-%d %H:%M} UTC\n"
        f"Account: {user.get_username()} on {settings.SITE_URL}\n\n"
        "If that was you, there is nothing to do. If not, change your password and end the other sessions: "
        f"{settings.SITE_URL}{reverse('admin:security')}\n"
    )
    try:
        send_mail(event.removesuffix("."), message, None, [address])
    except (OSError, ValueError, MessageError):  # SMTP's errors are the first; the others say what can be no header
        logger.exception("A notice about an account could not be mailed.")
