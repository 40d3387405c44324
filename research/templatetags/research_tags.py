"""How the templates show text and pictures."""

from typing import NamedTuple

from django import template
from django.conf import settings
from django.urls import reverse

from .. import identifiers, images, markup

register = template.Library()

register.filter("doi_url", identifiers.doi_url)
register.filter("arxiv_url", identifiers.arxiv_url)
register.filter("plain", markup.plain)
register.filter("markdown", markup.render)
register.filter("inline", markup.render_inline)
register.filter("json_for_script", markup.json_for_script)


@register.filter
def inline_text(text):
    """Inline Markdown without links, for text that is part of a link itself."""
    return markup.render_inline(text, links=False)


MOST_AUTHORS = 12
FIRST_AUTHORS = 8


class Author(NamedTuple):
    """What a list of authors shows of a person."""

    name: str
    address: str
    is_owner: bool
    star: str


@register.inclusion_tag("research/partials/authors.html", takes_context=True)
def authors(context, publication, everybody=False):
    """
    The authors in their order. Of a long list the first eight and the owner are shown, and the others on a click;
    `everybody` shows them all, as a publication's own page must.
    """
    by_order = publication.authorships.all()
    listed = in_a_row(context, ((each.person, "*" if each.equal_contribution else "") for each in by_order))
    if everybody or len(listed) <= MOST_AUTHORS:
        return {"shown": listed}
    others = listed[FIRST_AUTHORS:]
    return {
        "shown": listed[:FIRST_AUTHORS],
        "owner": [author for author in others if author.is_owner],
        "hidden": [author for author in others if not author.is_owner],
    }


@register.inclusion_tag("research/partials/authors_in_a_row.html", takes_context=True)
def people(context, people):
    """People in a row, as authors are listed."""
    return {"authors": in_a_row(context, ((person, "") for person in people))}


def in_a_row(context, people_and_stars):
    """A list of `Author`; who has no page of their own leads to their publications. One pass, for lists are long."""
    owner = context["site"].profile.person_id
    publications = reverse("publication_list")
    return [
        Author(person.name, person.href or f"{publications}?author={person.pk}", person.pk == owner, star)
        for person, star in people_and_stars
    ]


@register.inclusion_tag("research/partials/picture.html")
def picture(file, alt, sizes, eager=False, css_class=""):
    """
    A stored picture in the size that the page needs.

    `sizes` is the attribute of that name: how wide the picture is shown. `eager` is for what is seen at once;
    everything else loads when it comes near. A name that is no picture's shows nothing.
    """
    try:
        found = images.Picture.parse(str(file))
    except ValueError:
        return {}
    return {
        "picture": found,
        "url": settings.MEDIA_URL + found.fallback,
        "sources": [(f"image/{kind}", srcset(found, kind)) for kind in ("avif", "webp")],
        "alt": alt,
        "sizes": sizes,
        "eager": eager,
        "css_class": css_class,
    }


def srcset(found, kind):
    return ", ".join(f"{settings.MEDIA_URL}{name} {width}w" for name, width in found.srcset(kind))
