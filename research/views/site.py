"""What machines ask of the whole site: may I, what is there, are you well."""

import datetime

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import Error
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ..models import Profile, ProfileLink
from ..models.profile import ProfileLinkKind


@require_safe
def robots(request):
    """robots.txt (RFC 9309): everything may be read but the owner's desk."""
    text = f"User-agent: *\nDisallow: /admin/\n\nSitemap: {settings.SITE_URL}{reverse('sitemap')}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def security(request):
    """security.txt (RFC 9116): whom to tell about a hole in the site. Never kept, because it says when it ends."""
    link = ProfileLink.objects.filter(kind=ProfileLinkKind.EMAIL, visible=True).first()
    contact = settings.SECURITY_CONTACT or (f"mailto:{link.address}" if link else "")
    if not contact:
        raise Http404
    ends = timezone.now() + datetime.timedelta(days=180)
    lines = [
        f"Contact: {contact}",
        f"Expires: {ends:%Y-%m-%dT00:00:00Z}",
        f"Canonical: {settings.SITE_URL}{request.path}",
        "Preferred-Languages: en",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def health(request):
    """200 when the database answers and uploads could be stored, else 503; which of them is in the JSON."""
    try:
        database = Profile.objects.filter(pk=1).count() >= 0
    except Error:
        database = False
    media = default_storage.is_well()
    is_well = database and media
    return JsonResponse({"ok": is_well, "database": database, "media": media}, status=200 if is_well else 503)
