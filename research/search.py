"""Searching without accents and case: folded columns, and the words of a question. Pure but for the field."""

import unicodedata

from django.db import models

from . import markup

# Letters that do not come apart into a plain one and an accent; as people type them on another keyboard.
LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
# What a typesetter writes where a keyboard has one sign, and what is not seen at all.
SIGNS = dict.fromkeys("‐‑‒–—−", "-") | dict.fromkeys("‘’ʼ′", "'") | dict.fromkeys("\u00ad\u200b\u200c\u200d\ufeff", "")
PLAIN = str.maketrans(LETTERS | SIGNS)
MOST_WORDS = 20


def fold(text):
    """The text in lower case, without accents, its blanks single: "Ní  Ghuidhir" and "ni ghuidhir" are the same."""
    decomposed = unicodedata.normalize("NFKD", text).casefold().translate(PLAIN)  # "𝐀" has its case afterwards only
    return " ".join("".join(sign for sign in decomposed if not unicodedata.combining(sign)).split())


def words(question):
    """
    The folded words of a question, each once, at most 20; a comma or a star between them does not count.

    Nor does the sign of a power: texts are searched as they are read, and "x²" is folded to "x2".
    """
    signs = {ord(sign): " " for sign in ',;*"“”'} | {ord(sign): "" for sign in "^$"}
    return list(dict.fromkeys(fold(question.translate(signs)).split()))[:MOST_WORDS]


class FoldedField(models.TextField):
    """Other fields of the same row, as plain folded text. It is computed whenever the row is saved."""

    def __init__(self, *sources, **kwargs):
        self.sources = sources
        super().__init__(**{"editable": False, "default": ""} | kwargs)

    def deconstruct(self):
        name, path, _, kwargs = super().deconstruct()
        return name, path, list(self.sources), kwargs

    def pre_save(self, instance, add):
        text = fold("\n".join(markup.plain(getattr(instance, source)) for source in self.sources))
        setattr(instance, self.attname, text)
        return text
