"""Citation keys in the manner of Google Scholar: family name, year, first word of weight; doe2024attention."""

import re
import unicodedata
from itertools import chain, count
from string import ascii_lowercase

from . import markup
from .models import Publication

# Words that say nothing of the subject.
WEIGHTLESS = {"a", "an", "the", "on", "of", "in", "for", "to", "and", "at", "by", "with", "from", "towards", "toward"}
# Letters that do not come apart into a plain one and an accent.
PLAIN = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "đ": "d"})


def plain_letters(text):
    """The text's letters a to z and digits, in lower case: "Ní Ghuidhir" gives "nighuidhir"."""
    decomposed = unicodedata.normalize("NFKD", text.translate(PLAIN))
    return re.sub(r"[^a-z0-9]", "", decomposed.lower())


def make(family_name, year, title):
    """The key of a publication; parts that are not known, or not written in Latin letters, are left out."""
    words = [plain_letters(word) for word in re.split(r"[\s/–—-]+", markup.plain(title))]
    word = next((word for word in words if word and word not in WEIGHTLESS), "")
    return f"{plain_letters(family_name)}{year or ''}{word}"[:80] or "publication"


def first_free(key, taken):
    """The key, with a letter (then a number) behind it where it is, in lower case, among those that are taken."""
    endings = chain(["", *ascii_lowercase[1:]], (f"-{number}" for number in count(27)))
    return next(key + ending for ending in endings if (key + ending).lower() not in taken)


def unused(key, publication):
    """The key, with a letter (then a number) behind it where another publication has it already."""
    others = Publication.objects.exclude(pk=publication.pk).filter(citation_key__istartswith=key)
    return first_free(key, {found.lower() for found in others.values_list("citation_key", flat=True)})


def for_publication(publication):
    """An unused key for a publication and its first author, if it has authors."""
    first = publication.authorships.select_related("person").order_by("position", "pk").first()
    family_name = first.person.family_name if first else ""
    return unused(make(family_name, publication.year, publication.title), publication)
