"""A publication of the database as the neutral `Item` that every format writes."""

import re
from pathlib import PurePosixPath

from django.conf import settings
from django.db.models import Prefetch

from ..markup import plain
from ..media import TYPES as MEDIA_TYPES
from ..models import Authorship, Profile, Publication, PublicationLink, Topic
from ..names import Name
from ..profilepage import owner_id
from .formats import FORMATS
from .item import Contributor, Item
from .typed import reduced

# Of the owner's profile only that it is there: its texts would come with every authorship.
UNREAD = (f"person__profile__{field.name}" for field in Profile._meta.concrete_fields if not field.primary_key)
PARTS = {
    "authorships": Authorship.objects.select_related("person__profile").defer(*UNREAD).order_by("position", "pk"),
    "topics": Topic.objects.order_by("name"),
    "links": PublicationLink.objects.all(),
}
CHUNK = 500  # publications that are fetched at a time
FIELDS_OF_THE_SAME_NAME = (
    *("type", "year", "month", "day", "online_date", "event", "series", "volume", "issue", "number"),
    *("version", "publisher", "place", "genre", "isbn", "issn", "doi", "arxiv_id", "arxiv_class", "language"),
    *("license", "note"),
)


def with_item_parts(publications):
    """The queryset with all that `item` reads, in four queries however many publications there are."""
    return publications.prefetch_related(*(Prefetch(name, part) for name, part in PARTS.items()))


def rows(publication, name):
    """The authorships, topics or links of a publication; `public_items` has fetched them as lists."""
    fetched = getattr(publication, f"fetched_{name}", None)
    return getattr(publication, name).all() if fetched is None else fetched


def item(publication):
    """The `Item` of a publication; uses what `with_item_parts` has fetched."""
    return Item(
        key=publication.citation_key,
        title=reduced(publication.title),
        abstract=reduced(publication.abstract),
        authors=tuple(contributor(authorship.person) for authorship in rows(publication, "authorships")),
        editors=tuple(map(Contributor, editors(publication))),
        container=publication.venue or ("" if publication.event else publication.venue_short),
        container_short=publication.venue_short if publication.venue else "",
        pages=re.sub(r"(?:(?<!\s)\s+)?(?:-+|[–—])\s*", "–", publication.pages),
        url=absolute(publication.paper_url),
        record_url=record_url(publication),
        pdf_url=pdf_url(publication),
        keywords=tuple(topic.name for topic in rows(publication, "topics")),
        notice=plain(publication.notice),
        attachments=tuple((str(link), absolute(link.href), media_type(link)) for link in rows(publication, "links")),
        **{name: getattr(publication, name) for name in FIELDS_OF_THE_SAME_NAME},
    )


def editors(publication):
    """The names of the editors; each line as it stands where one is no name: a row may come past every form."""
    try:
        return publication.editor_names
    except ValueError:
        lines = (" ".join(line.split()) for line in publication.editors.splitlines())
        return [Name("", "", line, "") for line in lines if line]


def contributor(person):
    name = Name(person.given_name, person.particle, person.family_name, person.suffix)
    site_id = owner_id() if hasattr(person, "profile") else ""
    return Contributor(name, person.orcid, person.url, site_id)


def record_url(publication):
    """The permalink of the publication's page."""
    return settings.SITE_URL + publication.get_absolute_url()


def pdf_url(publication):
    """The address of its PDF beside its page; "" where there is none."""
    return settings.SITE_URL + publication.pdf_path if publication.pdf else ""


def offered_formats(publication):
    """[(absolute address, media type), …] of a publication in every format."""
    base = f"{record_url(publication)}{publication.slug}"
    return [(f"{base}.{module.EXTENSION}", module.MEDIA_TYPE) for module in FORMATS]


def media_type(link):
    """The media type of a link's file; "" where it leads elsewhere."""
    return MEDIA_TYPES.get(PurePosixPath(link.file.name).suffix.lower(), "").partition(";")[0] if link.file else ""


def absolute(address):
    """A web address, or a path of this site with the site before it."""
    return settings.SITE_URL + address if address.startswith("/") else address


def public_items(user, publications=None):
    """
    The items of the publications (all of them by default) that `user` may see, newest first, one after the other.

    They are fetched by the five hundred, so that a list of thousands takes no more memory than its file; and their
    parts as lists, which takes two thirds of the time that a queryset for each of them would.
    """
    publications = Publication.objects.all() if publications is None else publications
    parts = (Prefetch(name, part, to_attr=f"fetched_{name}") for name, part in PARTS.items())
    shown = publications.visible_to(user).newest_first().defer("folded").prefetch_related(*parts)
    return map(item, shown.iterator(CHUNK))
