"""The review page's records: what is shown of each, and what the posted form says of it."""

from dataclasses import dataclass

from .. import identifiers
from ..importing.applying import label
from ..importing.provenance import AUTHORS, DATE, NOBODY, ordered_authors
from ..importing.review import NEW, Decision, Kind
from ..models import Publication
from ..models.dates import PartialDate

LONGEST = 1_200  # characters of a value that are shown


@dataclass
class Card:
    """One proposal on the page."""

    proposal: object
    review: object
    publications: dict  # by key, those that it may be among them

    @property
    def prefix(self):
        return f"p{self.proposal.pk}"

    @property
    def work(self):
        return self.review.work

    @property
    def kind(self):
        return self.review.kind

    @property
    def is_asked(self):
        """Whether the owner has to say what it is the same as."""
        return bool(self.review.match) and not self.review.match.is_certain

    @property
    def candidates(self):
        """(key, publication, whether it has been chosen, its authors and year) of those that it may be."""
        found = [self.publications[key] for key in self.review.match.keys if key in self.publications]
        chosen = self.review.decision.same_as
        return [
            (one.pk, one, one.pk == chosen, f"{shown(AUTHORS, ordered_authors(one))} · {one.date}") for one in found
        ]

    @property
    def abstract(self):
        return self.work.get("abstract")

    @property
    def sources(self):
        return ", ".join(sorted(self.work.sources))

    @property
    def needs_year(self):
        return not self.work.year or self.review.decision.year is not None

    @property
    def is_taken(self):
        """Whether its box is ticked: as the owner left it, else wherever taking it does something."""
        chosen = self.proposal.decision.get("take")
        return bool(self.review.applied or self.kind != Kind.CHANGED) if chosen is None else chosen

    @property
    def authors(self):
        """(place, `Resolution`, the people to choose from where it is asked, the answer so far) of each author."""
        answers = self.review.decision.people
        return [
            (place, found, found.candidates if found.is_question or place in answers else (), answers.get(place))
            for place, found in enumerate(self.review.resolutions)
        ]

    @property
    def details(self):
        """Where, when and as what it was published, as texts."""
        work = self.work
        kinds = dict(Publication.Type.choices)
        where = work.get("venue_short") or work.get("venue") or work.get("event")
        when = str(PartialDate(*work.get(DATE))) if work.year else ""
        return [text for text in (kinds.get(work.get("type"), ""), where, when) if text]

    @property
    def links(self):
        """(address, text) of its identifiers."""
        work = self.work
        found = [(identifiers.doi_url(work.get("doi")), f"doi:{work.get('doi')}")] if work.get("doi") else []
        arxiv_id = work.get("arxiv_id")
        return found + ([(identifiers.arxiv_url(arxiv_id), f"arXiv:{arxiv_id}")] if arxiv_id else [])

    @property
    def changes(self):
        """The changes as the page shows them."""
        ticked = {change.field for change in self.review.applied}
        return [
            {
                "field": change.field,
                "label": label(change.field),
                "old": shown(change.field, change.old),
                "new": shown(change.field, change.new),
                "writer": "empty" if change.writer == NOBODY else f"written by {change.writer}",
                "source": change.source,
                "ticked": change.field in ticked,
            }
            for change in self.review.changes
        ]

    def read(self, post):
        """The proposal's decision as the form has it, as JSON; its "take" is None where a question was not answered."""

        def value(name):
            return post.get(f"{self.prefix}-{name}", "")

        keys = {str(key): key for key, *_ in self.candidates} if self.is_asked else {}
        people = {}
        for place, resolution in enumerate(self.review.resolutions):
            known = {str(person.pk): person.pk for person in resolution.candidates} | {NEW: NEW}
            answered = self.review.decision.people.get(place)
            if answer := known.get(value(f"author-{place}"), answered):
                people[place] = answer
        ticks = tuple(change.field for change in self.review.changes if value(f"tick-{change.field}"))
        decision = Decision(
            (keys | {NEW: NEW}).get(value("same")) if self.is_asked else None,
            ticks if self.review.changes else None,
            people,
            int(value("year")) if value("year").isdecimal() else None,
        )
        take = bool(value("take"))
        if self.is_asked:
            take = {"": None, "leave": False}.get(value("same"), True)
        return decision.to_json() | {"take": take}


def shown(field, value):
    """A value as a text for the page; "" for none."""
    if field == AUTHORS:
        return ", ".join(author_name(author) for author in value)
    if field == DATE:
        return str(PartialDate(*value)) if value[0] else ""
    if field == "type":
        return dict(Publication.Type.choices).get(value, value)
    text = "" if value is None else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def author_name(author):
    """The name of a row of the authors with its star, or of a `Resolution`."""
    if not hasattr(author, "author"):
        return str(author)
    star = "*" if author.author.equal_contribution else ""
    return f"{author.person or author.author.name.full}{star}"
