"""What machines ask of the whole site: may I, what is there, are you well."""

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import Error
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ..models import Profile


@require_safe
def robots(request):
    """robots.txt (RFC 9309): everything may be read but the owner's desk."""
    text = f"User-agent: *\nDisallow: /admin/\n\nSitemap: {settings.SITE_URL}{reverse('sitemap')}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


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
