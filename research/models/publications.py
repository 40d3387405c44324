from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Prefetch, Q
from django.db.models.functions import Lower
from django.urls import reverse
from markdownx.models import MarkdownxField

from .. import identifiers, markup, names
from ..addresses import on_site
from ..search import FoldedField
from .dates import AppearedField, PartialDate, check_partial_date
from .fields import AddressField, ArxivField, DocumentField, DOIField, PdfField, PictureField, is_address
from .links import Link
from .people import Person
from .publishable import FormerSlug, Publishable, PublishableQuerySet
from .topics import Topic


class PublicationQuerySet(PublishableQuerySet):
    def newest_first(self):
        """Ordered by the day of first appearance."""
        return self.order_by("-appeared", "title", "pk")

    def with_parts(self):
        """With all that an entry of a list shows, in three queries however many there are."""
        authorships = Authorship.objects.select_related("person").order_by("position", "pk")
        return self.prefetch_related(Prefetch("authorships", authorships), "links")


class PublicationType(models.TextChoices):
    CONFERENCE_PAPER = "conference-paper", "Conference paper"
    ARTICLE = "article", "Journal article"
    PREPRINT = "preprint", "Preprint"
    WORKSHOP_PAPER = "workshop-paper", "Workshop paper"
    BOOK = "book", "Book"
    CHAPTER = "chapter", "Book chapter"
    THESIS = "thesis", "Thesis"
    REPORT = "report", "Technical report"
    DATASET = "dataset", "Dataset"
    SOFTWARE = "software", "Software"
    POSTER = "poster", "Poster"
    TALK = "talk", "Talk"
    OTHER = "other", "Other"

    @property
    def plural(self):
        """The heading of several of them: "Journal articles"."""
        return {"thesis": "Theses", "software": "Software", "other": "Other"}.get(self.value, f"{self.label}s")


class Publication(Publishable):
    """One work: a paper, a preprint, a book, a dataset. A preprint and its published version are one record."""

    Type = PublicationType
    RESERVED_SLUGS = frozenset({"linkset"})  # its CSL-JSON would have the address of its link set

    title = models.CharField(
        max_length=500, help_text="As the paper has it; $x^2$ and *emphasis* work. Such as “Attention in *C. elegans*”."
    )
    type = models.CharField(
        max_length=20, choices=Type, default=Type.PREPRINT, help_text="What it is cited as, such as a journal article."
    )
    year = models.PositiveSmallIntegerField(
        validators=[
            MinValueValidator(1400, "This year is too early. Write all four digits, such as 2024."),
            MaxValueValidator(2200, "This year is too late. Write four digits, such as 2024."),
        ],
        help_text="Of publication, such as 2024.",
    )
    month = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="1 to 12, where it is known.",
        validators=[MaxValueValidator(12, "There are twelve months: give a number from 1 to 12.")],
    )
    day = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="1 to 31, where it is known.",
        validators=[MaxValueValidator(31, "No month has so many days: give a number from 1 to 31.")],
    )
    online_date = models.DateField(
        "first online",
        null=True,
        blank=True,
        help_text="When it first appeared, for example on arXiv, where that was before the date of publication. "
        "The lists go by it.",
    )
    venue = models.CharField(
        max_length=500,
        blank=True,
        help_text="The journal, proceedings or university, such as “Proceedings of the National Academy of Sciences”.",
    )
    venue_short = models.CharField(
        "venue in short", max_length=100, blank=True, help_text="What the about page shows, such as “ICLR 2024”."
    )
    event = models.CharField(
        max_length=500, blank=True, help_text="The conference or workshop, such as “12th Conference on Owls”."
    )
    editors = models.TextField(
        blank=True,
        help_text="Of the proceedings or the book, one per line or between commas, such as “Jane Doe, John Roe”.",
    )
    series = models.CharField(max_length=300, blank=True, help_text="Such as “Lecture Notes in Computer Science”.")
    volume = models.CharField(max_length=50, blank=True, help_text="Such as 12.")
    issue = models.CharField(max_length=50, blank=True, help_text="Such as 3.")
    pages = models.CharField(max_length=50, blank=True, help_text="Such as 101–117, or 9.")
    number = models.CharField(max_length=50, blank=True, help_text="Of a report, or of an article without pages.")
    version = models.CharField(
        "version or edition", max_length=50, blank=True, help_text="Of software, a dataset or a book, such as 2.1."
    )
    publisher = models.CharField(max_length=200, blank=True, help_text="Such as “Springer”.")
    place = models.CharField(max_length=200, blank=True, help_text="Of the publisher or the conference: “Vienna”.")
    genre = models.CharField(
        "kind of thesis or report", max_length=100, blank=True, help_text="Such as “PhD thesis” or “White paper”."
    )
    isbn = models.CharField(
        "ISBN",
        max_length=40,
        blank=True,
        help_text="Such as 978-3-16-148410-0.",
        validators=[RegexValidator(r"\A[0-9][0-9 -]{8,}[0-9Xx]\Z", "An ISBN is made of digits: 978-3-16-148410-0.")],
    )
    issn = models.CharField(
        "ISSN",
        max_length=40,
        blank=True,
        help_text="Such as 2049-3630.",
        validators=[RegexValidator(r"\A[0-9]{4}-[0-9]{3}[0-9Xx]\Z", "An ISSN has eight digits, such as 2049-3630.")],
    )
    language = models.CharField(
        max_length=20,
        blank=True,
        help_text="Its short name, such as en or pt-BR.",
        validators=[
            RegexValidator(r"\A[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z", "Write its short name, such as en, de or pt-BR.")
        ],
    )
    license = models.CharField(
        max_length=60,
        blank=True,
        help_text="Its SPDX name, such as CC-BY-4.0.",
        validators=[RegexValidator(r"\A[A-Za-z0-9.+-]+\Z", "Write its SPDX name, such as CC-BY-4.0.")],
    )
    doi = DOIField("DOI", help_text="Such as 10.1145/3531146.3533088; a pasted https://doi.org/… address works too.")
    arxiv_id = ArxivField("arXiv", help_text="Such as 2412.04984; a pasted https://arxiv.org/abs/… address works too.")
    url = AddressField(
        "address of the paper",
        help_text="Where the title leads. Where empty, the DOI, else arXiv, else the PDF. Such as https://example.org/p",
    )
    pdf = PdfField("PDF", help_text="The paper itself, if you may share it.")
    abstract = MarkdownxField(blank=True, help_text="Paste it as it is on arXiv: TeX such as $x^2$ is understood.")
    tldr = models.TextField(
        "TL;DR",
        blank=True,
        max_length=1000,
        help_text="One plain sentence, such as “Models notice that they are tested”. *Emphasis* and $x^2$ work.",
    )
    thumbnail = PictureField(
        help_text="A telling figure of the paper. JPEG, PNG, GIF (up to 50 megapixels), WebP or AVIF (up to 24), up to "
        "20 MB. It is shown whole, about 180 pixels wide."
    )
    thumbnail_alt = models.CharField(
        "description of the thumbnail",
        max_length=300,
        blank=True,
        help_text="For those who cannot see it, such as “Accuracy falls as the context grows”. The title where empty.",
    )
    topics = models.ManyToManyField(
        Topic, blank=True, related_name="publications", help_text="Such as “AI safety”; readers can filter by them."
    )
    award = models.CharField(max_length=200, blank=True, help_text="Such as “Best paper award”.")
    notice = models.CharField(
        max_length=500,
        blank=True,
        help_text="A retraction or correction, such as “Retracted by the authors in May 2024”. It is shown wherever "
        "the publication is, also in what others export.",
    )
    note = models.CharField(max_length=500, blank=True, help_text="Such as “To appear” or “Oral presentation”.")
    arxiv_class = models.CharField("arXiv class", max_length=20, blank=True, help_text="Such as cs.CL.")
    selected = models.BooleanField(default=False, help_text="Selected publications are on the about page.")
    slug = models.SlugField(
        max_length=100,
        unique=True,
        error_messages={"unique": "Another publication has this address. Change it a little, or leave it empty."},
        help_text="Its part of the address, such as attention-in-c-elegans. After a change the old one still works.",
    )
    citation_key = models.CharField(
        max_length=100,
        help_text="Its key in BibTeX, such as doe2024attention. Made from author, year and title where empty.",
        validators=[
            RegexValidator(r"\A[A-Za-z0-9:._/+-]+\Z", "A citation key is made of letters, digits and : . _ / + - only.")
        ],
    )

    # Who wrote what: {field: [source, digest of what it wrote]}; see `importing.provenance`.
    sources = models.JSONField(default=dict, blank=True, editable=False)
    appeared = AppearedField()
    folded = FoldedField("title", "venue", "venue_short", "event", "tldr", "abstract")

    objects = PublicationQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["-year", F("month").desc(nulls_last=True), F("day").desc(nulls_last=True), "title", "pk"]
        indexes = [
            models.Index(fields=["-appeared", "title"], name="publication_by_appearance"),
            models.Index(fields=["-year", "-appeared", "title"], name="publication_by_year"),
            models.Index(fields=["status", "publish_at", "year", "type"], name="publication_facets"),
        ]
        constraints = [
            *Publishable.Meta.constraints,
            models.UniqueConstraint(
                Lower("citation_key"),
                name="publication_citation_key_is_unique",
                violation_error_message="Another publication has this citation key. Change one of them.",
            ),
            models.UniqueConstraint(
                fields=["doi"],
                condition=~Q(doi=""),
                name="publication_doi_is_unique",
                violation_error_message="Another publication has this DOI. Edit that one, or correct the DOI.",
            ),
            models.UniqueConstraint(
                fields=["arxiv_id"],
                condition=~Q(arxiv_id=""),
                name="publication_arxiv_id_is_unique",
                violation_error_message="Another publication has this arXiv identifier. Edit that one, or correct it.",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="publication_has_title"),
            models.CheckConstraint(condition=~Q(slug=""), name="publication_has_slug"),
            models.CheckConstraint(
                condition=~Q(slug="linkset"),
                name="publication_slug_is_not_reserved",
                violation_error_message="The address “linkset” is used by the site. Change it a little.",
            ),
            models.CheckConstraint(condition=Q(type__in=PublicationType.values), name="publication_type_is_known"),
            models.CheckConstraint(condition=~Q(citation_key=""), name="publication_has_citation_key"),
            models.CheckConstraint(condition=Q(year__gte=1400, year__lte=2200), name="publication_year_is_sensible"),
            models.CheckConstraint(
                condition=Q(month=None) | Q(month__gte=1, month__lte=12), name="publication_month_exists"
            ),
            models.CheckConstraint(
                condition=Q(day=None)
                | Q(month__isnull=False)  # a comparison with an unknown month would be unknown, and so accepted
                & (
                    Q(day__gte=1, day__lte=31, month__in=(1, 3, 5, 7, 8, 10, 12))
                    | Q(day__gte=1, day__lte=30, month__in=(4, 6, 9, 11))
                    | Q(day__gte=1, day__lte=29, month=2)
                ),
                name="publication_day_is_of_its_month",
            ),
            models.CheckConstraint(condition=is_address("url"), name="publication_url_is_an_address"),
        ]

    def __str__(self):
        return markup.plain(self.title)

    def get_absolute_url(self):
        return reverse("publication", args=[self.slug])

    def clean(self):
        check_partial_date(self.year, self.month, self.day)
        try:
            self.editor_names  # noqa: B018 - reading it is what checks it
        except ValueError as error:
            raise ValidationError({"editors": str(error)}) from error

    @property
    def date(self):
        """The date of publication, in the precision that is known."""
        return PartialDate(self.year, self.month, self.day)

    @property
    def editor_names(self):
        """The editors, as a list of `names.Name`; raises ValueError with a sentence for what is no name."""
        return [editor.name for editor in names.parse_authors(self.editors)]

    @property
    def paper_url(self):
        """Where the paper itself is: its address, DOI, arXiv page or its PDF here, the first that is known; else ""."""
        if self.url:
            return on_site(self.url)
        if self.doi:
            return identifiers.doi_url(self.doi)
        if self.arxiv_id:
            return identifiers.arxiv_url(self.arxiv_id)
        return self.pdf_path if self.pdf else ""

    @property
    def pdf_path(self):
        """The path of its PDF beside its page, where Google Scholar wants it."""
        return f"{self.get_absolute_url()}{self.slug}.pdf"

    @property
    def corresponding_authors(self):
        """The people to write to; uses what was prefetched."""
        return [authorship.person for authorship in self.authorships.all() if authorship.corresponding]

    @property
    def has_equal_contribution(self):
        """Whether an author is marked with a star; uses what was prefetched."""
        return any(authorship.equal_contribution for authorship in self.authorships.all())


class Authorship(models.Model):
    """A person's place among the authors of a publication."""

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="authorships")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="authorships")
    position = models.PositiveIntegerField(default=0)
    equal_contribution = models.BooleanField(
        "equal contribution *", default=False, help_text="A star behind the name, and its footnote."
    )
    corresponding = models.BooleanField(
        "corresponding author", default=False, help_text="Named on the publication's own page."
    )

    class Meta:
        verbose_name = "author"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "person"],
                name="authorship_is_unique",
                violation_error_message="This person is among the authors already.",
            )
        ]

    def __str__(self):
        return f"{self.person}{'*' if self.equal_contribution else ''}"


class PublicationLinkKind(models.TextChoices):
    CODE = "code", "Code"
    DATA = "data", "Data"
    MODEL = "model", "Model"
    DEMO = "demo", "Demo"
    WEBSITE = "website", "Website"
    SLIDES = "slides", "Slides"
    POSTER = "poster", "Poster"
    VIDEO = "video", "Video"
    BLOG = "blog", "Blog post"
    THREAD = "thread", "Thread"
    SUPPLEMENT = "supplement", "Supplement"
    REVIEWS = "reviews", "Reviews"
    OTHER = "other", "Other"


class PublicationLink(Link):
    """Something beside the paper: its code, data, slides, a video."""

    Kind = PublicationLinkKind

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="links")
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.CODE)
    url = AddressField("address", help_text="Such as https://github.com/jane-doe/paper")
    file = DocumentField(help_text="Or a file, such as your slides.")

    class Meta(Link.Meta):
        constraints = [
            models.CheckConstraint(condition=is_address("url"), name="publicationlink_url_is_an_address"),
            models.CheckConstraint(
                condition=Q(kind__in=PublicationLinkKind.values), name="publicationlink_kind_is_known"
            ),
            models.CheckConstraint(
                condition=(Q(url="") & ~Q(file="")) | (~Q(url="") & Q(file="")),
                name="publicationlink_has_url_or_file",
                violation_error_message="A link has either an address or a file.",
            ),
        ]

    @property
    def href(self):
        """Where the link leads."""
        return on_site(self.url) or self.file.url


class FormerPublicationSlug(FormerSlug):
    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="former_slugs")
