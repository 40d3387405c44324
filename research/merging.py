"""Two entries of one person become one, and nothing of either is lost."""

from django.utils import timezone

from .history.recording import change
from .importing import provenance
from .importing.provenance import AUTHORS
from .models import Authorship, FormerPerson, Profile, Project, Publication
from .models.people import fold
from .roles import may_change_profile


class NotMerged(ValueError):
    """These people cannot be one; the text is a sentence that says why."""


def merge(others, kept, user=None):
    """
    Make `kept` the only one of some people: their works and projects, names, ORCID iD and home page become theirs.

    Raises NotMerged where two of them have different ORCID iDs: that is what an iD is for; and where the profile would
    have another person then, and `user` may not change it.
    """
    others = [person for person in others if person.pk != kept.pk]
    if len({person.orcid for person in [kept, *others] if person.orcid}) > 1:
        raise NotMerged("These people have different ORCID iDs, so they are not one person. Correct the iDs first.")
    owner = next((person for person in others if Profile.objects.filter(person=person).exists()), None)
    if owner and not may_change_profile(user):
        raise NotMerged(f"{owner} is the person of the profile, which only an owner changes. Keep that entry.")
    with change(f"Merged {', '.join(str(person) for person in others)} into {kept}", user):
        merge_one_by_one(others, kept)


def merge_one_by_one(others, kept):
    imported = lists_of_sources(others)
    for person in others:
        move_authorships(person, kept)
        for project in person.projects.all():
            project.people.add(kept)
        Profile.objects.filter(person=person).update(person=kept)
        FormerPerson.objects.filter(person=person).update(person=kept)
        FormerPerson.objects.create(key=person.pk, person=kept)
        person.projects.clear()
        person.delete()
    for publication, source in imported:
        provenance.sign(publication, AUTHORS, provenance.value(publication, AUTHORS), source)
        publication.save(update_fields=["sources"])
    keep_what_was_known(others, kept)
    touch(kept)


def lists_of_sources(people):
    """(publication, source) of these people's works whose list of authors a source wrote: it stays the source's."""
    publications = Publication.objects.filter(authorships__person__in=people).distinct()
    writers = ((one, provenance.writer(one, AUTHORS, provenance.value(one, AUTHORS))) for one in publications)
    return [(one, writer) for one, writer in writers if writer not in (provenance.NOBODY, provenance.PERSON)]


def touch(person):
    """What shows a person has changed, the owner's home page too: readers of feeds and sitemaps are to know."""
    works, projects = Publication.objects.filter(authorships__person=person), Project.objects.filter(people=person)
    for records in (works, projects, Profile.objects.filter(person=person)):
        records.update(updated=timezone.now())


def move_authorships(person, kept):
    """Where both are among a work's authors, the first place stays, with the marks of both."""
    for authorship in Authorship.objects.filter(person=person):
        same = Authorship.objects.filter(publication=authorship.publication, person=kept).first()
        if same is None:
            authorship.person = kept
            authorship.save()
            continue
        same.position = min(same.position, authorship.position)
        same.equal_contribution |= authorship.equal_contribution
        same.corresponding |= authorship.corresponding
        authorship.delete()
        same.save()


def keep_what_was_known(others, kept):
    """The names of the others become spellings of the one who is kept; iD and home page fill what is empty."""
    spellings = [line.strip() for line in kept.other_spellings.splitlines() if line.strip()]
    known = {fold(spelling) for spelling in (kept.name, *spellings)}
    for person in others:
        kept.orcid = kept.orcid or person.orcid
        kept.url = kept.url or person.url
        for spelling in (person.name, *person.other_spellings.splitlines()):
            if spelling.strip() and fold(spelling) not in known:
                known.add(fold(spelling))
                spellings.append(spelling.strip())
    kept.other_spellings = "\n".join(spellings)
    kept.save()
