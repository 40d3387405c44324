"""Where the site begins: at its host's root, or, as a static copy may, in a folder such as name.github.io/site/."""

from django.conf import settings
from django.urls import get_script_prefix, reverse


def on_site(address):
    """A typed address as a page has to link it: a path of this site ("/media/…") begins where the site does."""
    return get_script_prefix().rstrip("/") + address if address.startswith("/") else address


def home():
    """The absolute address of the home page, with a slash at its end."""
    return settings.SITE_URL + reverse("about")
