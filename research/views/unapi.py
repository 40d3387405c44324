"""unAPI (2006): how Zotero takes one or all of the publications on a page without losing anything."""

from django.http import HttpResponse
from django.shortcuts import render

from ..citations import bibtex, ris, zoterordf
from ..citations.record import with_item_parts
from ..models import Publication
from .formats import rendered
from .page import page

FORMATS = {"rdf_zotero": zoterordf, "ris": ris, "bibtex": bibtex}


@page
def unapi(request):
    """The list of formats; with `id`, that publication's; with `id` and `format`, the publication in it."""
    key, name = request.GET.get("id"), request.GET.get("format")
    if key is None:
        return formats_of(request)
    key = key.replace(" ", "+")  # Zotero sends the id as it stands on the page; a citation key has no blank
    found = with_item_parts(Publication.objects.visible_to(request.user).filter(citation_key=key)).first()
    if not found:
        return refusal(404, "There is no publication with this id.")
    if name is None:
        response = formats_of(request, key)
        response.status_code = 300
        return response
    if name not in FORMATS:
        return refusal(406, f"This format is not offered. There is: {', '.join(FORMATS)}.")
    return rendered(FORMATS[name], found)


def formats_of(request, key=None):
    names = [(name, module.MEDIA_TYPE.partition(";")[0]) for name, module in FORMATS.items()]
    context = {"key": key, "formats": names}
    response = render(request, "research/unapi.xml", context, content_type="application/xml; charset=utf-8")
    response["Access-Control-Allow-Origin"] = "*"
    return response


def refusal(status, sentence):
    """A sentence that scripts of other sites may read too."""
    return HttpResponse(
        f"{sentence}\n",
        status=status,
        content_type="text/plain; charset=utf-8",
        headers={"Access-Control-Allow-Origin": "*"},
    )
