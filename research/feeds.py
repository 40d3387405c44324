"""Atom feeds (RFC 4287): everything new, and the publications that a filter asks for."""

import datetime
import re
import uuid
from itertools import chain
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.db.models import Max
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from . import markup
from .models import Profile, Project, Publication
from .publication_filter import PublicationFilter

LONGEST = 50
EVERYBODY = AnonymousUser()  # a feed is kept and passed on: it holds what everybody may see, whoever asks


def published(record):
    """When the record could first be read."""
    return max(record.created, record.publish_at or record.created)


def newest(records):
    """The records that everybody may read, those first that could be read last."""
    public = records.visible_to(EVERYBODY)
    return public.order_by(Greatest("created", Coalesce("publish_at", "created")).desc(), "-pk")


BEFORE_ALL = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
# What XML 1.0 cannot hold (section 2.2), and what a text copied from a PDF may.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def writable(text):
    return UNWRITABLE.sub("", text)


class AbsoluteFeed(Atom1Feed):
    """Django's Atom feed, with its own address on the site, whatever name the request came by, and every author."""

    def __init__(self, *args, **kwargs):
        kwargs["feed_url"] = settings.SITE_URL + urlsplit(kwargs["feed_url"])._replace(scheme="", netloc="").geturl()
        super().__init__(*args, **kwargs)

    def latest_post_date(self):
        """When the newest entry changed; for an empty feed a date that stays, so that it does not change by itself."""
        return super().latest_post_date() if self.items else BEFORE_ALL

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        for name in item["authors"]:
            handler.startElement("author", {})
            handler.addQuickElement("name", name)
            handler.endElement("author")


class NewsFeed(Feed):
    """Everything new: publications and projects."""

    feed_type = AbsoluteFeed

    def __call__(self, request, *args, **kwargs):
        response = super().__call__(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        return response

    def title(self):
        return writable(Profile.current().name) or "Research"

    def subtitle(self):
        return "Publications and projects"

    def link(self):
        return settings.SITE_URL + reverse("about")

    def feed_guid(self):
        return Profile.current().uuid.urn

    def author_name(self):
        return self.title()

    def items(self):
        publications = newest(Publication.objects).with_parts()[:LONGEST]
        projects = newest(Project.objects)[:LONGEST]
        return sorted(chain(publications, projects), key=published, reverse=True)[:LONGEST]

    def item_title(self, item):
        return writable(str(item))

    def item_link(self, item):
        return settings.SITE_URL + item.get_absolute_url()

    def item_guid(self, item):
        return item.uuid.urn

    def item_description(self, item):
        texts = [item.summary] if isinstance(item, Project) else [item.notice, item.tldr or item.abstract]
        return escape(writable(" ".join(markup.plain(text) for text in texts if text)))  # a summary is HTML

    def item_extra_kwargs(self, item):
        authorships = [] if isinstance(item, Project) else item.authorships.all()
        return {"authors": [writable(str(authorship.person)) for authorship in authorships]}

    def item_pubdate(self, item):
        return published(item)

    def item_updateddate(self, item):
        return max(item.updated, published(item))


class PublicationFeed(NewsFeed):
    """The publications, newest first; the filters of the list apply, so each topic has a feed."""

    def get_object(self, request):
        asked = PublicationFilter.of(request.GET)
        return asked.current(Publication.objects.visible_to(EVERYBODY))

    def title(self, asked):
        title = f"Publications of {writable(Profile.current().name) or 'this site'}"
        chosen = writable(", ".join(asked.labels(Publication.objects.visible_to(EVERYBODY))))
        return f"{title}: {chosen}" if chosen else title

    def subtitle(self, asked):
        return None

    def link(self, asked):
        return settings.SITE_URL + reverse("publication_list") + asked.query

    def feed_guid(self, asked):
        identity = asked.identity(Publication.objects.visible_to(EVERYBODY))
        return uuid.uuid5(Profile.current().uuid, f"publications{identity}").urn

    def feed_url(self, asked):
        return reverse("publication_feed") + asked.query

    def author_name(self, asked):
        return writable(Profile.current().name) or "Research"

    def items(self, asked):
        """The newest here, not the newest of all: an old paper that is added today is news to who follows the feed."""
        return newest(asked.apply(Publication.objects.visible_to(EVERYBODY))).with_parts()[:LONGEST]


def last_change():
    """When what everybody may see changed last; None for an empty site."""
    dates = []
    for model in (Publication, Project):
        newest = model.objects.visible_to(EVERYBODY).aggregate(Max("updated"), Max("publish_at"))
        dates += [date for date in newest.values() if date]
    return max(dates, default=None)
