from django.shortcuts import render

from .. import profilepage, webpages
from ..citations.record import with_item_parts
from ..markup import plain
from ..models import Profile, Project, Publication
from .page import page


@page
def about(request):
    """The home page: profile, links, active projects, selected publications."""
    profile = request.profile = Profile.current()
    projects = Project.objects.visible_to(request.user).filter(phase=Project.Phase.ACTIVE)
    publications = Publication.objects.visible_to(request.user)
    selected = list(with_item_parts(publications.filter(selected=True).newest_first())[: profile.selected_count])
    links = [link for link in profile.links.all() if link.visible]
    described = webpages.WebPage(profile, request.path, profile.name, plain(profile.headline), "ProfilePage")
    context = {
        "profile": profile,
        "links": links,
        "json_ld": webpages.scripts(profilepage.to_jsonld(profile, links)),
        "open_graph": described.open_graph("profile"),
        "projects": list(projects),
        "publications": selected,
        "has_more": publications.count() > len(selected),
        "has_stars": any(publication.has_equal_contribution for publication in selected),
    }
    is_empty = not (profile.is_written or context["links"] or context["projects"] or selected or context["has_more"])
    return render(request, "research/welcome.html" if is_empty else "research/about.html", context)
