from ..models.publications import PublicationType
from . import lacking

TITLE = "Abstracts"
WHY = "Search engines find a publication by the words of its abstract, and readers decide by it."
IS_FAULT = False
WITHOUT = (PublicationType.DATASET, PublicationType.SOFTWARE, PublicationType.POSTER, PublicationType.TALK)


def find():
    papers = [kind for kind in PublicationType if kind not in (*WITHOUT, PublicationType.OTHER)]
    return lacking.publications("no abstract", abstract="", type__in=papers)
