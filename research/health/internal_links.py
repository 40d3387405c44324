from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.urls import Resolver404, resolve

from .. import identifiers
from ..citations import formats
from ..models import FormerProjectSlug, FormerPublicationSlug, Project, Publication
from ..models.publishable import is_public
from . import links
from .finding import Finding

TITLE = "Links to your own pages"
WHY = "These lead nowhere, or to what visitors cannot see."
IS_FAULT = True
OF_PUBLICATIONS = {"publication", "publication_file", "linkset", "linkset_json", "preview"}


def find():
    own = [(link, path) for link in links.all_links() if (path := links.own_path(link.address))]
    if not own:
        return []
    site = Records()
    found = ((link, site.problem(unquote(path), link.is_shown)) for link, path in own)
    return [
        Finding(f"{link.place} links to {link.address}, {problem}.", (link.mend,)) for link, problem in found if problem
    ]


class Records:
    """What there is on the site, read once: the slugs and identifiers of its records, and whether visitors see them."""

    def __init__(self):
        self.publications, self.projects, self.dois, self.arxiv_ids = {}, {}, {}, {}
        for slug, status, publish_at, pdf, doi, arxiv_id in Publication.objects.values_list(
            "slug", "status", "publish_at", "pdf", "doi", "arxiv_id"
        ):
            state = (is_public(status, publish_at), bool(pdf))
            self.publications[slug] = self.dois[doi] = self.arxiv_ids[arxiv_id] = state
        for slug, status, publish_at in Project.objects.values_list("slug", "status", "publish_at"):
            self.projects[slug] = (is_public(status, publish_at), False)
        for former, owner, known in (
            (FormerPublicationSlug, "publication", self.publications),
            (FormerProjectSlug, "project", self.projects),
        ):
            for old, slug in former.objects.values_list("slug", f"{owner}__slug"):
                known.setdefault(old, known[slug])

    def problem(self, path, is_shown):
        """Why a path leads nowhere, as the end of a sentence; "" where it leads somewhere."""
        gone = "which is not there"
        if path.startswith(settings.STATIC_URL):
            return ""
        try:
            match = resolved(path)
            state = self.state(match.url_name, match.kwargs)
        except (Resolver404, KeyError, ValueError, OSError, SuspiciousFileOperation):
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


def resolved(path):
    """What a path leads to, also where only its last slash is missing."""
    try:
        return resolve(path)
    except Resolver404:
        if path.endswith("/"):
            raise
        return resolve(f"{path}/")
