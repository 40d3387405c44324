from django.shortcuts import render

from ..models import Profile, Project, Publication
from .page import page


@page
def about(request):
    """The home page: profile, links, active projects, selected publications."""
    profile = request.profile = Profile.current()
    projects = Project.objects.visible_to(request.user).filter(phase=Project.Phase.ACTIVE)
    publications = Publication.objects.visible_to(request.user)
    selected = list(publications.filter(selected=True).newest_first().with_parts()[: profile.selected_count])
    context = {
        "profile": profile,
        "links": [link for link in profile.links.all() if link.visible],
        "projects": list(projects),
        "publications": selected,
        "has_more": publications.count() > len(selected),
        "has_stars": any(publication.has_equal_contribution for publication in selected),
    }
    is_empty = not (profile.is_written or context["links"] or context["projects"] or selected or context["has_more"])
    return render(request, "research/welcome.html" if is_empty else "research/about.html", context)
