from pathlib import PurePosixPath

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponseNotModified
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from ..media import TYPES

SHOWN = {".jpg", ".png", ".webp", ".avif", ".pdf"}  # the others are downloaded


@require_safe
def media(request, name):
    """An uploaded file. Its name is made from its content, so it never changes."""
    extension = PurePosixPath(name).suffix.lower()
    if extension not in TYPES:
        raise Http404
    try:
        file = default_storage.open(name)
    except (OSError, ValueError, SuspiciousFileOperation) as error:
        raise Http404 from error
    etag = f'"{name}"'
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        file.close()
        response = HttpResponseNotModified()
    else:
        is_download = extension not in SHOWN
        response = FileResponse(file, content_type=TYPES[extension], as_attachment=is_download)
        response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
