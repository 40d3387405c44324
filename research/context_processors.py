"""What every page of the site needs: its owner, its menu, its stylesheet. Asked for lazily: the admin pays nothing."""

from django.conf import settings
from django.urls import reverse
from django.utils.functional import cached_property

from . import stylesheet
from .models import Profile, Project, Publication


class Site:
    """The frame around a public page, as `request`'s user may see it."""

    def __init__(self, request):
        self.request = request

    @cached_property
    def profile(self):
        return getattr(self.request, "profile", None) or Profile.current()

    @cached_property
    def stylesheet_url(self):
        return stylesheet.url(self.profile.accent_colour)

    @cached_property
    def has_publications(self):
        return Publication.objects.visible_to(self.request.user).exists()

    @cached_property
    def has_projects(self):
        return Project.objects.visible_to(self.request.user).exists()

    @cached_property
    def publication_list(self):
        """The path of the list, which a page of it names hundreds of times."""
        return reverse("publication_list")

    @property
    def url(self):
        return settings.SITE_URL

    @property
    def canonical_url(self):
        return settings.SITE_URL + self.request.path


def site(request):
    """Adds `site`, the frame of a public page."""
    return {"site": Site(request)}
