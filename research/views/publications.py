from itertools import groupby

from django.core.paginator import Paginator
from django.db.models import Case, When
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from .. import webpages
from ..citations import formats, jsonld
from ..citations.record import item, with_item_parts
from ..context_processors import Site
from ..entries import entry
from ..models import Profile, Publication
from ..publication_filter import PER_PAGE, PublicationFilter
from .page import moved_to, page, request_profile


@page
def publication_list(request, number=1):
    """The publications that are asked for, in groups, fifty to a page."""
    asked = PublicationFilter.of(request.GET)
    address = reverse("publication_list_page", args=[number]) if number != 1 else reverse("publication_list")
    if request.path != address:  # each page has one address: "/publications/page/1/" and "…/002/" lead to it
        return redirect(address + asked.query, permanent=True)
    visible = Publication.objects.visible_to(request.user)
    if (meant := asked.current(visible)) != asked:
        return moved_to(reverse("publication_list") + meant.query)
    found = asked.search(visible)
    profile = request_profile(request)
    by_type = profile.publications_grouped_by == Profile.Grouping.TYPE
    order = (place_of_type() if by_type else "-year", "-appeared", "title", "pk")
    # The keys alone are put in order: to sort whole rows, with their abstracts, takes ten times as long.
    keys = found.by_keys().filter(asked.conditions()).order_by(*order).values_list("pk", flat=True)
    facets = asked.facets(found)
    pages = Paginator(keys, PER_PAGE)
    pages.count = asked.count(facets)  # so that they are not counted once more
    if not 1 <= number <= pages.num_pages:
        raise Http404
    shown = pages.page(number)
    publications = list(with_item_parts(visible.filter(pk__in=list(shown)).order_by(*order)))
    chosen = asked.chosen(facets, visible)
    context = {
        "filter": asked,
        "chosen": chosen,
        "facets": [(label, choices) for _, label, choices in facets if len(choices) > 1],
        "count": pages.count,
        "formats": formats.OF_LISTS,
        "page": shown,
        "groups": groups(publications, by_type, Site(request)),
        "has_stars": any(publication.has_equal_contribution for publication in publications),
    }
    titles, labels = [one.title for one in publications[:3]], [label for _, label, _ in chosen]
    described = webpages.WebPage(
        profile,
        request.path + asked.query,  # a choice is a page of its own: the whole list is not canonical for it
        "Publications" if number == 1 else f"Publications, page {number}",
        webpages.contents(profile, "publication", pages.count, titles, labels),
        "CollectionPage",
    )
    works = [jsonld.reference(item(one)) for one in publications]
    context |= described.context(webpages.item_list(works, shown.start_index(), pages.count))
    return render(request, "research/publication_list.html", context)


def place_of_type():
    """An expression to order by: types as `Publication.Type` has them, so that papers are before posters."""
    return Case(*(When(type=value, then=place) for place, value in enumerate(Publication.Type.values)), default=99)


def groups(publications, by_type, site):
    """[(heading, [entry, …]), …] of publications that are in that order already."""
    heading = (lambda one: Publication.Type(one.type).plural) if by_type else (lambda one: one.year)
    return [(name, [entry(one, site) for one in group]) for name, group in groupby(publications, heading)]
