import uuid

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from markdownx.models import MarkdownxField

from .. import identifiers
from ..addresses import on_site
from . import prepared
from .fields import PdfField, PictureField, is_address, validate_address
from .links import Link
from .people import Person


class Profile(models.Model):
    """Who the site is about, and how the about page is laid out. There is exactly one row, with the key 1."""

    class Side(models.TextChoices):
        RIGHT = "right", "Right of the biography"
        LEFT = "left", "Left of the biography"

    class Grouping(models.TextChoices):
        YEAR = "year", "Year"
        TYPE = "type", "Type"

    name = models.CharField(
        max_length=200, blank=True, help_text="Your name as visitors shall read it, such as “Jane Doe”."
    )
    headline = models.CharField(
        max_length=300,
        blank=True,
        help_text="One line below your name, such as “Research scientist at Example Lab”.",
    )
    biography = MarkdownxField(
        blank=True,
        help_text="A paragraph or two, in Markdown: [Example Lab](https://example.org) makes a link, **bold** bold "
        "text, $x^2$ maths.",
    )
    photo = PictureField(
        help_text="A portrait. JPEG, PNG, GIF (up to 50 megapixels), WebP or AVIF (up to 24), up to 20 MB. Where it "
        "was taken is removed from the file."
    )
    photo_alt = models.CharField(
        "description of the photo",
        max_length=300,
        blank=True,
        help_text="For those who cannot see it, such as “Jane Doe in front of a whiteboard”. Your name where empty.",
    )
    photo_side = models.CharField("side of the photo", max_length=5, choices=Side, default=Side.RIGHT)
    photo_is_round = models.BooleanField("round photo", default=True, help_text="Cuts the photo to a circle.")
    projects_heading = models.CharField(
        "heading of the projects",
        max_length=100,
        default="Active research",
        help_text="Such as “Active research” or “What I work on”.",
    )
    projects_introduction = MarkdownxField(
        "introduction to the projects", blank=True, help_text="Such as “I am currently working on:”. May stay empty."
    )
    publications_heading = models.CharField(
        "heading of the publications",
        max_length=100,
        default="Selected publications",
        help_text="Such as “Selected publications” or “Past research”.",
    )
    publications_introduction = MarkdownxField(
        "introduction to the publications", blank=True, help_text="A sentence above the list. May stay empty."
    )
    publications_grouped_by = models.CharField(
        "all publications in groups by",
        max_length=4,
        choices=Grouping,
        default=Grouping.YEAR,
        help_text="How the page of all publications is divided.",
    )
    selected_count = models.PositiveSmallIntegerField(
        "number of publications on the about page",
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="The newest of the selected ones are shown, up to this number, such as 10.",
    )
    accent_colour = models.CharField(
        max_length=7,
        default="#0b6a80",
        validators=[RegexValidator(r"\A#[0-9a-fA-F]{6}\Z", "A colour looks like #0b6a80.")],
        help_text="The colour of links. It is made lighter or darker by itself where it would be hard to read.",
    )
    cv = PdfField("CV", help_text="A PDF. It joins the row of links by itself.")
    person = models.OneToOneField(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="profile",
        verbose_name="you as an author",
        help_text="Who of the people is you: printed bold in the lists of authors, however the paper spells it.",
    )

    looks_for_works = models.BooleanField(
        "look for new works every week",
        default=False,
        help_text="The server asks ORCID and arXiv for works of yours that are not here, and leaves them for your "
        "review. Nothing is published by itself.",
    )
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # names the site's feeds
    updated = models.DateTimeField(auto_now=True, null=True)  # None until it is written

    class Meta:
        verbose_name_plural = "profile"
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="profile_is_one"),
            models.CheckConstraint(condition=Q(photo_side__in=("left", "right")), name="profile_photo_side_is_known"),
            models.CheckConstraint(
                condition=Q(publications_grouped_by__in=("year", "type")), name="profile_grouping_is_known"
            ),
            models.CheckConstraint(
                condition=Q(selected_count__gte=1, selected_count__lte=100), name="profile_selected_count_is_sensible"
            ),
        ]

    def __str__(self):
        return self.name or "Your profile"

    def get_absolute_url(self):
        return reverse("about")

    @property
    def is_written(self):
        """Whether the owner has filled in or changed anything."""
        fields = [field for field in self._meta.concrete_fields if field.editable and not field.primary_key]
        return any(getattr(self, field.attname) != field.get_default() for field in fields)

    @classmethod
    def current(cls):
        """The one profile. A migration made it; an unsaved, empty one stands in should somebody have deleted it."""
        return next(iter(prepared.records(the_profile)), None) or cls(pk=1)


def the_profile():
    return Profile.objects.filter(pk=1)


class ProfileLinkKind(models.TextChoices):
    EMAIL = "email", "Email"
    GOOGLE_SCHOLAR = "google-scholar", "Google Scholar"
    ORCID = "orcid", "ORCID"
    SEMANTIC_SCHOLAR = "semantic-scholar", "Semantic Scholar"
    DBLP = "dblp", "DBLP"
    ARXIV = "arxiv", "arXiv"
    GITHUB = "github", "GitHub"
    GITLAB = "gitlab", "GitLab"
    HUGGINGFACE = "huggingface", "Hugging Face"
    LINKEDIN = "linkedin", "LinkedIn"
    MASTODON = "mastodon", "Mastodon"
    BLUESKY = "bluesky", "Bluesky"
    TWITTER = "twitter", "Twitter"
    FACEBOOK = "facebook", "Facebook"
    YOUTUBE = "youtube", "YouTube"
    WEBSITE = "website", "Website"
    CV = "cv", "CV"
    OTHER = "other", "Other"


class ProfileLink(Link):
    """One link of the row below the biography."""

    Kind = ProfileLinkKind

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="links", default=1)
    kind = models.CharField(max_length=20, choices=Kind)
    address = models.CharField(
        max_length=2000,
        help_text="A web address such as https://github.com/jane-doe; for Email jane@example.org, for ORCID the iD.",
    )
    visible = models.BooleanField(default=True, help_text="Off keeps the link here but hides it from visitors.")

    class Meta(Link.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(address=""), name="profilelink_has_address"),
            models.CheckConstraint(condition=Q(kind__in=ProfileLinkKind.values), name="profilelink_kind_is_known"),
            models.CheckConstraint(
                condition=Q(kind__in=("email", "orcid")) | is_address("address"),
                name="profilelink_address_is_one",
            ),
        ]

    def clean(self):
        super().clean()
        if not self.address:
            return  # its own sentence says so already
        try:
            self.address = normal_address(self.kind, self.address.strip())
        except ValidationError as error:
            raise ValidationError({"address": error.messages}) from error

    @property
    def href(self):
        """Where the link leads: an address for a web browser."""
        if self.kind == self.Kind.EMAIL:
            return f"mailto:{self.address}"
        if self.kind == self.Kind.ORCID:
            return identifiers.orcid_url(self.address)
        return on_site(self.address)


def normal_address(kind, address):
    """The address as it is stored for a kind of link; raises ValidationError with a sentence for a wrong one."""
    if kind == ProfileLink.Kind.EMAIL:
        address = address.removeprefix("mailto:")
        EmailValidator("This is not a mail address. It looks like jane@example.org.")(address)
    elif kind == ProfileLink.Kind.ORCID:
        try:
            address = identifiers.orcid(address)
        except ValueError as error:
            raise ValidationError(str(error)) from error
    else:
        validate_address(address)
    return address
