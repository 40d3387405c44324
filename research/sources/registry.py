"""
The sources of publications. A new one is a module beside this one, and a line here.

Those of files have NAME, EXTENSIONS, `is_it(text)` and `parse(text)`. Those of the network have NAME, BATCH (how many
identifiers they are asked for at once), `identifier(text)` (what they know in a pasted word, or None) and
`ask(identifiers, get)`, whose `get` is `fetch.get`. All give back an `Answer`.
"""

import functools
import re
from typing import NamedTuple

from ..citations import limits
from . import arxiv, bibtex, csl, dblp, doi, encoding, fetch, orcid, ris
from .found import Answer

# In the order in which a pasted word is offered to them: an arXiv DOI is arXiv's.
SOURCES = {module.NAME: module for module in (arxiv, orcid, dblp, doi)}
FORMATS = (bibtex, ris, csl)
MAX_BYTES = 20_000_000  # of a file; 5,000 entries with their abstracts have about ten
MAX_WORD = 2_000  # characters of a pasted word: no address of a publication is longer
BETWEEN = re.compile(r"[\s,;|]+")
PREFIX = re.compile(r"\b(arxiv|doi|orcid|dblp|pid)(?:\s+i[dD])?(?:\s*[:=])?\s++(?=\w)(?!\S*:)", re.IGNORECASE)
SAYS_NOTHING = re.compile(r"and|doi:?|arxiv:?|orcid:?|dblp:?|pid:?|\[[a-z-]+(?:\.[A-Za-z-]+)?\]", re.IGNORECASE)
EDGES = "()[]<>{}\"'“”‘’.,;*•·-–"


class Request(NamedTuple):
    """One thing to ask: the NAME of a source, and an identifier as that source wants it."""

    source_name: str
    identifier: str


class Pasted(NamedTuple):
    """What somebody pasted into one box."""

    requests: tuple[Request, ...] = ()
    text: str = ""  # the whole text, where it is BibTeX, RIS or CSL-JSON
    unrecognised: tuple[str, ...] = ()  # the words that are neither


def read_text(content, name=""):
    """
    The `Answer` of a pasted text (str) or an uploaded file (bytes) of BibTeX, RIS or CSL-JSON, told by its content.

    `name` is the file's, which decides where the content does not. Raises ValueError with a sentence where nothing can
    be read at all: too large, empty, or of no kind that is known.
    """
    if len(content) > MAX_BYTES:
        raise ValueError(
            f"This file is too large: it has {len(content) / 1e6:,.0f} MB, and at most {MAX_BYTES / 1e6:,.0f} MB are "
            "read at a time. Divide it into several files."
        )
    text = encoding.decode(content) if isinstance(content, bytes) else content
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise ValueError("This file is empty." if name else "There is nothing to read.")
    kind = kind_of(text, name)
    if not kind:
        raise ValueError(
            "This is neither BibTeX (an entry begins with @article{…), nor RIS (a record begins with “TY  - ”), nor "
            "CSL-JSON (objects with a “type” and a “title”)."
        )
    return kind.parse(text)


def read_file(file, name=""):
    """The `Answer` of an open binary file, as `read_text`; one that is too large is not read whole."""
    return read_text(file.read(MAX_BYTES + 1), name)


def kind_of(text, name=""):
    """The module of FORMATS that a text is, or None."""
    extension = name.rpartition(".")[2].lower()
    ordered = sorted(FORMATS, key=lambda module: extension not in module.EXTENSIONS)
    return next((module for module in ordered if module.is_it(text)), None)


def recognise(text):
    """The `Pasted` of whatever somebody pasted: identifiers and addresses in any form, several at once, or a file."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > limits.MAX_LENGTH or kind_of(text):
        return Pasted(text=text)
    requests, unknown = {}, []
    for line in PREFIX.sub(r"\1:", text).split("\n"):
        known = request(line.strip())
        if known:
            requests[known] = True
            continue
        rest = []
        for word in filter(None, BETWEEN.split(line)):
            known = request(word)
            if known:
                requests[known] = True
            elif any(map(str.isalnum, word)) and not SAYS_NOTHING.fullmatch(word):
                rest.append(word)
        if rest:
            unknown.append(" ".join(rest))
    return Pasted(tuple(requests), "", tuple(dict.fromkeys(unknown)))


def request(word):
    """The `Request` of one word, or None."""
    for candidate in dict.fromkeys((word, word.strip(EDGES))):
        if 0 < len(candidate) <= MAX_WORD and not re.search(r"\s", candidate):
            for module in SOURCES.values():
                identifier = module.identifier(candidate)
                if identifier:
                    return Request(module.NAME, identifier)
    return None


def ask(requests, mail=""):
    """
    The `Answer` of the network to requests of one source, at most its BATCH of them. `mail`: the owner's.

    What a source does not know or answers wrongly is among the problems. Raises SourceUnavailable with a sentence where
    it cannot be reached at all.
    """
    if not requests:
        return Answer()
    (name,) = {request.source_name for request in requests}
    return SOURCES[name].ask([request.identifier for request in requests], functools.partial(fetch.get, mail=mail))
