"""How the templates show text and pictures."""

from django import template
from django.conf import settings

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


@register.inclusion_tag("research/partials/authors.html", takes_context=True)
def authors(context, publication, everybody=False):
    """
    The authors in their order. Of a long list the first eight and the owner are shown, and the others on a click;
    `everybody` shows them all, as a publication's own page must.
    """
    site = context["site"]
    authorships = list(publication.authorships.all())
    if everybody or len(authorships) <= MOST_AUTHORS:
        return {"site": site, "shown": authorships}
    others = authorships[FIRST_AUTHORS:]
    owner = [authorship for authorship in others if authorship.person_id == site.profile.person_id]
    hidden = [authorship for authorship in others if authorship not in owner]
    return {"site": site, "shown": authorships[:FIRST_AUTHORS], "owner": owner, "hidden": hidden}


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
