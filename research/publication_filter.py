"""Which publications a reader asks for, in a query string, and what each further choice would leave."""

import json
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Count, Q
from django.db.models.expressions import RawSQL

from .models import Authorship, FormerPerson, Person, Publication, Topic
from .search import words

MOST_AUTHORS = 40
Filing = Publication.topics.through


@dataclass(frozen=True)
class Choice:
    """One value of a facet: its label, how many publications it leaves, and whether it is chosen now."""

    value: str
    label: str
    count: int
    is_chosen: bool
    filter: "PublicationFilter"  # the filter after this choice; without it where it is chosen already

    @property
    def query(self):
        return self.filter.query


@dataclass(frozen=True)
class PublicationFilter:
    """What is asked for; "" is everything. Choices combine by "and", and so do the words of `q`."""

    q: str = ""
    year: str = ""
    type: str = ""
    topic: str = ""  # a topic's slug
    author: str = ""  # a person's key

    @classmethod
    def of(cls, parameters):
        """The filter in a QueryDict. A value that cannot be anything is a choice that leaves nothing."""
        texts = {field.name: parameters.get(field.name, "") for field in fields(cls)}
        return cls(**{name: text.replace("\0", "").strip()[:200] for name, text in texts.items()})

    def __bool__(self):
        return self != PublicationFilter()

    @property
    def query(self):
        """The query string, with its "?", or "" where nothing is asked for."""
        chosen = {field.name: value for field in fields(self) if (value := getattr(self, field.name))}
        return f"?{urlencode(chosen)}" if chosen else ""

    def after_merge(self):
        """The filter by the author into whom the asked one was merged; None where nobody was."""
        former = FormerPerson.objects.filter(key=number(self.author)).first() if self.author else None
        return replace(self, author=str(former.person_id)) if former else None

    def labels(self, visible):
        """What is asked for, in words; a topic or author of hidden publications alone is not named."""
        seen = visible.order_by().values("pk")
        topics = Topic.objects.filter(slug=self.topic, publications__in=seen) if self.topic else Topic.objects.none()
        people = Person.objects.filter(pk=number(self.author), authorships__publication__in=seen)
        topic, author = topics.first(), people.first() if self.author else None
        kind = dict(Publication.Type.choices).get(self.type, "")
        found = [self.q and f"“{self.q}”", self.year, kind, topic and topic.name, author and author.name]
        return [str(label) for label in found if label]

    def chosen(self, facets, visible):
        """What is asked for, one by one: [("Year", "2024", the filter without it), …]; the words have no name."""
        found = [("", f"“{self.q}”", replace(self, q=""))] if self.q else []
        for name, label, choices in facets:
            if value := getattr(self, name):
                shown = next((choice.label for choice in choices if choice.is_chosen), None)
                shown = shown or (name == "author" and self.author_name(visible)) or value
                found.append((label, shown, replace(self, **{name: ""})))
        return found

    def author_name(self, visible):
        """The name of an author who has none of the publications found; "" of one who has none to be seen at all."""
        person = Person.objects.filter(pk=number(self.author), authorships__publication__in=visible).first()
        return person.name if person else ""

    def search(self, publications):
        """
        The publications in which every word of `q` is found: in their texts, their authors' names or their topics.

        The search reads every row, so it is made once, and what follows goes by the keys that it found.
        """
        condition = Q()
        for word in words(self.q):
            condition &= (
                Q(folded__contains=word)
                | Q(pk__in=Authorship.objects.filter(person__folded__contains=word).values("publication"))
                | Q(pk__in=Filing.objects.filter(topic__folded__contains=word).values("publication"))
            )
        if not condition:
            return publications
        return publications.filter(pk__in=keys(publications.filter(condition)))

    def conditions(self, without=""):
        """The choices as a Q, all but that of the facet named `without`."""
        found = Q()
        if self.year and without != "year":
            found &= Q(year=number(self.year))
        if self.type and without != "type":
            found &= Q(type=self.type)
        if self.topic and without != "topic":
            found &= Q(pk__in=Filing.objects.filter(topic__slug=self.topic).values("publication"))
        if self.author and without != "author":
            found &= Q(pk__in=Authorship.objects.filter(person=number(self.author)).values("publication"))
        return found

    def apply(self, publications):
        """The publications of a queryset that are asked for."""
        return self.search(publications).filter(self.conditions())

    def facets(self, searched):
        """
        The choices among the publications that `search` found: (name, label, list of `Choice`), four of them.

        A facet counts what each of its choices would leave beside the other choices, so that no click leads to
        nothing.
        """
        return [
            ("year", "Year", self.years(searched)),
            ("type", "Type", self.types(searched)),
            ("topic", "Topic", self.topics(searched)),
            ("author", "Author", self.authors(searched)),
        ]

    def years(self, publications):
        rows = counted(publications.filter(self.conditions("year")), "year", "-year")
        return [self.choice("year", str(year), str(year), count) for year, count in rows]

    def types(self, publications):
        rows = counted(publications.filter(self.conditions("type")), "type", "-count")
        labels = dict(Publication.Type.choices)
        return [self.choice("type", value, labels.get(value, value), count) for value, count in rows]

    def topics(self, publications):
        counts = self.counts_of(Filing, "topic", publications)
        topics = Topic.objects.in_bulk(counts)
        found = [self.choice("topic", topics[pk].slug, topics[pk].name, count) for pk, count in counts.items()]
        return sorted(found, key=lambda choice: (-choice.count, choice.label))

    def authors(self, publications):
        counts = self.counts_of(Authorship, "person", publications)
        shown = sorted(counts, key=lambda pk: (-counts[pk], pk))[:MOST_AUTHORS]
        if (chosen := number(self.author)) in counts and chosen not in shown:
            shown.append(chosen)
        people = Person.objects.in_bulk(shown)
        found = [self.choice("author", str(pk), people[pk].name, counts[pk]) for pk in shown]
        return sorted(found, key=lambda choice: (-choice.count, choice.label))

    def counts_of(self, table, column, publications):
        """A dict from each key in the column of a table that names publications to how many of them it has."""
        facet = {"topic": "topic", "person": "author"}[column]
        asked_for = publications.filter(self.conditions(facet)).order_by().values("pk")
        rows = table.objects.filter(publication__in=asked_for).order_by().values_list(column)
        return dict(rows.annotate(count=Count("pk")))

    def choice(self, facet, value, label, count):
        is_chosen = getattr(self, facet) == value
        return Choice(value, label, count, is_chosen, replace(self, **{facet: "" if is_chosen else value}))


def keys(publications):
    """
    The keys of a queryset, for `pk__in`: fetched now, and handed to the database as one JSON text.

    A subquery would be searched again by each query that uses it, and a list of values is slow to parse by the
    thousand.
    """
    found = json.dumps(list(publications.order_by().values_list("pk", flat=True)))
    sql = {
        "sqlite": "SELECT value FROM json_each(%s)",
        "postgresql": "SELECT value::bigint FROM json_array_elements_text(%s::json)",
    }
    return RawSQL(sql[connection.vendor], [found])  # noqa: S611 - nothing in the SQL comes from a request


def counted(publications, column, order):
    """(value, count) for each value of a column, in an order ("-count" is the most frequent first)."""
    rows = publications.order_by().values(column).annotate(count=Count("pk")).order_by(order, column)
    return [(row[column], row["count"]) for row in rows]


def number(text):
    """The number that a text is, or None: no row has that, so such a choice leaves nothing."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
