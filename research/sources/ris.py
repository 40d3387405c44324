"""RIS as EndNote, Zotero, Mendeley, publishers and library catalogues write it. Pure: no Django."""

import re
from dataclasses import replace

from ..citations import item as types
from ..citations import limits
from ..citations import ris as format
from . import authors, cleaning, csl
from .found import Answer, Found, Problem

NAME = "RIS"
EXTENSIONS = ("ris", "enw")
RECORD = re.compile(r"^[ \t\ufeff]*TY {0,3}- ?\w+", re.MULTILINE)


def is_it(text):
    """Whether a text holds a record of RIS."""
    return bool(RECORD.search(text))


def parse(text):
    """The `Answer` of a file: each record that can be read, and what is wrong with the others, by line."""
    limits.check_length(len(text))
    records, faults = format.records(text)
    limits.check_count(len(records))
    found, problems = [], list(faults[:1])  # one stray line is mostly followed by many
    for line, record in records:
        try:
            one = read(record, line)
        except ValueError as error:
            problems.append((line, str(error)))
            continue
        if one.item.title:
            found.append(one)
        else:
            problems.append((line, "This record has no title, so it was left out."))
    return Answer(tuple(found), (), tuple(Problem(f"Line {line}", reason) for line, reason in sorted(problems)))


def read(record, line):
    """The `Found` of one record."""
    people = csl.whole_names(format.read_item(record).authors)
    item = format.read_item(record)
    who = authors.read(people, " ".join(record.get("N1", ())))
    if not item.pages and not item.number:
        item = replace(item, number=next(iter(record.get("C7", ())), ""))  # EndNote's and Zotero's article number
    item = replace(item, authors=who.people, editors=authors.read(csl.whole_names(item.editors)).people)
    item = csl.identified(item, " ".join((*record.get("UR", ()), *record.get("AN", ()), *record.get("M3", ()))))
    if item.type == types.ARTICLE and not item.container:
        item = replace(item, container=item.container_short, container_short="")
    return Found(cleaning.item(item), NAME, line, who.complete, who.equal, who.corresponding)
