"""
ORCID: all works of a person, by the public API v3.0 (info.orcid.org/documentation/api-tutorials).

ORCID holds what several sources say of a work as one group, of which the person has preferred one (the highest
`display-index`). A work with a DOI or arXiv identifier of its own is a lead: its registry knows it better; ORCID's
words are what is left where that has no answer.
"""

import re
from contextlib import suppress
from dataclasses import replace
from itertools import chain

from django.conf import settings

from .. import identifiers
from ..citations import item as types
from ..citations.item import Contributor, Item
from . import authors, bibtex, cleaning, doi, markup_files
from .fetch import SourceUnavailable
from .found import Answer, Found, Lead, Problem

NAME = "ORCID"
BATCH = 1
WORKS = 100  # at most in one request
TYPES = {
    "journal-article": types.ARTICLE, "magazine-article": types.ARTICLE, "newspaper-article": types.ARTICLE,
    "newsletter-article": types.ARTICLE, "book-review": types.ARTICLE, "review": types.ARTICLE, "conference-paper":
    types.CONFERENCE_PAPER, "conference-proceedings": types.CONFERENCE_PAPER, "conference-abstract":
    types.CONFERENCE_PAPER, "conference-output": types.CONFERENCE_PAPER, "conference-poster": types.POSTER,
    "conference-presentation": types.TALK, "lecture-speech": types.TALK, "public-speech": types.TALK, "book":
    types.BOOK,
    "edited-book": types.BOOK, "book-chapter": types.CHAPTER, "encyclopedia-entry": types.CHAPTER, "dictionary-entry":
    types.CHAPTER, "dissertation": types.THESIS, "dissertation-thesis": types.THESIS, "supervised-student-publication":
    types.THESIS, "report": types.REPORT, "working-paper": types.REPORT, "manual": types.REPORT, "research-tool":
    types.SOFTWARE, "software": types.SOFTWARE, "data-set": types.DATASET, "preprint": types.PREPRINT,
}  # fmt: skip


def identifier(text):
    """The ORCID iD in a pasted word or address; None for what is none."""
    address = re.search(r"orcid\.org/(?:v\d\.\d/)?([\d-]{15,18}[\dXx])", text)
    with suppress(ValueError):
        return identifiers.orcid(address[1] if address else text)
    return None


def ask(asked, get):
    """The `Answer` for a list of ORCID iDs."""
    return joined([ask_one(one, get) for one in asked])


def ask_one(one, get):
    base = f"{settings.SOURCE_URLS['orcid']}/{one}"
    try:
        chosen, problem = summaries(get(f"{base}/works", accept="application/json").content)
    except SourceUnavailable as error:
        if error.status not in (404, 409, 410):
            raise
        chosen, problem = {}, "ORCID knows nobody by this iD, or the record is closed."
    if problem or not chosen:
        return Answer(problems=(Problem(one, problem or "This ORCID record shows no works to the public."),))
    answers = []
    for codes in batched(list(chosen), WORKS):
        try:
            answers.append(parse(get(f"{base}/works/{','.join(codes)}", accept="application/json").content))
        except SourceUnavailable:  # then the list has to do, which knows no authors
            answers.append(sorted_out([chosen[code] for code in codes]))
    return joined(answers)


def batched(values, size):
    return [values[start : start + size] for start in range(0, len(values), size)]


def joined(answers):
    """Several answers as one."""
    return Answer(*(tuple(chain.from_iterable(parts)) for parts in zip(*map(parts_of, answers), strict=True)))


def parts_of(answer):
    return answer.found, answer.leads, answer.problems


def summaries(content):
    """({put-code: the preferred summary of each work}, "" or a sentence) of the list of works (bytes)."""
    data = markup_files.json_object(content)
    groups = data.get("group") if data else None
    if not isinstance(groups, list):
        return {}, "ORCID answered with something that is no list of works."
    chosen = {}
    for group in dicts(groups):
        usable = [one for one in dicts(group.get("work-summary")) if str(one.get("put-code") or "").isdecimal()]
        if usable:
            best = max(usable, key=display_index)
            chosen[str(best["put-code"])] = best
    return chosen, ""


def display_index(summary):
    index = str(summary.get("display-index") or "0")
    return int(index) if re.fullmatch(r"-?\d{1,9}", index) else 0


def parse(content):
    """The `Answer` of whole works, as the list of put-codes gives them (bytes)."""
    data = markup_files.json_object(content)
    if data is None or not isinstance(data.get("bulk"), list):
        return Answer(problems=(Problem("ORCID", "ORCID answered with something that is no list of works."),))
    works = [entry.get("work") for entry in dicts(data["bulk"])]
    answer = sorted_out([work for work in works if isinstance(work, dict)])
    missing = sum(not isinstance(work, dict) for work in works)
    if missing:
        problem = Problem("ORCID", f"ORCID could not give {missing} of the works.")
        answer = Answer(answer.found, answer.leads, (*answer.problems, problem))
    return answer


def sorted_out(works):
    """The `Answer` of works: those with an identifier of their own are leads."""
    found, leads, problems = [], [], []
    for work in works:
        one, identifier_of_it = read(work)
        if not one.item.title:
            problems.append(Problem("ORCID", "A work has no title, so it was left out."))
        elif identifier_of_it:
            leads.append(Lead(identifier_of_it, one))
        else:
            found.append(one)
    return Answer(tuple(found), tuple(leads), tuple(problems))


def read(work):
    """(the `Found` of a work, the identifier of its lead or "")."""
    kind = TYPES.get(str(work.get("type") or "").lower().replace("_", "-"), types.OTHER)
    title = work.get("title") if isinstance(work.get("title"), dict) else {}
    own, others = external_ids(work)
    on_server = "arxiv" in own or own.get("doi", [""])[0].partition("/")[0] in doi.SERVERS
    kind = types.PREPRINT if kind == types.OTHER and on_server else kind
    cited = citation(work)
    item = Item(
        key="",
        type=kind,
        title=": ".join(filter(None, (value(title.get("title")), value(title.get("subtitle"))))),
        container=value(work.get("journal-title")),
        abstract=value(work.get("short-description")),
        language=str(work.get("language-code") or ""),
        url=value(work.get("url")) if value(work.get("url")).startswith(("http://", "https://")) else "",
        doi=own.get("doi", [""])[0],
        arxiv_id=own.get("arxiv", [""])[0],
        isbn=(own.get("isbn") or others.get("isbn") or [""])[0],
        issn=(own.get("issn") or others.get("issn") or [""])[0],
        **date_of(work),
    )
    who = authors.read(contributors(work, "author"))
    item = cleaning.item(replace(item, authors=who.people, editors=authors.read(contributors(work, "editor")).people))
    if cited:
        item = completed(item, cited.item)
        who = who if who.people else replace(who, people=cited.item.authors, complete=cited.authors_are_complete)
    found = Found(
        item,
        NAME,
        authors_are_complete=who.complete and bool(item.authors),
        other_dois=tuple(own.get("doi", [])[1:] + others.get("doi", [])),
        other_arxiv_ids=tuple(own.get("arxiv", [])[1:] + others.get("arxiv", [])),
    )
    lead = f"doi:{item.doi}" if item.doi else f"arxiv:{item.arxiv_id}" if item.arxiv_id else ""
    return found, lead


def completed(item, cited):
    """With what the BibTeX that some sources put beside a work knows more."""
    names = ("authors", "container", "volume", "issue", "pages", "publisher", "year", "month", "number", "isbn", "issn")
    return replace(item, **{name: getattr(cited, name) for name in names if not getattr(item, name)})


def citation(work):
    """The `Found` of the BibTeX in a work, or None."""
    cited = work.get("citation") if isinstance(work.get("citation"), dict) else {}
    if "bibtex" not in str(cited.get("citation-type") or "").lower():
        return None
    with suppress(ValueError):
        answer = bibtex.parse(value(cited.get("citation-value")))
        return answer.found[0] if answer.found else None
    return None


def external_ids(work):
    """
    ({kind: [identifiers]} of the work itself, the same of other versions of it).

    Those that are part of (the DOI of the proceedings) or fund it are neither, but an ISBN or ISSN is the book's.
    """
    own, others = {}, {}
    ids = work.get("external-ids") if isinstance(work.get("external-ids"), dict) else {}
    for one in dicts(ids.get("external-id")):
        kind = str(one.get("external-id-type") or "").lower()
        relation = str(one.get("external-id-relationship") or "self").lower().replace("_", "-")
        texts = (value(one.get("external-id-normalized")), value(one.get("external-id-value")))
        for known, text in filter(None, (checked(kind, text) for text in texts)):
            if relation == "self":
                own.setdefault(known, []).append(text)
            elif relation == "version-of" or known in ("isbn", "issn"):
                others.setdefault(known, []).append(text)
            break
    return own, others


def checked(kind, text):
    """("doi" or "arxiv" or "isbn" or "issn", the identifier), or None for what is none of these."""
    if kind in ("doi", "arxiv", "uri", "other-id"):
        with suppress(ValueError):
            return "arxiv", identifiers.arxiv(text)
        with suppress(ValueError):
            return "doi", identifiers.doi(text)
    return (kind, text) if kind in ("isbn", "issn") and text else None


def contributors(work, role):
    """Those of a role; who has none is an author. Each is a name in one piece, some with their ORCID iD."""
    held = work.get("contributors") if isinstance(work.get("contributors"), dict) else {}
    people = []
    for one in dicts(held.get("contributor")):
        attributes = one.get("contributor-attributes") if isinstance(one.get("contributor-attributes"), dict) else {}
        has = str(attributes.get("contributor-role") or "author").lower()
        found = authors.named([value(one.get("credit-name"))])
        if found and (has == "editor") == (role == "editor"):
            held_id = one.get("contributor-orcid") if isinstance(one.get("contributor-orcid"), dict) else {}
            orcid = identifier(str(held_id.get("path") or ""))
            people.append(Contributor(found[0].name, orcid or ""))
    return tuple(dict.fromkeys(people))


def date_of(work):
    """{"year", "month", "day"}, as far as they are known."""
    held = work.get("publication-date") if isinstance(work.get("publication-date"), dict) else {}
    data = {}
    for name, most in (("year", 2999), ("month", 12), ("day", 31)):
        text = value(held.get(name))
        if not (text.isdecimal() and 0 < int(text) <= most):
            break
        data[name] = int(text)
    return data


def value(held):
    """The text in ORCID's {"value": …}, or in a bare text."""
    held = held.get("value") if isinstance(held, dict) else held
    return held.strip() if isinstance(held, str) else str(held) if isinstance(held, int) else ""


def dicts(held):
    return [one for one in held if isinstance(one, dict)] if isinstance(held, list) else []
