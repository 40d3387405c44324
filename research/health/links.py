"""Every link of the site's content, with where it stands."""

import html
import re
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings

from .. import identifiers, markup
from ..models import Person, Profile, ProfileLink, Project, ProjectLink, Publication, PublicationLink
from ..models.publishable import is_public
from .finding import edit

IN_HTML = re.compile(r'(?:href|src)="([^"]*)"')
MAY_LINK = re.compile(r"://|[(<\"']\s*/|:\s*/")  # rendering a text takes a hundred times as long as this


class Link(NamedTuple):
    """An address, where it stands, whether visitors see it, and whose form mends it."""

    address: str
    part: str  # such as "The abstract of “{}”"
    is_shown: bool
    owner: type
    key: int
    title: str = ""

    @property
    def place(self):
        """Where it stands, as the subject of a sentence: "The abstract of “Owls”"."""
        return self.part.format(markup.plain(self.title))

    @property
    def mend(self):
        return edit(self.owner, self.key)


# The fields of each model that hold Markdown.
TEXTS = {
    Profile: (
        *("headline", "biography", "projects_heading", "projects_introduction", "publications_heading"),
        "publications_introduction",
    ),
    Publication: ("title", "tldr", "abstract", "notice"),
    Project: ("title", "summary", "description"),
}


def all_links():
    """A list of every `Link`, in one query for each model."""
    return [*of_profile(), *of_records(Publication), *of_records(Project), *of_link_rows(), *of_people()]


def of_profile():
    for row in Profile.objects.values("pk", *TEXTS[Profile]):
        for field in TEXTS[Profile]:
            for address in addresses_in(row[field]):
                yield Link(address, f"The {name_of(Profile, field)} in your profile", True, Profile, row["pk"])
    for link in ProfileLink.objects.filter(visible=True).exclude(kind=ProfileLink.Kind.EMAIL):
        yield Link(link.href, "“{}” in your profile", True, Profile, link.profile_id, str(link))


def of_records(model):
    """What the texts of publications or projects link, and the addresses of publications."""
    extra = ("url", "doi") if model is Publication else ()
    for row in model.objects.order_by("pk").values("pk", "status", "publish_at", *TEXTS[model], *extra):
        shown = is_public(row["status"], row["publish_at"])
        found = [(name_of(model, field), address) for field in TEXTS[model] for address in addresses_in(row[field])]
        found += [("address", row["url"])] if row.get("url") else []
        found += [("DOI", identifiers.doi_url(row["doi"]))] if row.get("doi") else []
        for name, address in found:
            yield Link(address, f"The {name} of “{{}}”", shown, model, row["pk"], row["title"])


def of_link_rows():
    for model, owner in ((PublicationLink, Publication), (ProjectLink, Project)):
        fields = (f"{owner._meta.model_name}__{name}" for name in ("pk", "title", "status", "publish_at"))
        for url, key, title, status, publish_at in model.objects.exclude(url="").values_list("url", *fields):
            yield Link(url, "A link of “{}”", is_public(status, publish_at), owner, key, title)


def of_people():
    for person in Person.objects.exclude(url=""):
        yield Link(person.url, "The home page of {}", True, Person, person.pk, person.name)


def name_of(model, field):
    return model._meta.get_field(field).verbose_name


def addresses_in(text):
    """The addresses that a Markdown text links or shows, each once."""
    if not MAY_LINK.search(text):
        return []
    return list(dict.fromkeys(html.unescape(found) for found in IN_HTML.findall(markup.render(text))))


def own_path(address):
    """The path of an address of this site, without query and fragment; "" for another's."""
    parts = split(address)
    if parts.scheme in ("http", "https"):
        return (parts.path or "/") if parts.netloc == urlsplit(settings.SITE_URL).netloc else ""
    return parts.path if address.startswith("/") and not parts.netloc else ""


def split(address):
    """The parts of an address; empty ones where it has none, such as "http://[x"."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def is_external(address):
    """Whether an address is one of the web, and not of this site."""
    return address.startswith(("http://", "https://")) and not own_path(address)
