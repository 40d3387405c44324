"""The page of one publication: for readers, and, by content negotiation and links, for scholarly machines."""

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from .. import metadata, previews, webpages
from ..citations import formats, jsonld, text
from ..citations.record import item, offered_formats, with_item_parts
from ..models import Profile, Project, Publication
from ..previews import preview_parts
from .formats import (
    DEFAULT_STYLE,
    HTML,
    STYLE_NAMES,
    chosen_format,
    elsewhere,
    not_acceptable,
    rendered,
    requested_style,
)
from .page import find, moved_to, page

RELATED = 4


def records():
    """Publications with all that their pages and files show."""
    return with_item_parts(Publication.objects.all())


@page
def publication(request, slug):
    """One publication, as the Accept header wants it: its page, or its citation in a format."""
    publication, moved = find(records(), slug, request.user)
    if moved:
        query = request.META.get("QUERY_STRING")
        patch_vary_headers(moved, ["Accept"])
        return elsewhere(moved, f"?{query}" if query else "")
    if not publication:
        raise Http404
    accept = request.headers.get("Accept", "")
    chosen = chosen_format(accept)
    if chosen is None:
        response = not_acceptable(publication)
    elif chosen is HTML:
        response = record_page(request, publication)
        links = metadata.signposting(item(publication), offered_formats(publication))
        response["Link"] = metadata.link_header(links)
    else:
        style = requested_style(accept) if chosen is text else DEFAULT_STYLE
        response = rendered(chosen, publication, style=style)
        query = "" if style == DEFAULT_STYLE else f"?style={style}"
        response["Content-Location"] = f"{publication.get_absolute_url()}{publication.slug}.{chosen.EXTENSION}{query}"
    patch_vary_headers(response, ["Accept"])
    return response


def record_page(request, publication):
    profile = request.profile = Profile.current()
    work = item(publication)
    image = settings.SITE_URL + reverse("preview", args=[publication.slug, preview_parts(publication, profile).digest])
    style = STYLE_NAMES.get(request.GET.get("style"), DEFAULT_STYLE)
    context = {
        "publication": publication,
        "projects": Project.objects.visible_to(request.user).filter(publications=publication),
        "related": related(publication, request.user),
        "tags": metadata.highwire(work) + metadata.dublin_core(work),
        "open_graph": metadata.open_graph(work, image, profile.name),
        "links": metadata.signposting(work, offered_formats(publication)),
        "json_ld": webpages.scripts(
            {"@context": jsonld.CONTEXT} | jsonld.to_jsonld(work, image_url=image),
            webpages.breadcrumbs(
                profile,
                ("Publications", reverse("publication_list")),
                (str(publication), publication.get_absolute_url()),
            ),
        ),
        "coins": metadata.coins(work),
        "citation": text.runs(work, style),
        "style": style,
        "styles": text.STYLES.items(),
        "bibtex": formats.BY_EXTENSION["bib"].render(work),
        "downloads": [(module.NAME, f"{publication.slug}.{module.EXTENSION}") for module in formats.FORMATS],
    }
    return render(request, "research/publication.html", context)


def related(publication, user):
    """Up to four others of the same projects or topics, the newest first."""
    projects = Project.objects.visible_to(user).filter(publications=publication)
    of_projects = Project.publications.through.objects.filter(project__in=projects)
    of_topics = Publication.topics.through.objects.filter(topic__publications=publication)
    others = Publication.objects.visible_to(user).exclude(pk=publication.pk)
    shared = Q(pk__in=of_projects.values("publication")) | Q(pk__in=of_topics.values("publication"))
    return list(others.filter(shared).newest_first()[:RELATED])


@page
def link_set(request, slug, as_json=False):
    """The record's links as a link set (Signposting level 2, RFC 9264)."""
    publication, moved = find(records(), slug, request.user)
    name = "linkset.json" if as_json else "linkset"
    if moved:
        return elsewhere(moved, name)
    if not publication:
        raise Http404
    write = metadata.linkset_json if as_json else metadata.linkset_text
    return HttpResponse(
        write(item(publication), offered_formats(publication)),
        content_type="application/linkset+json" if as_json else "application/linkset",
        headers={"Access-Control-Allow-Origin": "*"},
    )


@page
def preview(request, slug, digest):
    """The picture that a link to the publication shows elsewhere; its former addresses lead to what it is now."""
    publication, moved = find(records(), slug, request.user)
    if moved:
        return elsewhere(moved, f"preview-{digest}.png")
    if not publication:
        raise Http404
    parts = preview_parts(publication, Profile.current())
    if digest != parts.digest:
        return moved_to(reverse("preview", args=[slug, parts.digest]))
    response = HttpResponse(previews.draw(parts), content_type="image/png")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"  # it is made for the pages of others
    return response
