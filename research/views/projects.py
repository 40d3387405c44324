from django.http import Http404
from django.shortcuts import render

from ..citations.record import with_item_parts
from ..models import Project, Publication
from .about import with_coins
from .page import find, page


@page
def project_list(request):
    """All projects: what is going on, then what is over."""
    projects = list(Project.objects.visible_to(request.user))
    phases = [
        ("Active projects", [project for project in projects if project.phase == Project.Phase.ACTIVE]),
        ("Past projects", [project for project in projects if project.phase == Project.Phase.PAST]),
    ]
    return render(request, "research/project_list.html", {"phases": phases, "count": len(projects)})


@page
def project(request, slug):
    """One project, with its people and its publications."""
    project, moved = find(Project.objects.prefetch_related("links", "people"), slug, request.user)
    if moved:
        return moved
    if not project:
        raise Http404
    publications = Publication.objects.visible_to(request.user).filter(projects=project).newest_first()
    publications = with_coins(with_item_parts(publications))
    context = {
        "project": project,
        "publications": publications,
        "has_stars": any(publication.has_equal_contribution for publication in publications),
    }
    return render(request, "research/project.html", context)
