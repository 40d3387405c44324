from functools import cached_property
from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.http import QueryDict
from django.urls import Resolver404, resolve

from .. import identifiers
from ..citations import formats
from ..models import (
    Authorship,
    FormerPerson,
    FormerProjectSlug,
    FormerPublicationSlug,
    FormerTopicSlug,
    Project,
    Publication,
)
from ..models.publishable import is_public
from ..publication_filter import Filing, PublicationFilter
from . import links
from .finding import Finding

TITLE = "Links to your own pages"
WHY = "These lead nowhere, or to what visitors cannot see."
IS_FAULT = True
OF_PUBLICATIONS = {"publication", "publication_file", "linkset", "linkset_json", "preview"}
OF_THE_LIST = {"publication_list", "publication_list_page", "publication_list_file", "publication_feed"}


def find():
    own = [(link, path) for link in links.all_links() if (path := links.own_path(link.address))]
    if not own:
        return []
    site = Records()
    found = ((link, site.problem(unquote(path), links.split(link.address).query, link.is_shown)) for link, path in own)
    return [
        Finding(f"{link.place} links to {link.address}, {problem}.", (link.mend,)) for link, problem in found if problem
    ]


class Records:
    """What there is on the site, read once: the slugs and identifiers of its records, and whether visitors see them."""

    def __init__(self):
        self.publications, self.projects, self.dois, self.arxiv_ids = {}, {}, {}, {}
        self.shown, self.years, self.types = {}, {}, {}
        for key, slug, status, publish_at, pdf, doi, arxiv_id, year, kind in Publication.objects.values_list(
            "pk", "slug", "status", "publish_at", "pdf", "doi", "arxiv_id", "year", "type"
        ):
            state = (is_public(status, publish_at), bool(pdf))
            self.publications[slug] = self.dois[doi] = self.arxiv_ids[arxiv_id] = state
            self.shown[key] = state[0]
            note(self.years, str(year), state[0])
            note(self.types, kind, state[0])
        for slug, status, publish_at in Project.objects.values_list("slug", "status", "publish_at"):
            self.projects[slug] = (is_public(status, publish_at), False)
        for former, owner, known in (
            (FormerPublicationSlug, "publication", self.publications),
            (FormerProjectSlug, "project", self.projects),
        ):
            for old, slug in former.objects.values_list("slug", f"{owner}__slug"):
                known.setdefault(old, known[slug])

    @cached_property
    def choices(self):
        """For each choice of a reader its values, and whether visitors see a publication that has it."""
        topics, authors = {}, {}
        for found, filed in (
            (topics, Filing.objects.values_list("topic__slug", "publication")),
            (authors, Authorship.objects.values_list("person", "publication")),
        ):
            for value, publication in filed:
                note(found, str(value), self.shown[publication])
        for found, former in (
            (topics, FormerTopicSlug.objects.values_list("slug", "topic__slug")),
            (authors, FormerPerson.objects.values_list("key", "person")),
        ):
            for old, new in former:
                if str(new) in found:
                    found.setdefault(str(old), found[str(new)])
        return {"topic": topics, "author": authors, "year": self.years, "type": self.types}

    def problem(self, path, query, is_shown):
        """Why a path with a query leads nowhere, as the end of a sentence; "" where it leads somewhere."""
        gone = "which is not there"
        if path.startswith(settings.STATIC_URL):
            return ""
        try:
            match = resolved(path)
            state = self.state(match.url_name, match.kwargs) and self.shows_any(match.url_name, query)
        except (Resolver404, KeyError, ValueError, OSError, SuspiciousOperation):
            return gone
        return "" if state or not is_shown else "which visitors cannot see"

    def state(self, name, asked):
        """Whether visitors see what an address asks for; raises KeyError or ValueError where there is no such thing."""
        if name in OF_PUBLICATIONS:
            is_public, has_pdf = self.publications[asked["slug"]]
            extension = asked.get("extension")
            if extension and (extension not in formats.BY_EXTENSION and not (extension == "pdf" and has_pdf)):
                raise KeyError(extension)
            return is_public
        if name == "project":
            return self.projects[asked["slug"]][0]
        if name == "by_doi":
            return self.dois[identifiers.doi(asked["doi"])][0]
        if name == "by_arxiv":
            return self.arxiv_ids[identifiers.arxiv(asked["identifier"])][0]
        if name == "media" and not default_storage.exists(asked["name"]):
            raise KeyError(asked["name"])
        return True

    def shows_any(self, name, query):
        """Whether visitors see something of each choice of a list; raises KeyError for one that no publication has."""
        if name not in OF_THE_LIST or not query:
            return True
        asked = PublicationFilter.of(QueryDict(query))
        are_shown = [known[value] for facet, known in self.choices.items() if (value := getattr(asked, facet))]
        return all(are_shown)


def note(values, value, is_shown):
    values[value] = values.get(value, False) or is_shown


def resolved(path):
    """What a path leads to, also where only its last slash is missing."""
    try:
        return resolve(path)
    except Resolver404:
        if path.endswith("/"):
            raise
        return resolve(f"{path}/")
