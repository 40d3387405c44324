"""What an import proposes for one work, as it stands now, and what the owner has decided."""

from dataclasses import asdict, dataclass, field

from ..models import Proposal
from .comparison import compare
from .matching import Match
from .provenance import AUTHORS, ordered_authors
from .works import Work

NEW = "new"
Kind = Proposal.Kind


@dataclass
class Decision:
    """
    The owner's answers. `same_as`: the key of the publication that it is, NEW, or None for "not asked".

    `ticks`: the fields to change, or None for those that go by themselves. `people`: place of an author to the key of a
    person or NEW. `year`: where the source has none.
    """

    same_as: int | str | None = None
    ticks: tuple | None = None
    people: dict = field(default_factory=dict)
    year: int | None = None

    def to_json(self):
        return asdict(self)

    @classmethod
    def from_json(cls, data):
        people = {int(place): answer for place, answer in data.get("people", {}).items()}
        ticks = data.get("ticks")
        return cls(data.get("same_as"), None if ticks is None else tuple(ticks), people, data.get("year"))


@dataclass
class Review:
    """A work, the publication that it is (or None), who its authors are, and what would change."""

    work: Work
    decision: Decision
    match: Match | None
    publication: object
    resolutions: list
    changes: list

    @property
    def kind(self):
        if self.match and not self.match.is_certain and self.decision.same_as is None:
            return Kind.UNCERTAIN
        if self.publication is None:
            return Kind.NEW
        return Kind.CHANGED if self.changes else Kind.SAME

    @property
    def questions(self):
        """The places of the authors who have to be asked for before the work is taken."""
        if self.publication and AUTHORS not in {change.field for change in self.applied}:
            return []
        return [place for place, resolution in enumerate(self.resolutions) if resolution.is_question]

    @property
    def applied(self):
        """The changes that will be made."""
        ticks = self.decision.ticks
        return [change for change in self.changes if (change.is_applied if ticks is None else change.field in ticks)]

    @property
    def kept(self):
        """The changes that will not, for want of a tick."""
        applied = self.applied
        return [change for change in self.changes if change not in applied]


def review(work, library, decision=None):
    """The `Review` of a `Work` by what the `Library` knows."""
    decision = decision or Decision()
    match = library.index.match(work)
    key = match.keys[0] if match and match.is_certain else None
    if decision.same_as is not None:
        key = None if decision.same_as == NEW else decision.same_as
    publication = library.publication(key) if key else None
    rows = ordered_authors(publication) if publication else []
    resolutions = library.people.resolve(work.authors, [row.person_id for row in rows], decision.people)
    changes = compare(publication, work, resolutions) if publication else []
    return Review(work, decision, match, publication, resolutions, changes)
