from django.shortcuts import render

from .. import entries, profilepage, webpages
from ..context_processors import Site
from ..markup import plain
from ..models import Profile, Project, Publication
from .page import page


@page
def about(request):
    """The home page: profile, links, active projects, selected publications."""
    profile = request.profile = Profile.current()
    site = Site(request)
    projects = list(Project.objects.visible_to(request.user).filter(phase=Project.Phase.ACTIVE))
    publications = Publication.objects.visible_to(request.user)
    selected = publications.filter(selected=True).newest_first()[: profile.selected_count]
    selected = entries.listed(selected, site)
    count = publications.count()
    site.has_publications = count > 0  # what the page has read, its frame need not ask again
    if projects:
        site.has_projects = True
    links = [link for link in profile.links.all() if link.visible]
    described = webpages.WebPage(profile, request.path, profile.name, plain(profile.headline), "ProfilePage")
    context = {
        "site": site,
        "profile": profile,
        "links": links,
        "json_ld": webpages.scripts(profilepage.to_jsonld(profile, links)),
        "open_graph": described.open_graph("profile"),
        "projects": projects,
        "entries": selected,
        "has_more": count > len(selected),
        "has_stars": any(entry.has_star for entry in selected),
    }
    is_empty = not (profile.is_written or context["links"] or context["projects"] or selected or context["has_more"])
    return render(request, "research/welcome.html" if is_empty else "research/about.html", context)
