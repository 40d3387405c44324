"""What public records lack."""

from django.contrib.auth.models import AnonymousUser

from ..markup import plain
from ..models import Publication
from .finding import Finding, edit

EVERYBODY = AnonymousUser()  # a draft may still be without anything


def publications(what, **conditions):
    """A `Finding` for each public publication that fulfils the conditions; `what` is what it lacks: "no DOI"."""
    found = Publication.objects.visible_to(EVERYBODY).filter(**conditions).newest_first()
    return [
        Finding(f"“{plain(title)}” has {what}.", (edit(Publication, key, "Add it"),))
        for key, title in found.values_list("pk", "title")
    ]
