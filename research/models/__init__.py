"""The tables, one file per noun."""

from .checked_links import CheckedLink
from .drafts import DraftKey
from .imports import Import, Proposal
from .people import FormerPerson, Person
from .profile import Profile, ProfileLink
from .projects import FormerProjectSlug, Project, ProjectLink
from .publications import Authorship, FormerPublicationSlug, Publication, PublicationLink
from .superseded import SupersededFile
from .topics import FormerTopicSlug, Topic

__all__ = [
    "Authorship",
    "CheckedLink",
    "DraftKey",
    "FormerPerson",
    "FormerProjectSlug",
    "FormerPublicationSlug",
    "FormerTopicSlug",
    "Import",
    "Person",
    "Profile",
    "ProfileLink",
    "Project",
    "ProjectLink",
    "Proposal",
    "Publication",
    "PublicationLink",
    "SupersededFile",
    "Topic",
]
