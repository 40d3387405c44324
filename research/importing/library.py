"""All that a site knows already, read once for a whole import: works, people, addresses, keys, topics."""

from .. import search
from ..models import Authorship, FormerPublicationSlug, Person, Profile, Publication, Topic
from .matching import Index, Known, known_work, main_title, normal_title, stored_identifiers
from .people import People, family
from .works import work

COLUMNS = ("pk", "title", "year", "online_date", "type", "doi", "arxiv_id", "citation_key", "slug")


class Library:
    """The site as an import needs it; what the import writes is told to it, so that it is never read twice."""

    def __init__(self):
        rows = list(Authorship.objects.order_by("position", "pk").values_list("publication", "person"))
        owner = Profile.objects.filter(pk=1).values_list("person", flat=True).first()
        self.people = People(Person.objects.all(), rows, owner)
        first = {}
        for publication, person in rows:
            first.setdefault(publication, person)
        self.index, self.slugs, self.citation_keys = Index(), set(Publication.RESERVED_SLUGS), set()
        for row in Publication.objects.values(*COLUMNS):
            self.take_in(row, self.people.by_key.get(first.get(row["pk"])))
        self.slugs |= set(FormerPublicationSlug.objects.values_list("slug", flat=True))
        self.topics = {search.fold(topic.name): topic for topic in Topic.objects.all()}
        self.publications = {}

    def take_in(self, row, first_author, sources=frozenset()):
        """A publication as a dict of COLUMNS, and its first author, a person or None."""
        dois, arxiv_ids = stored_identifiers(row["doi"], row["arxiv_id"])
        self.slugs.add(row["slug"])
        self.citation_keys.add(row["citation_key"].lower())
        self.index.add(
            Known(
                row["pk"],
                normal_title(row["title"]),
                main_title(row["title"]),
                row["year"],
                row["online_date"].year if row["online_date"] else None,
                family(first_author) if first_author else "",
                row["type"],
                dois,
                arxiv_ids,
                row["citation_key"].lower(),
                sources,
            )
        )

    def note(self, publication, people, sources):
        """A publication has been written or met in this import; `people` are its authors in their order."""
        self.take_in({name: getattr(publication, name) for name in COLUMNS}, people[0] if people else None, sources)
        for person in people:
            self.people.add(person)
            self.people.works[person.pk].add(publication.pk)
        self.forget(publication)

    def forget(self, publication):
        """Read it anew when it is needed again."""
        self.publications.pop(publication.pk, None)

    def fetch(self, keys):
        """Read these publications with their authors in three queries, so that `publication` has them at hand."""
        authors = "authorships__person"
        missing = [key for key in dict.fromkeys(keys) if key not in self.publications]
        if missing:
            self.publications |= Publication.objects.prefetch_related(authors).in_bulk(missing)

    def publication(self, key):
        """The publication with this key and its authors; None where it is gone."""
        self.fetch([key])
        return self.publications.get(key)


def meet(founds, groups=()):
    """
    Records of one import as works: those that are one for certain come together, such as a preprint and its article.

    Returns a list of lists of `Found`, in the order of the first of each. `groups` is such a list to begin with.
    """
    groups = [list(group) for group in groups]
    index = Index(known_work(work(group), place) for place, group in enumerate(groups))
    for found in founds:
        match = index.match(work([found]))
        place = match.keys[0] if match and match.is_certain else len(groups)
        if place == len(groups):
            groups.append([])
        if found not in groups[place]:
            groups[place].append(found)
            index.add(known_work(work(groups[place]), place))
    return groups
