"""Atom feeds (RFC 4287): everything new, and the publications that a filter asks for."""

from itertools import chain
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.db.models import Max
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from . import markup
from .models import Profile, Project, Publication
from .publication_filter import PublicationFilter

LONGEST = 50
EVERYBODY = AnonymousUser()  # a feed is kept and passed on: it holds what everybody may see, whoever asks


def tag(record):
    """An identifier that outlives a renamed slug and a moved site (RFC 4151): who, since when, which."""
    kind = record._meta.model_name
    return f"tag:{urlsplit(settings.SITE_URL).hostname},{record.created:%Y-%m-%d}:{kind}/{record.pk}"


def published(record):
    """When the record could first be read."""
    return max(record.created, record.publish_at or record.created)


class AbsoluteFeed(Atom1Feed):
    """Django's Atom feed, whose own address is the site's, whatever name the request came by."""

    def __init__(self, *args, **kwargs):
        kwargs["feed_url"] = settings.SITE_URL + urlsplit(kwargs["feed_url"])._replace(scheme="", netloc="").geturl()
        super().__init__(*args, **kwargs)


class NewsFeed(Feed):
    """Everything new: publications and projects."""

    feed_type = AbsoluteFeed

    def __call__(self, request, *args, **kwargs):
        response = super().__call__(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        return response

    def title(self):
        return Profile.current().name or "Research"

    def subtitle(self):
        return "Publications and projects"

    def link(self):
        return settings.SITE_URL + reverse("about")

    def author_name(self):
        return self.title()

    def items(self):
        publications = Publication.objects.visible_to(EVERYBODY).order_by("-created").with_parts()[:LONGEST]
        projects = Project.objects.visible_to(EVERYBODY).order_by("-created")[:LONGEST]
        return sorted(chain(publications, projects), key=published, reverse=True)[:LONGEST]

    def item_title(self, item):
        return str(item)

    def item_link(self, item):
        return settings.SITE_URL + item.get_absolute_url()

    def item_guid(self, item):
        return tag(item)

    def item_description(self, item):
        if isinstance(item, Project):
            return markup.plain(item.summary)
        return markup.plain(item.tldr or item.abstract)

    def item_author_name(self, item):
        if isinstance(item, Project):
            return None
        return ", ".join(str(authorship.person) for authorship in item.authorships.all())

    def item_pubdate(self, item):
        return published(item)

    def item_updateddate(self, item):
        return max(item.updated, published(item))


class PublicationFeed(NewsFeed):
    """The publications, newest first; the filters of the list apply, so each topic has a feed."""

    def get_object(self, request):
        return PublicationFilter.of(request.GET)

    def title(self, asked):
        return f"Publications of {Profile.current().name or 'this site'}"

    def subtitle(self, asked):
        return None

    def link(self, asked):
        return settings.SITE_URL + reverse("publication_list") + asked.query

    def author_name(self, asked):
        return Profile.current().name or "Research"

    def items(self, asked):
        return asked.apply(Publication.objects.visible_to(EVERYBODY)).newest_first().with_parts()[:LONGEST]


def last_change():
    """When what everybody may see changed last; None for an empty site."""
    dates = []
    for model in (Publication, Project):
        newest = model.objects.visible_to(EVERYBODY).aggregate(Max("updated"), Max("publish_at"))
        dates += [date for date in newest.values() if date]
    return max(dates, default=None)
