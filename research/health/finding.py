"""What a check of the site has found."""

from typing import NamedTuple

from django.urls import reverse


class Finding(NamedTuple):
    """A sentence; the links that mend it, as (text, path) pairs; or the command that does, on the server."""

    sentence: str
    links: tuple = ()
    command: str = ""


def edit(model, key, text="Edit it"):
    """The link to the form of a record: of a publication, a project, a person or the profile."""
    return text, reverse(f"admin:research_{model._meta.model_name}_change", args=[key])
