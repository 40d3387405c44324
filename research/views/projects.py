from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse

from .. import entries, metadata, profilepage, webpages
from ..context_processors import Site
from ..markup import plain
from ..models import Project, Publication
from .page import find, page, request_profile


@page
def project_list(request):
    """All projects: what is going on, then what is over."""
    projects = list(Project.objects.visible_to(request.user))
    phases = [
        ("Active projects", [project for project in projects if project.phase == Project.Phase.ACTIVE]),
        ("Past projects", [project for project in projects if project.phase == Project.Phase.PAST]),
    ]
    profile = request_profile(request)
    described = webpages.WebPage(
        profile,
        request.path,
        "Projects",
        webpages.contents(profile, "project", len(projects), [one.title for one in projects[:3]]),
        "CollectionPage",
    )
    context = {"phases": phases, "count": len(projects)}
    context |= described.context(webpages.item_list([reference(one) for one in projects], 1, len(projects)))
    return render(request, "research/project_list.html", context)


def reference(project):
    """The project as JSON-LD names it."""
    url = settings.SITE_URL + project.get_absolute_url()
    return {"@type": "ResearchProject", "@id": f"{url}#project", "url": url, "name": str(project)}


@page
def project(request, slug):
    """One project, with its people and its publications."""
    project, moved = find(Project.objects.prefetch_related("links", "people"), slug, request.user)
    if moved:
        return moved
    if not project:
        raise Http404
    profile = request_profile(request)
    publications = Publication.objects.visible_to(request.user).filter(projects=project).newest_first()
    listed = entries.listed(publications.publicity(), Site(request))
    context = {
        "project": project,
        "entries": listed,
        "has_stars": any(entry.has_star for entry in listed),
    }
    described = webpages.WebPage(
        profile,
        project.get_absolute_url(),
        str(project),
        metadata.shortened(plain(project.summary)),
        "WebPage",
        trail=(("Projects", reverse("project_list")),),
        image=profilepage.picture(project.thumbnail),
    )
    context |= described.context(reference(project))
    return render(request, "research/project.html", context)
