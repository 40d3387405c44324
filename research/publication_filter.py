"""Which publications a reader asks for, in a query string, and what each further choice would leave."""

from collections import Counter
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Aggregate, Count, Q, QuerySet, TextField
from django.db.models.expressions import RawSQL

from .models import Authorship, FormerPerson, FormerTopicSlug, Person, Publication, Topic
from .search import words

MOST_AUTHORS = 40
PER_PAGE = 50  # publications on a page of the list
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
class Found:
    """The publications among which a filter chooses; their keys too, as SQL, where words were searched for."""

    publications: QuerySet
    keys: RawSQL | None = None

    def by_keys(self):
        """The publications, by their keys alone where there are any: to put thousands in order is quicker then."""
        return self.publications.model.objects.filter(pk__in=self.keys) if self.keys else self.publications


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
        texts = {name: text.replace("\0", "").strip()[:200] for name, text in texts.items()}
        # "0635" asks for what "635" asks for, and is no address of its own.
        numbers = {name: str(number(texts[name])) for name in ("year", "author") if number(texts[name]) is not None}
        return cls(**texts | numbers)

    def __bool__(self):
        return self != PublicationFilter()

    @property
    def query(self):
        """The query string, with its "?", or "" where nothing is asked for."""
        chosen = {field.name: value for field in fields(self) if (value := getattr(self, field.name))}
        return f"?{urlencode(chosen)}" if chosen else ""

    def current(self, visible):
        """The filter as it is asked for now: by whom the author was merged into, by the topic's new slug."""
        found = self
        if self.author and (former := FormerPerson.objects.filter(key=number(self.author)).first()):
            found = replace(found, author=str(former.person_id))
        if self.topic and (slug := self.renamed_topic(visible)):
            found = replace(found, topic=slug)
        return found

    def renamed_topic(self, visible):
        """The slug that the topic has now; None where none had this one, or where its publications are hidden."""
        seen = visible.order_by().values("pk")
        former = FormerTopicSlug.objects.filter(slug=self.topic, topic__publications__in=seen)
        return former.exclude(slug__in=Topic.objects.values("slug")).values_list("topic__slug", flat=True).first()

    def identity(self, visible):
        """What is asked for, by a name that stays when a topic's slug changes; a hidden topic has none."""
        topic = self.seen_topic(visible) if self.topic else None
        return replace(self, topic=f"#{topic.pk}").query if topic else self.query

    def seen_topic(self, visible):
        return Topic.objects.filter(slug=self.topic, publications__in=visible.order_by().values("pk")).first()

    def labels(self, visible):
        """What is asked for, in words; a topic or author of hidden publications alone is not named."""
        names = [self.name_of(facet, visible) for facet in ("type", "topic", "author") if getattr(self, facet)]
        return [str(label) for label in (self.q and f"“{self.q}”", self.year, *names) if label]

    def chosen(self, facets, visible):
        """What is asked for, one by one: [("Year", "2024", the filter without it), …]; the words have no name."""
        found = [("", f"“{self.q}”", replace(self, q=""))] if self.q else []
        for name, label, choices in facets:
            if value := getattr(self, name):
                shown = next((choice.label for choice in choices if choice.is_chosen), None)
                shown = shown or self.name_of(name, visible) or value
                found.append((label, shown, replace(self, **{name: ""})))
        return found

    def name_of(self, facet, visible):
        """The name of a choice that none of the publications found has; "" of one that none to be seen has at all."""
        if facet == "author":
            seen = visible.order_by().values("pk")
            found = Person.objects.filter(pk=number(self.author), authorships__publication__in=seen).first()
        elif facet == "topic":
            found = self.seen_topic(visible)
        else:
            return dict(Publication.Type.choices).get(self.type, "") if facet == "type" else ""
        return found.name if found else ""

    def search(self, publications):
        """
        The `Found` publications that have every word of `q`: in their texts, their authors' names or their topics.

        The search reads every row, so it is made once, and what follows goes by the keys that it found.
        """
        condition = Q()
        for word in words(self.q):
            # People and topics are searched first: a join would look at the person of each authorship.
            people, topics = (model.objects.filter(folded__contains=word).order_by() for model in (Person, Topic))
            condition &= (
                Q(folded__contains=word)
                | Q(pk__in=Authorship.objects.filter(person__in=people).values("publication"))
                | Q(pk__in=Filing.objects.filter(topic__in=topics).values("publication"))
            )
        if not condition:
            return Found(publications)
        found = keys(publications.filter(condition))
        return Found(publications.filter(pk__in=found), found)

    def conditions(self, *without):
        """The choices as a Q, all but those of the facets named `without`."""
        found = Q()
        if self.year and "year" not in without:
            found &= Q(year=number(self.year))
        if self.type and "type" not in without:
            found &= Q(type=self.type)
        if self.topic and "topic" not in without:
            found &= Q(pk__in=Filing.objects.filter(topic__slug=self.topic).values("publication"))
        if self.author and "author" not in without:
            found &= Q(pk__in=Authorship.objects.filter(person=number(self.author)).values("publication"))
        return found

    def apply(self, publications):
        """The publications of a queryset that are asked for."""
        return self.search(publications).publications.filter(self.conditions())

    def facets(self, found):
        """
        The choices among what `search` has found: (name, label, list of `Choice`), four of them.

        A facet counts what each of its choices would leave beside the other choices, so that no click leads to
        nothing.
        """
        years, types = self.years_and_types(found.publications)
        return [
            ("year", "Year", years),
            ("type", "Type", types),
            ("topic", "Topic", self.topics(found)),
            ("author", "Author", self.authors(found)),
        ]

    def count(self, facets):
        """How many publications are asked for: what the facet of the types counts, which heeds every other choice."""
        types = next(choices for name, _, choices in facets if name == "type")
        return sum(choice.count for choice in types if self.type in ("", choice.value))

    def years_and_types(self, publications):
        """The choices of these two facets, newest year and most frequent type first: both are counted at once."""
        rows = publications.filter(self.conditions("year", "type")).order_by().values_list("year", "type")
        years, types, labels = Counter(), Counter(), dict(Publication.Type.choices)
        for year, kind, count in rows.annotate(count=Count("pk")):
            if self.type in ("", kind):
                years[year] += count
            if not self.year or year == number(self.year):
                types[kind] += count
        return (
            [self.choice("year", str(year), str(year), years[year]) for year in sorted(years, reverse=True)],
            [
                self.choice("type", kind, labels.get(kind, kind), types[kind])
                for kind in sorted(types, key=lambda kind: (-types[kind], kind))
            ],
        )

    def topics(self, found):
        counts = self.counts_of(Filing, "topic", found)
        topics = Topic.objects.in_bulk(counts)
        choices = [self.choice("topic", topics[pk].slug, topics[pk].name, count) for pk, count in counts.items()]
        return sorted(choices, key=lambda choice: (-choice.count, choice.label))

    def authors(self, found):
        counts = self.counts_of(Authorship, "person", found)
        shown = sorted(counts, key=lambda pk: (-counts[pk], pk))[:MOST_AUTHORS]
        if (chosen := number(self.author)) in counts and chosen not in shown:
            shown.append(chosen)
        people = Person.objects.in_bulk(shown)
        choices = [self.choice("author", str(pk), people[pk].name, counts[pk]) for pk in shown]
        return sorted(choices, key=lambda choice: (-choice.count, choice.label))

    def counts_of(self, table, column, found):
        """A dict from each key in the column of a table that names publications to how many of them it has."""
        conditions = self.conditions({"topic": "topic", "person": "author"}[column])
        asked_for = found.publications.filter(conditions).order_by().values("pk")
        if found.keys and not conditions:
            asked_for = found.keys  # without a second look at each publication
        rows = table.objects.filter(publication__in=asked_for).order_by().values_list(column)
        return dict(rows.annotate(count=Count("pk")))

    def choice(self, facet, value, label, count):
        is_chosen = getattr(self, facet) == value
        return Choice(value, label, count, is_chosen, replace(self, **{facet: "" if is_chosen else value}))


class AsJson(Aggregate):
    """All values of a column as one JSON array: the text of it, with nothing made of each value on the way."""

    function = "json_group_array"
    output_field = TextField()

    def as_postgresql(self, compiler, connection, **kwargs):
        return self.as_sql(compiler, connection, template="COALESCE(json_agg(%(expressions)s), '[]')::text", **kwargs)


def keys(publications):
    """
    The keys of a queryset, for `pk__in`: fetched now, and handed back to the database as one JSON text.

    A subquery would be searched again by each query that uses it, and a list of values is slow to parse by the
    thousand.
    """
    found = publications.order_by().aggregate(keys=AsJson("pk"))["keys"]
    sql = {
        "sqlite": "SELECT value FROM json_each(%s)",
        "postgresql": "SELECT value::bigint FROM json_array_elements_text(%s::json)",
    }
    return RawSQL(sql[connection.vendor], [found])  # noqa: S611 - nothing in the SQL comes from a request


def number(text):
    """The number that a text is, or None: no row has that, so such a choice leaves nothing."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
