"""
The neutral citation record: what formats write and read, and what models and sources are turned into.

Pure: no Django, no database. Every field has one meaning whatever the type; where a format has other words for it
(a thesis's university, a report's institution), that format says so.
"""

from dataclasses import dataclass, field
from datetime import date

from ..names import Name

# The types are those of models.Publication.Type.
CONFERENCE_PAPER = "conference-paper"
ARTICLE = "article"
PREPRINT = "preprint"
WORKSHOP_PAPER = "workshop-paper"
BOOK = "book"
CHAPTER = "chapter"
THESIS = "thesis"
REPORT = "report"
DATASET = "dataset"
SOFTWARE = "software"
POSTER = "poster"
TALK = "talk"
OTHER = "other"
TYPES = (
    CONFERENCE_PAPER,
    ARTICLE,
    PREPRINT,
    WORKSHOP_PAPER,
    BOOK,
    CHAPTER,
    THESIS,
    REPORT,
    DATASET,
    SOFTWARE,
    POSTER,
    TALK,
    OTHER,
)


@dataclass(frozen=True)
class Contributor:
    """An author or editor. A name of `family_name` alone is a group's, such as "ATLAS Collaboration"."""

    name: Name
    orcid: str = ""  # with its dashes, without https://orcid.org/
    url: str = ""  # the person's home page
    site_id: str = ""  # the address by which a page of this site describes the person: the owner's alone

    @property
    def is_group(self):
        """Whether the name is a group's, to be written as it is: one-word names of people count as such too."""
        return not self.name.given_name


@dataclass(frozen=True)
class Item:
    """
    One work. Texts are Unicode without control characters; "" or () or None says that it is not known.

    `title` and `abstract` are the site's own source text: `$…$` is TeX, `*…*` emphasis, `**…**` strong; everything
    else is plain. All other texts are plain.
    """

    key: str  # the citation key: ASCII letters, digits and : . _ / + -
    type: str  # one of TYPES
    title: str
    authors: tuple[Contributor, ...] = ()
    editors: tuple[Contributor, ...] = ()
    year: int | None = None
    month: int | None = None  # only with a year
    day: int | None = None  # only with a month
    online_date: date | None = None  # first appearance online
    # Journal; title of the proceedings or of the book; the university of a thesis; the institution of a report;
    # for a preprint the server other than arXiv.
    container: str = ""
    container_short: str = ""  # "ICLR 2024", "PNAS"
    event: str = ""  # the conference or workshop, such as "International Conference on Learning Representations"
    series: str = ""
    volume: str = ""
    issue: str = ""
    number: str = ""  # a report's number, an article's number where there are no pages
    version: str = ""  # of software or a dataset; the edition of a book
    pages: str = ""  # "101–117" (an en dash), or a single page
    publisher: str = ""
    place: str = ""  # of the publisher or the conference
    genre: str = ""  # the kind of a thesis or report: "PhD thesis", "Master's thesis", "White paper"
    isbn: str = ""
    issn: str = ""
    doi: str = ""  # bare, lower case
    arxiv_id: str = ""  # bare, without version
    arxiv_class: str = ""  # the primary class, such as "cs.CL"
    url: str = ""  # where the paper is
    record_url: str = ""  # the permalink of its page on this site
    pdf_url: str = ""  # absolute, on this site
    language: str = ""  # BCP 47, such as "en"
    license: str = ""  # SPDX, such as "CC-BY-4.0"
    keywords: tuple[str, ...] = ()
    abstract: str = ""
    note: str = ""
    notice: str = ""  # "Retracted: …", "Corrected: …": printed wherever the work is cited
    attachments: tuple[tuple[str, str, str], ...] = field(default=())  # (label, absolute address, media type or "")

    @property
    def first_page(self):
        """The page that it begins on, or its article number: both are cited in the same place."""
        return self.pages.partition("–")[0] or self.number

    @property
    def last_page(self):
        """The page that it ends on; "" where it has one page or an article number."""
        return self.pages.partition("–")[2]
