"""A publication in the formats of scholarly machines: by its own address, or asked for by the Accept header."""

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect

from .. import identifiers, metadata
from ..citations import formats, text
from ..citations.record import item, public_items, with_item_parts
from ..models import Publication
from ..publication_filter import PublicationFilter
from .page import find, page

HTML = "text/html"
PDF = "application/pdf"
DEFAULT_STYLE = "apa"


def chosen_format(request):
    """
    What the Accept header asks for (RFC 9110, 12.5.1): "text/html", a format's module, or None for nothing of ours.

    Of what is equally welcome HTML comes first, then the order of the registry.
    """
    offers = {HTML: HTML} | {formats.media_type(module): module for module in formats.FORMATS}
    qualities = {media_type: quality(request, media_type) for media_type in offers}
    best = max(qualities, key=qualities.get)
    return offers[best] if qualities[best] else None


def quality(request, media_type):
    """How welcome a media type is, 0 to 1: what the most specific range that covers it says."""
    main, sub = media_type.split("/")
    covering = [
        (accepted.main_type != "*", accepted.sub_type != "*", accepted.quality)
        for accepted in request.accepted_types
        if accepted.main_type in ("*", main) and accepted.sub_type in ("*", sub)
    ]
    return max(covering, default=(False, False, 0))[2]


def requested_style(request):
    """The citation style in `Accept: text/x-bibliography; style=…`; APA where it names none of ours."""
    for accepted in request.accepted_types:
        if (accepted.main_type, accepted.sub_type) == ("text", "x-bibliography"):
            style = {name.strip(): value.strip() for name, value in accepted.params.items()}.get("style", "")
            return style if style in text.STYLES else DEFAULT_STYLE
    return DEFAULT_STYLE


def rendered(module, publication, style=None, flavour=None):
    """The response that holds one publication in a format, and leads back to its page."""
    options = {}
    if module is text and style in text.STYLES:
        options["style"] = style
    if flavour == "latex" and module.EXTENSION == "bib":
        options["flavour"] = flavour
    work = item(publication)
    response = cited(module, module.render(work, **options), f"{publication.slug}.{module.EXTENSION}")
    response["Link"] = metadata.link_header(metadata.metadata_links(work))
    return response


def cited(module, content, file_name):
    """A response that any page may read, and that a browser saves under a name of its own."""
    return HttpResponse(
        content,
        content_type=module.MEDIA_TYPE,
        headers={"Access-Control-Allow-Origin": "*", "Content-Disposition": f'inline; filename="{file_name}"'},
    )


def not_acceptable():
    """The answer to an Accept header that names nothing of ours: 406, with what there is."""
    offers = [HTML, *(formats.media_type(module) for module in formats.FORMATS)]
    body = "There is nothing here of the kind that you accept. There is:\n" + "".join(f"{one}\n" for one in offers)
    response = HttpResponse(body, status=406, content_type="text/plain; charset=utf-8")
    response["Vary"] = "Accept"
    return response


@page
def record_file(request, slug, name, extension):
    """A publication's citation, or its PDF, beside its page: /publications/owls/owls.bib."""
    publication, moved = find(with_item_parts(Publication.objects.all()), slug, request.user)
    if moved:
        record = find(Publication.objects.all(), moved.url.rstrip("/").rpartition("/")[2], request.user)[0]
        return redirect(f"{moved.url}{record.slug}.{extension}", permanent=True)
    if not publication or name != publication.slug:
        raise Http404
    if extension == "pdf":
        return paper(publication)
    if extension not in formats.BY_EXTENSION:
        raise Http404
    return rendered(formats.BY_EXTENSION[extension], publication, request.GET.get("style"), request.GET.get("flavour"))


def paper(publication):
    if not publication.pdf:
        raise Http404
    try:
        file = publication.pdf.open()
    except OSError as error:
        raise Http404 from error
    response = FileResponse(file, content_type=PDF, filename=f"{publication.slug}.pdf")
    response["Link"] = metadata.link_header(metadata.content_links(item(publication)))
    return response


@page
def list_file(request, extension):
    """All publications that the filter asks for, in one file: /publications.bib?topic=owls."""
    module = formats.BY_EXTENSION.get(extension)
    if module not in formats.OF_LISTS:
        raise Http404
    asked = PublicationFilter.of(request.GET)
    items = public_items(request.user, asked.apply(Publication.objects.all()))
    options = {"flavour": "latex"} if extension == "bib" and request.GET.get("flavour") == "latex" else {}
    return cited(module, module.render_all(items, **options), f"publications.{extension}")


@page
def by_doi(request, doi):
    """303 to the record of a DOI, so that a DOI client pointed at this host works."""
    try:
        return see_other(request, doi=identifiers.doi(doi))
    except ValueError as error:
        raise Http404 from error


@page
def by_arxiv(request, identifier):
    """303 to the record of an arXiv identifier, with or without its version."""
    try:
        return see_other(request, arxiv_id=identifiers.arxiv(identifier))
    except ValueError as error:
        raise Http404 from error


def see_other(request, **identifier):
    publication = Publication.objects.visible_to(request.user).filter(**identifier).first()
    if not publication:
        raise Http404
    response = redirect(publication)
    response.status_code = 303
    response["Access-Control-Allow-Origin"] = "*"
    return response
