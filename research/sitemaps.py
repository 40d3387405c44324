"""The sitemap: every public page, and when it changed last."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from .feeds import last_change, published
from .models import Profile, Project, Publication


class SiteSitemap(Sitemap):
    """Addresses begin with SITE_URL, whatever name the request came by."""

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc

    def get_protocol(self, protocol=None):
        return urlsplit(settings.SITE_URL).scheme


class PageSitemap(SiteSitemap):
    def items(self):
        return ["about", "publication_list", "project_list"]

    def location(self, item):
        return reverse(item)

    def lastmod(self, item):
        dates = [last_change(), Profile.current().updated if item == "about" else None]
        return max(filter(None, dates), default=None)


class RecordSitemap(SiteSitemap):
    def __init__(self, model):
        self.model = model

    def items(self):
        return (
            self.model.objects.visible_to(AnonymousUser())
            .only("slug", "created", "updated", "publish_at")
            .order_by("pk")
        )

    def lastmod(self, item):
        return max(item.updated, published(item))


SITEMAPS = {
    "pages": PageSitemap,
    "publications": RecordSitemap(Publication),
    "projects": RecordSitemap(Project),
}
