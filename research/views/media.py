from itertools import chain
from pathlib import PurePosixPath

from django.contrib.auth.models import AnonymousUser
from django.core.files.storage import default_storage
from django.http import Http404
from django.views.decorators.http import require_safe

from .. import metadata
from ..citations.record import record_url
from ..media import DOCUMENT_FOLDER, TYPES
from ..models import Publication
from . import files

SHOWN = {".jpg", ".png", ".webp", ".avif", ".pdf"}  # the others are downloaded


@require_safe
def media(request, name):
    """An uploaded file. Its name is made from its content, so it never changes."""
    extension = PurePosixPath(name).suffix.lower()
    if extension not in TYPES or "\0" in name:
        raise Http404
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "Cross-Origin-Resource-Policy": "cross-origin",  # a shared link and a feed show it on the pages of others
    }
    if name.startswith(f"{DOCUMENT_FOLDER}/") and (links := links_to_records(name)):
        headers["Link"] = links
    return files.serve(
        request,
        name,
        default_storage.get_modified_time,
        content_type=TYPES[extension],
        as_attachment=extension not in SHOWN,
        headers=headers,
    )


def links_to_records(name):
    """
    The Link header that leads from slides or data back to the records that they belong to (FAIR Signposting).

    Caches keep the answer and pass it on, so it names what everybody may see, whoever asks.
    """
    found = Publication.objects.visible_to(AnonymousUser()).filter(links__file=name).order_by("pk").distinct()
    links = [metadata.content_links(record_url(publication)) for publication in found.only("slug")]
    return metadata.link_header(chain.from_iterable(links))
