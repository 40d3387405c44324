"""
arXiv: preprints, by the Atom feed of its API (info.arxiv.org/help/api/user-manual.html).

A paper that has appeared elsewhere keeps its arXiv identifier and has the publisher's DOI; its journal reference is a
text in any form, and stands in the note. An unknown identifier is missing from the feed; one that arXiv does not take
for an identifier makes the whole answer an error (status 400), so that the others are asked for again.
"""

import re
from contextlib import suppress
from datetime import date
from urllib.parse import urlencode

from django.conf import settings

from .. import identifiers
from ..citations import item as types
from ..citations import latex
from ..citations.item import Item
from . import addresses, authors, cleaning, markup_files
from .fetch import SourceUnavailable
from .found import Answer, Found, Problem

NAME = "arXiv"
BATCH = 50
NEWEST = 50
ATOM = "{http://www.w3.org/2005/Atom}"
ARXIV = "{http://arxiv.org/schemas/atom}"
HOSTS = (
    "arxiv.org",
    "alphaxiv.org",
    "ar5iv.org",
    "huggingface.co",
    "ar5iv.labs.arxiv.org",
    "papers.cool",
    "scirate.com",
)
IN_ADDRESS = re.compile(
    r"/((?:\d{4}\.\d{4,5}|[a-z-]{2,20}(?:\.[A-Z]{2})?/\d{7})(?:v\d{1,3})?)(?:\.pdf)?(?=[/.?#]|$)", re.I
)
ADDRESS = re.compile(r"https?://[^\s<>{}|\\^`]+")
# What a comment says beside "12 pages, 3 figures" that is worth keeping.
APPEARED = re.compile(
    r"\b(?:accepted|published|publication|appears?|appeared|appearing|camera[ -]ready|presented|spotlight|oral|award"
    r"|best paper|thesis|conference|workshop|journal|symposium|proceedings|transactions|equal(?:ly)? contribut\w+"
    r"|NeurIPS|NIPS|ICML|ICLR|ACL|EMNLP|NAACL|CVPR|ICCV|ECCV|AAAI|IJCAI|KDD|AISTATS|COLT)\b",
    re.IGNORECASE,
)
COUNTS = re.compile(
    r"(?:(?:main (?:text|paper)|appendix|supplement\w{0,20}):?\s+)?(?:(?<!\d)\d+|one|two|three|four|five)"
    r"\s*(?:\+\s*\d+\s*)?(?:pages?|pp\b\.?|figures?|figs?\b\.?|tables?|algorithms?|appendices)"
    r"(?:\s*\([^()]{0,60}\))?(?:\s*(?:,|and|;|\+|\.|$))?\s*",
    re.IGNORECASE,
)
MAX_COMMENT = 300


def identifier(text):
    """The identifier without its version in a pasted word or address; None for what is none."""
    with suppress(ValueError):
        return identifiers.arxiv(text)
    address = addresses.split(text)
    if address.host in HOSTS or address.host.endswith(".arxiv.org"):
        found = IN_ADDRESS.search(address.path)
        with suppress(ValueError):
            return identifiers.arxiv(found[1]) if found else None
    return None


def ask(asked, get):
    """The `Answer` for a list of identifiers, in their order."""
    url = f"{settings.SOURCE_URLS['arxiv']}?id_list={','.join(asked)}&max_results={len(asked)}"
    try:
        answer = parse(get(url, accept="application/atom+xml").content)
    except SourceUnavailable as problem:
        if problem.status != 400:
            raise
        if len(asked) == 1:
            return Answer(problems=(Problem(asked[0], "arXiv does not take this for an identifier of its own."),))
        half = len(asked) // 2
        first, second = ask(asked[:half], get), ask(asked[half:], get)
        return Answer(first.found + second.found, (), first.problems + second.problems)
    known = {found.item.arxiv_id: found for found in answer.found}
    missing = [Problem(one, "arXiv has no such paper.") for one in asked if one not in known]
    if answer.problems and not answer.found:
        return Answer(problems=tuple(Problem(one, answer.problems[0].reason) for one in asked))
    return Answer(tuple(known[one] for one in asked if one in known), (), (*answer.problems, *missing))


def newest(name, get):
    """The `Answer` of the newest papers, at most NEWEST, with an author of this name; who else has it is among them."""
    query = urlencode({"search_query": f'au:"{name}"', "sortBy": "submittedDate", "sortOrder": "descending"})
    url = f"{settings.SOURCE_URLS['arxiv']}?{query}&max_results={NEWEST}"
    return parse(get(url, accept="application/atom+xml").content)


def parse(content):
    """The `Answer` of a feed (bytes)."""
    root = markup_files.xml(content)
    if root is None or root.tag != f"{ATOM}feed":
        return Answer(problems=(Problem("arXiv", "arXiv answered with something that is no list of papers."),))
    found, problems = [], []
    for entry in root.iterfind(f"{ATOM}entry"):
        if "/api/errors" in text_of(entry, f"{ATOM}id") or text_of(entry, f"{ATOM}title") == "Error":
            problems.append(Problem("arXiv", f"arXiv says: {text_of(entry, f'{ATOM}summary') or 'error'}."))
        elif one := read(entry):
            found.append(one)
    return Answer(tuple(found), (), tuple(problems))


def read(entry):
    """The `Found` of one entry, or None where it has no identifier or title."""
    try:
        arxiv_id = identifiers.arxiv(text_of(entry, f"{ATOM}id"))
    except ValueError:
        return None
    title = tex(text_of(entry, f"{ATOM}title"))
    if not title:
        return None
    names = [text_of(author, f"{ATOM}name") for author in entry.iterfind(f"{ATOM}author")]
    comment = text_of(entry, f"{ARXIV}comment")
    who = authors.read(authors.named(map(plain_tex, names)), comment)
    first = day(text_of(entry, f"{ATOM}published"))
    category = entry.find(f"{ARXIV}primary_category")
    summary = entry.findtext(f"{ATOM}summary") or ""
    item = Item(
        key="",
        type=types.PREPRINT,
        title=title,
        authors=who.people,
        year=first.year if first else None,
        month=first.month if first else None,
        day=first.day if first else None,
        online_date=first,
        arxiv_id=arxiv_id,
        arxiv_class=category.get("term", "") if category is not None else "",
        doi=publishers_doi(text_of(entry, f"{ARXIV}doi")),
        url=identifiers.arxiv_url(arxiv_id),
        abstract="\n\n".join(tex(part) for part in re.split(r"\n\s*\n|\n {2,}(?=\S)", summary.strip())),
        note=note(text_of(entry, f"{ARXIV}journal_ref"), comment),
    )
    return Found(cleaning.item(item), NAME, None, who.complete, who.equal, who.corresponding)


def text_of(element, name):
    """The text of the child of this name on one line; "" where there is none."""
    return " ".join((element.findtext(name) or "").split())


def publishers_doi(text):
    """The first DOI of a field that may hold several, arXiv's own excepted."""
    for word in text.split():
        with suppress(ValueError):
            found = identifiers.doi(word.rstrip(",;"))
            if not found.startswith(identifiers.ARXIV_DOI):
                return found
    return ""


def day(text):
    with suppress(ValueError):
        return date.fromisoformat(text[:10])
    return None


def note(reference, comment):
    """Where it has appeared: arXiv's journal reference, else what the comment says of that."""
    if reference:
        return f"Published in {re.sub(r'^(?:published )?in:? ', '', plain_tex(reference), flags=re.IGNORECASE)}"
    comment = COUNTS.sub("", comment).strip(" ,;.")
    return plain_tex(comment) if APPEARED.search(comment) and len(comment) <= MAX_COMMENT else ""


def tex(text):
    """A text with TeX as the site writes it; addresses stay as they are."""
    parts, place = [], 0
    for address in ADDRESS.finditer(text):
        parts += [decoded(text[place : address.start()]), address[0]]
        place = address.end()
    return "".join([*parts, decoded(text[place:])]).strip()


def decoded(text):
    """Accents, emphasis and quotation marks of TeX; blanks at the edges stay."""
    if not re.search(r"[\\{]|``|''|--|(?<=\w)~(?=\w)", text):
        return text
    core = text.strip()
    before, _, behind = text.partition(core) if core else (text, "", "")
    words = core.replace("``", "“").replace("''", "”") if "``" in core else core
    try:
        return f"{before}{latex.decode(words, rich=True, name=True)}{behind}"
    except ValueError:
        return text


def plain_tex(text):
    return decoded(text) if "\\" in text or "{" in text else text
