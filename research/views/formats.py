"""A publication in the formats of scholarly machines: by its own address, or asked for by the Accept header."""

from contextlib import suppress

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.http.request import MediaType
from django.shortcuts import redirect

from .. import identifiers, metadata
from ..citations import formats, text
from ..citations.record import item, offered_formats, public_items, record_url, with_item_parts
from ..models import Publication
from ..publication_filter import PublicationFilter
from . import files
from .page import find, page

HTML = "text/html"
PDF = "application/pdf"
DEFAULT_STYLE = "apa"
# DOI clients name styles as the Citation Style Language does: "modern-language-association".
STYLE_NAMES = {file: name for name, file in text.FILES.items()} | {name: name for name in text.STYLES}


def chosen_format(accept):
    """
    What an Accept header asks for (RFC 9110, 12.5.1): "text/html", a format's module, or None for nothing of ours.

    Of what is equally welcome that comes first which is named more precisely, then HTML, then the registry's order.
    """
    offers = {HTML: HTML} | {formats.media_type(module): module for module in formats.FORMATS} | formats.BY_OTHER_TYPE
    ranges = media_ranges(accept)
    welcome = {media_type: welcome_of(media_type, ranges) for media_type in offers}
    best = max(welcome, key=welcome.get)
    return offers[best] if welcome[best][0] else None


def media_ranges(accept):
    """
    The ranges of an Accept header; "*/*" where there is none that can be read.

    Django's `request.accepted_types` will not do: it leaves out those of q=0, by which a client refuses a type.
    """
    found = [media_range(part) for part in accept.split(",")]
    return [each for each in found if each and each.sub_type] or [MediaType("*/*")]


def media_range(line):
    try:
        found = MediaType(line)
    except (LookupError, ValueError):  # what only an attacker sends: a parameter in no known encoding, or endless
        return None
    if found.main_type == "*":  # Java's own client says "*" for "*/*"
        found.sub_type = "*"
    return found


def welcome_of(media_type, ranges):
    """(quality, precision) of the most precise range that covers a media type, whatever its parameters."""
    main, sub = media_type.split("/")
    covering = [
        ((each.main_type != "*") + (each.sub_type != "*"), each.quality)
        for each in ranges
        if each.main_type in ("*", main) and each.sub_type in ("*", sub)
    ]
    precision, quality = max(covering, default=(0, 0))
    return quality, precision


def requested_style(accept):
    """The citation style in `Accept: text/x-bibliography; style=…`; APA where it names none of ours."""
    ranges = sorted(media_ranges(accept), key=lambda each: -each.quality)
    names = {"x-bibliography", *(name.partition("/")[2] for name in text.OTHER_TYPES)}
    asked = [each.params for each in ranges if each.main_type == "text" and each.sub_type in names]
    names = [params.get("style") for params in asked]
    return next((STYLE_NAMES[name] for name in names if name in STYLE_NAMES), DEFAULT_STYLE)


def rendered(module, publication, style=None, flavour=None):
    """The response that holds one publication in a format, and leads back to its page."""
    options = {}
    if module is text:
        options["style"] = STYLE_NAMES.get(style, DEFAULT_STYLE)
    if flavour == "latex" and module.EXTENSION == "bib":
        options["flavour"] = flavour
    work = item(publication)
    response = cited(module, module.render(work, **options), f"{publication.slug}.{module.EXTENSION}")
    response["Link"] = metadata.link_header(metadata.metadata_links(work.record_url))
    return response


def cited(module, content, file_name):
    """A response that any page may read, and that a browser saves under a name of its own."""
    return HttpResponse(
        content,
        content_type=module.MEDIA_TYPE,
        headers={"Access-Control-Allow-Origin": "*", "Content-Disposition": f'inline; filename="{file_name}"'},
    )


def not_acceptable(publication):
    """The answer to an Accept header that names nothing of ours: 406, with what there is, and where."""
    offers = [(record_url(publication), HTML), *offered_formats(publication)]
    links = [(address, {"rel": "alternate", "type": media_type.partition(";")[0]}) for address, media_type in offers]
    body = "There is nothing here of the kind that you accept. There is:\n" + "".join(
        f"{attributes['type']} {address}\n" for address, attributes in links
    )
    response = HttpResponse(body, status=406, content_type="text/plain; charset=utf-8")
    response["Link"] = metadata.link_header(links)
    response["Access-Control-Allow-Origin"] = "*"
    return response


@page
def record_file(request, slug, name, extension):
    """A publication's citation, or its PDF, beside its page: /publications/owls/owls.bib."""
    publication, moved = find(with_item_parts(Publication.objects.all()), slug, request.user)
    if name != slug or not (publication or moved) or extension not in {"pdf", *formats.BY_EXTENSION}:
        raise Http404
    if moved:
        new_slug = moved.url.rstrip("/").rpartition("/")[2]
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return elsewhere(moved, f"{new_slug}.{extension}{query}")
    if extension == "pdf":
        return paper(request, publication)
    return rendered(formats.BY_EXTENSION[extension], publication, request.GET.get("style"), request.GET.get("flavour"))


def elsewhere(moved, name=""):
    """The redirect to where a record is now, or to a file beside it, for scripts of other sites too."""
    moved["Location"] += name
    moved["Access-Control-Allow-Origin"] = "*"
    return moved


def paper(request, publication):
    """The PDF. Its address may get another one, which is when its record is saved."""
    if not publication.pdf:
        raise Http404
    return files.serve(
        request,
        publication.pdf.name,
        lambda name: publication.updated,
        content_type=PDF,
        filename=f"{publication.slug}.pdf",
        headers={"Link": metadata.link_header(metadata.content_links(record_url(publication)))},
    )


@page
def list_file(request, extension):
    """All publications that the filter asks for, in one file: /publications.bib?topic=owls."""
    module = formats.BY_EXTENSION.get(extension)
    if module not in formats.OF_LISTS:
        raise Http404
    asked = PublicationFilter.of(request.GET).current(Publication.objects.visible_to(request.user))
    items = public_items(request.user, asked.apply(Publication.objects.all()))
    options = {"flavour": "latex"} if extension == "bib" and request.GET.get("flavour") == "latex" else {}
    return cited(module, module.render_all(items, **options), f"publications.{extension}")


@page
def by_doi(request, doi):
    """303 to the record of a DOI, its own or arXiv's, so that a DOI client pointed at this host works."""
    try:
        asked = Q(doi=identifiers.doi(doi))
    except ValueError as error:
        raise Http404 from error
    with suppress(ValueError):
        asked |= Q(arxiv_id=identifiers.arxiv(doi))
    return see_other(request, asked)


@page
def by_arxiv(request, identifier):
    """303 to the record of an arXiv identifier, with or without its version."""
    try:
        asked = Q(arxiv_id=identifiers.arxiv(identifier))
    except ValueError as error:
        raise Http404 from error
    return see_other(request, asked)


def see_other(request, asked):
    publication = Publication.objects.visible_to(request.user).filter(asked).first()
    if not publication:
        raise Http404
    response = redirect(publication)
    response.status_code = 303
    response["Access-Control-Allow-Origin"] = "*"
    return response
