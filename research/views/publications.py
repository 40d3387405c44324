from itertools import groupby

from django.http import Http404
from django.shortcuts import render

from ..models import Project, Publication
from .page import find, page


@page
def publication_list(request):
    """All publications, by year."""
    publications = list(Publication.objects.visible_to(request.user).newest_first().with_parts())
    publications.sort(key=lambda publication: -publication.year)  # stable: within a year the newest stays first
    context = {
        "years": [(year, list(group)) for year, group in groupby(publications, lambda found: found.year)],
        "has_stars": any(publication.has_equal_contribution for publication in publications),
    }
    return render(request, "research/publication_list.html", context)


@page
def publication(request, slug):
    """One publication: everything that is known of it."""
    publication, moved = find(Publication.objects.with_parts().prefetch_related("topics"), slug, request.user)
    if moved:
        return moved
    if not publication:
        raise Http404
    projects = Project.objects.visible_to(request.user).filter(publications=publication)
    return render(request, "research/publication.html", {"publication": publication, "projects": projects})
