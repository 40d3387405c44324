"""/.well-known/api-catalog (RFC 9727): where a program finds what this site offers to programs."""

import json

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from ..citations import formats

PROFILE = "https://www.rfc-editor.org/info/rfc9727"


@require_safe
def api_catalog(request):
    """The catalogue, as a link set (RFC 9264)."""
    items = [
        (reverse("publication_list_file", args=[module.EXTENSION]), formats.media_type(module))
        for module in formats.OF_LISTS
    ]
    items += [(reverse("unapi"), "application/xml"), (reverse("feed"), "application/atom+xml")]
    links = [{"href": settings.SITE_URL + path, "type": media_type} for path, media_type in items]
    catalogue = {"linkset": [{"anchor": settings.SITE_URL + request.path, "item": links}]}
    return HttpResponse(
        json.dumps(catalogue, indent=2) + "\n",
        content_type=f'application/linkset+json; profile="{PROFILE}"',
        headers={
            "Access-Control-Allow-Origin": "*",
            "Link": f'<{settings.SITE_URL}{request.path}>; rel="api-catalog"',
        },
    )
