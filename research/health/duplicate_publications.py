import re
from collections import defaultdict

from .. import search
from ..markup import plain
from ..models import Authorship, Publication
from ..models.publications import PublicationType
from .finding import Finding, edit

TITLE = "Publications that are there twice"
WHY = "A preprint and what it became are one publication. Move what one lacks from the other, and delete that."
IS_FAULT = False  # two works may have one title
# A talk, a poster, code or data may have the title of their paper.
OF_THEIR_OWN = (PublicationType.DATASET, PublicationType.SOFTWARE, PublicationType.POSTER, PublicationType.TALK)
COLUMNS = ("pk", "title", "type", "doi", "arxiv_id")


def find():
    alike = defaultdict(list)
    first_authors = dict(Authorship.objects.order_by("-position", "-pk").values_list("publication", "person"))
    for row in Publication.objects.order_by("pk").values(*COLUMNS):
        kind = row["type"] if row["type"] in OF_THEIR_OWN else "paper"
        alike[normal(row["title"]), kind, first_authors.get(row["pk"])].append(row)
    pairs = ((rows[0], other) for rows in alike.values() for other in rows[1:])
    return [finding(one, other) for one, other in pairs if may_be_one(one, other)]


def normal(title):
    """A title for comparing: letters and digits alone, without case and accents."""
    return " ".join(re.findall(r"\w+", search.fold(title)))


def may_be_one(one, other):
    """Whether no identifier says that they are two: a record has one of each."""
    return not any(one[name] and other[name] and one[name] != other[name] for name in ("doi", "arxiv_id"))


def finding(one, other):
    links = (edit(Publication, one["pk"], "Edit the older entry"), edit(Publication, other["pk"], "Edit the newer one"))
    return Finding(f"“{plain(other['title'])}” is there twice.", links)
