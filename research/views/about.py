from django.shortcuts import render

from .. import entries, profilepage, webpages
from ..context_processors import Site
from ..markup import plain
from ..models import Person, Profile, ProfileLink, Project, Publication, prepared
from ..models.prepared import NOW
from .page import page


def person(key):
    return Person.objects.filter(pk=key)


def active_projects(is_staff):
    return Project.objects.seen_by(is_staff, NOW).filter(phase=Project.Phase.ACTIVE)


def selected_publications(is_staff, limit):
    return Publication.objects.seen_by(is_staff, NOW).filter(selected=True).newest_first().publicity(NOW)[:limit]


def some_publications(is_staff, limit):
    """As many as it takes to know whether there are more than those that are selected."""
    return Publication.objects.seen_by(is_staff, NOW).order_by().values_list("pk")[:limit]


def visible_links():
    return ProfileLink.objects.filter(visible=True)


@page
def about(request):
    """The home page: profile, links, active projects, selected publications."""
    profile = request.profile = Profile.current()
    site = Site(request)
    profile.person = next(iter(prepared.records(person, profile.person_id)), None)
    is_staff = request.user.is_staff
    projects = prepared.records(active_projects, is_staff)
    selected = entries.listed(prepared.rows(selected_publications, is_staff, profile.selected_count), site)
    count = len(prepared.rows(some_publications, is_staff, profile.selected_count + 1))
    site.has_publications = count > 0  # what the page has read, its frame need not ask again
    if projects:
        site.has_projects = True
    links = prepared.records(visible_links)
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
