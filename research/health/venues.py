from ..models.publications import PublicationType
from . import lacking

TITLE = "Venues"
WHY = "Without the journal, the proceedings or the university it cannot be cited."
IS_FAULT = False
NEEDED = (
    PublicationType.ARTICLE,
    PublicationType.CHAPTER,
    PublicationType.CONFERENCE_PAPER,
    PublicationType.WORKSHOP_PAPER,
    PublicationType.THESIS,
)


def find():
    return lacking.publications("no venue", venue="", venue_short="", event="", type__in=NEEDED)
