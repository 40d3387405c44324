from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from markdownx.models import MarkdownxField

from .. import markup
from ..addresses import on_site
from .fields import AddressField, PictureField, is_address
from .links import Link
from .people import Person
from .publications import Publication
from .publishable import FormerSlug, Publishable

YEAR = [
    MinValueValidator(1900, "This year is too early. Write all four digits, such as 2023."),
    MaxValueValidator(2200, "This year is too late. Write four digits, such as 2023."),
]


class Project(Publishable):
    """Something the owner works on, or worked on."""

    class Phase(models.TextChoices):
        ACTIVE = "active", "Active"
        PAST = "past", "Past"

    title = models.CharField(max_length=300, help_text="Such as “Evaluations for alignment faking”.")
    summary = models.CharField(
        max_length=500,
        help_text="The one line of the about page, with links: “evaluations of [alignment faking](https://…)”.",
    )
    phase = models.CharField(
        max_length=10, choices=Phase, default=Phase.ACTIVE, help_text="Active projects are on the about page."
    )
    description = MarkdownxField(blank=True, help_text="The text of the project's own page, in Markdown.")
    thumbnail = PictureField(help_text="JPEG, PNG, WebP, GIF or AVIF, up to 20 MB.")
    thumbnail_alt = models.CharField(
        "description of the thumbnail",
        max_length=300,
        blank=True,
        help_text="For those who cannot see it. The title where empty.",
    )
    people = models.ManyToManyField(
        Person, blank=True, related_name="projects", help_text="Who works on it, you too, such as “Jane Doe”."
    )
    publications = models.ManyToManyField(
        Publication, blank=True, related_name="projects", help_text="What has come of it; listed on its page."
    )
    start_year = models.PositiveSmallIntegerField(null=True, blank=True, validators=YEAR, help_text="Such as 2023.")
    end_year = models.PositiveSmallIntegerField(null=True, blank=True, validators=YEAR, help_text="Such as 2025.")
    position = models.PositiveIntegerField(default=0)
    slug = models.SlugField(
        max_length=100,
        unique=True,
        error_messages={"unique": "Another project has this address. Change it a little, or leave it empty."},
        help_text="Its part of the address, such as alignment-faking. After a change the old one still works.",
    )

    class Meta(Publishable.Meta):
        ordering = ["position", "pk"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(condition=~Q(title=""), name="project_has_title"),
            models.CheckConstraint(condition=~Q(slug=""), name="project_has_slug"),
            models.CheckConstraint(condition=Q(phase__in=("active", "past")), name="project_phase_is_known"),
            models.CheckConstraint(
                condition=(Q(start_year=None) | Q(start_year__gte=1900, start_year__lte=2200))
                & (Q(end_year=None) | Q(end_year__gte=1900, end_year__lte=2200)),
                name="project_years_are_sensible",
            ),
            models.CheckConstraint(
                condition=Q(end_year=None) | Q(start_year=None) | Q(end_year__gte=F("start_year")),
                name="project_ends_after_its_start",
                violation_error_message="The project ends before it starts. Change one of the years.",
            ),
        ]

    def __str__(self):
        return markup.plain(self.title)

    def get_absolute_url(self):
        return reverse("project", args=[self.slug])

    @property
    def years(self):
        """Such as "2023–2025", "since 2023", "until 2025", or "" where no year is known."""
        if self.start_year == self.end_year:
            return str(self.start_year or "")
        if self.start_year and self.end_year:
            return f"{self.start_year}–{self.end_year}"
        if self.end_year:
            return f"until {self.end_year}"
        return f"since {self.start_year}" if self.phase == self.Phase.ACTIVE else f"from {self.start_year}"


class ProjectLinkKind(models.TextChoices):
    WEBSITE = "website", "Website"
    CODE = "code", "Code"
    DATA = "data", "Data"
    VIDEO = "video", "Video"
    BLOG = "blog", "Blog post"
    FUNDER = "funder", "Funder"
    OTHER = "other", "Other"


class ProjectLink(Link):
    """A link of a project's page: its website, its code."""

    Kind = ProjectLinkKind

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="links")
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.WEBSITE)
    url = AddressField("address", blank=False, help_text="Such as https://example.org/project")

    class Meta(Link.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(url="") & is_address("url"), name="projectlink_has_url"),
            models.CheckConstraint(condition=Q(kind__in=ProjectLinkKind.values), name="projectlink_kind_is_known"),
        ]

    @property
    def href(self):
        """Where the link leads."""
        return on_site(self.url)


class FormerProjectSlug(FormerSlug):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="former_slugs")
