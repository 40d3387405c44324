"""A draft as a link of its owner shows it: the page, and the paper's PDF, for those who have the link alone."""

from functools import wraps

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from .. import draft_links, entries
from ..context_processors import Site
from ..models import Project, Publication
from . import files
from .formats import PDF
from .records import related

EVERYBODY = AnonymousUser()  # beside the draft stands what everybody may see, whoever looks
# No cache, no index, and no address of the page for those whom its links lead to.
HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
}


def secret(view):
    """A view of a draft and the moment until which its link is valid; for a link that is not, a sentence."""

    @require_safe
    @wraps(view)
    def wrapped(request, token):
        try:
            record, until = draft_links.opened(token)
        except draft_links.LinkRefused as refusal:
            status = 410 if refusal.is_over else 404
            response = render(request, "research/no_draft.html", {"sentence": str(refusal)}, status=status)
        else:
            response = redirect(record) if record.is_public else view(request, token, record, until)
        for name, value in HEADERS.items():
            response[name] = value
        return response

    return wrapped


@secret
def draft(request, token, record, until):
    """The page of a draft, without what leads to other formats of it."""
    context = {"until": until}
    if isinstance(record, Publication):
        context |= {
            "publication": record,
            "pdf_path": reverse("draft_pdf", args=[token]),
            "projects": Project.objects.visible_to(EVERYBODY).filter(publications=record),
            "related": related(record, EVERYBODY),
        }
        return render(request, "research/draft_publication.html", context)
    publications = Publication.objects.visible_to(EVERYBODY).filter(projects=record).newest_first()
    context |= {"project": record, "entries": entries.listed(publications.publicity(), Site(request))}
    return render(request, "research/draft_project.html", context)


@secret
def draft_pdf(request, token, record, until):
    """The PDF of a draft."""
    if not isinstance(record, Publication) or not record.pdf:
        raise Http404
    return files.serve(request, record.pdf.name, lambda name: record.updated, content_type=PDF)
