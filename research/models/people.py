from django.db import models

from .. import names
from ..addresses import on_site
from ..search import FoldedField
from .fields import AddressField, OrcidField, is_address


class Person(models.Model):
    """Somebody who writes publications or works on projects: the owner, a co-author, or a group."""

    given_name = models.CharField(
        max_length=200, blank=True, help_text="Such as “Jane” or “Jane A.”. Empty for a group, such as a collaboration."
    )
    particle = models.CharField(
        max_length=50, blank=True, help_text="The part before the family name that is not sorted by: “van der”, “de”."
    )
    family_name = models.CharField(max_length=200, help_text="Such as “Doe”, or a group's whole name.")
    suffix = models.CharField(max_length=20, blank=True, help_text="Such as “Jr.” or “III”.")
    other_spellings = models.TextField(
        blank=True,
        help_text="Other names of the same person in papers, one per line, such as “J. Doe” or a former name. "
        "Typed or imported authors are recognised by them.",
    )
    orcid = OrcidField("ORCID iD", help_text="Such as 0000-0002-1825-0097.")
    url = AddressField("home page", help_text="Their name links to it. Such as https://jane-doe.org")

    folded = FoldedField("given_name", "particle", "family_name", "suffix", "other_spellings")

    class Meta:
        verbose_name_plural = "people"
        ordering = ["family_name", "given_name", "pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(family_name=""), name="person_has_family_name"),
            models.CheckConstraint(condition=is_address("url"), name="person_url_is_an_address"),
            models.UniqueConstraint(
                fields=["orcid"],
                condition=~models.Q(orcid=""),
                name="person_orcid_is_unique",
                violation_error_message="There is a person with this ORCID iD already. Use that one.",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def name(self):
        """The name in the order of Western print: "Ludwig van Beethoven", "Martin Luther King, Jr."."""
        return names.Name(self.given_name, self.particle, self.family_name, self.suffix).full

    @property
    def href(self):
        """Where the name leads; "" where the person has no page."""
        return on_site(self.url)

    @property
    def spellings(self):
        """Every name that this person is known by, as a set of folded texts (see `fold`)."""
        return {fold(spelling) for spelling in (self.name, *self.other_spellings.splitlines()) if spelling.strip()}


class FormerPerson(models.Model):
    """The key of a person who was merged into another, so that old links lead to the one who remains."""

    key = models.PositiveBigIntegerField(unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="former_keys")

    def __str__(self):
        return f"{self.key} is {self.person}"


def fold(name):
    """A name for comparing: case, and the number and kind of blanks, do not matter; accents do."""
    return " ".join(name.casefold().split())


def people_by_spelling(people=None):
    """A dict from each folded spelling to the list of people (all of them by default) who are known by it."""
    found = {}
    for person in Person.objects.all() if people is None else people:
        for spelling in person.spellings:
            found.setdefault(spelling, []).append(person)
    return found
