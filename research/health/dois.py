from ..models.publications import PublicationType
from . import lacking

TITLE = "DOIs"
WHY = "By its DOI a publication is found, cited and counted. Leave those that their publisher gave none."
IS_FAULT = False
USUAL = (PublicationType.ARTICLE, PublicationType.CHAPTER, PublicationType.CONFERENCE_PAPER, PublicationType.DATASET)


def find():
    return lacking.publications("no DOI", doi="", type__in=USUAL)
