"""What was asked of the sources, and what they answered: kept until the owner has decided."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from .publications import Publication


class Import(models.Model):
    """
    One question of the owner, its answers so far, and what is still to be asked.

    `waiting` and `unanswered` are lists of {"source", "identifier", "fallback"} (see `importing.asking`), `problems`
    of [where, sentence]. `taking` is the status that all new records are being saved with, step by step; else "".
    `user` is who asked, then who decided last: in their name the records are written.
    """

    class Origin(models.TextChoices):
        TYPED = "typed", "Typed or pasted"
        FILE = "file", "A file"
        WATCH = "watch", "The weekly look for new works"

    created = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.TYPED)
    asked = models.CharField(max_length=200, blank=True)  # the beginning of what was typed, or the file's name
    total = models.PositiveIntegerField(default=0)  # how many requests there have been, with those that wait
    waiting = models.JSONField(default=list, blank=True)
    unanswered = models.JSONField(default=list, blank=True)
    problems = models.JSONField(default=list, blank=True)
    taking = models.CharField(max_length=10, blank=True)
    finished = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created", "-pk"]

    def __str__(self):
        return self.asked or f"Import of {self.created:%Y-%m-%d}"

    @property
    def asked_count(self):
        """How many of its requests have been asked."""
        return self.total - len(self.waiting)

    def settle(self):
        """Mark it finished when nothing waits, neither for a source nor for the owner; or not, when something does."""
        waits = self.waiting or self.unanswered or self.proposals.to_review().exists()
        self.finished = None if waits else self.finished or timezone.now()
        self.save()


class ProposalQuerySet(models.QuerySet):
    def to_review(self):
        """Those that wait for the owner's decision."""
        return self.filter(state=Proposal.State.WAITING).exclude(kind=Proposal.Kind.SAME)

    def by_kind(self):
        """What has to be asked first, then what is new, then what changes; in the order of the source in each."""
        rank = models.Case(*(models.When(kind=kind, then=place) for place, kind in enumerate(Proposal.Kind.values)))
        return self.order_by(rank, "position", "pk")


class Proposal(models.Model):
    """One work that an import has found: what the sources have of it, and what became of it."""

    class Kind(models.TextChoices):
        UNCERTAIN = "uncertain", "Is it the same?"
        NEW = "new", "New"
        CHANGED = "changed", "Changed"
        SAME = "same", "The same"

    class State(models.TextChoices):
        WAITING = "waiting", "Waits"
        TAKEN = "taken", "Taken"
        LEFT = "left", "Left out"

    run = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="proposals")
    found = models.JSONField()  # see `importing.storage`
    position = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=10, choices=Kind)  # when it was found; the review compares anew
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    decision = models.JSONField(default=dict, blank=True)  # see `importing.storage`
    outcome = models.JSONField(default=dict, blank=True)  # {"kind": "created", "changed", …, "notes": [sentence, …]}
    publication = models.ForeignKey(Publication, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["run", "state", "kind"], name="proposal_waiting")]

    def __str__(self):
        return self.title or f"Proposal {self.position} of {self.run}"

    @property
    def title(self):
        """The title as the first source has it."""
        return self.found[0]["item"].get("title", "")
