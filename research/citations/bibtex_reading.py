"""BibTeX's entries as Items: the fields, dates and identifiers of other people's files. Pure: no Django."""

import re
import unicodedata

from .. import identifiers
from . import bibtex_names, latex, richtext
from . import item as types
from .bibtex_types import (
    ARXIV_JOURNAL,
    ENTRIES,
    KINDS,
    MONTHS,
    READ_ALSO,
    THESES,
    WHERE,
    guessed_type,
)
from .item import Item

PAGES = re.compile(r"(\S+?)\s*(?:-+|–|—)\s*(\S+)")
ESCAPED = re.compile(r"\\([&%$#_{}~])(?:\{\})?")


def inherited(values, by_key):
    """What an entry has from the one that its `crossref` names: the title of the proceedings is its `booktitle`."""
    parent = by_key.get(values.get("crossref", "").lower(), {})
    return {("booktitle" if name == "title" else name): value for name, value in parent.items() if name != "key"}


def read_item(entry, key, values):
    """The Item of an entry whose values are as typed."""
    kind = values.get("entrysubtype")
    kind = kind if kind in types.TYPES else guessed_type(entry, values)
    data = {name: text for name, text in read_fields(kind, entry, values).items() if text}
    return Item(
        key=clean_key(key),
        type=kind,
        title=latex.decode(values.get("title", ""), rich=True),
        authors=bibtex_names.parse(values.get("author", "")),
        editors=bibtex_names.parse(values.get("editor") or values.get("editora", "")),
        keywords=read_keywords(values.get("keywords", "")),
        abstract=latex.decode(values.get("abstract", ""), rich=True),
        note=latex.decode(values.get("note", "")),
        language=latex.decode(values.get("language", "")),
        **read_date(values),
        **read_identifiers(values),
        **data,
    )


def read_fields(kind, entry, values):
    """The item's fields that depend on its type."""
    own = ENTRIES[kind][1]
    data = {field: latex.decode(values.get(name, "")) for name, field in own.items()}
    for name, field in READ_ALSO:
        if field not in own.values() and name in values and not data.get(field):
            data[field] = latex.decode(values[name])
    if kind in WHERE:
        published = latex.decode(values.get("howpublished", ""))
        label = KINDS.get(kind, "")
        if label and published.lower().startswith(label.lower()):
            published = published[len(label) :].removeprefix(",").removeprefix(" ")
        data[WHERE[kind]] = ("" if "://" in published else published) or data.get(WHERE[kind], "")
    if kind == types.THESIS:
        data["genre"] = data.get("genre") or THESES.get(entry, "")
    if kind == types.PREPRINT and ARXIV_JOURNAL.match(f"{data.get('container', '')} {data.get('volume', '')}"):
        data |= dict.fromkeys(("container", "volume", "pages"), "")
    data["pages"] = read_pages(data.get("pages", ""))
    return data


def read_keywords(value):
    """Divided by the commas and semicolons that stand in no braces."""
    depth, words = 0, [[]]
    for part in re.findall(r"\\.|[{},;]|[^\\{},;]+|\\", value, re.DOTALL):
        depth += (part == "{") - (part == "}")
        if part in ",;" and depth <= 0:
            words.append([])
        else:
            words[-1].append(part)
    return tuple(filter(None, (latex.decode("".join(word)).strip(" ") for word in words)))


def read_pages(text):
    """With an en dash between first and last page."""
    found = PAGES.fullmatch(text) if len(text) < 100 else None
    return f"{found[1]}–{found[2]}" if found else text


def read_date(values):
    """`year`, `month` and `day`, or biblatex's `date` (ISO 8601)."""
    date = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", values.get("date", ""))
    year, month, day = date.groups() if date else (values.get(name, "") for name in ("year", "month", "day"))
    year = re.search(r"\d{4}", year or "")
    if not year:
        return {}
    month = re.search(r"[a-z]{3}|\d{1,2}", latex.decode(month or "").lower())
    number = month and (
        MONTHS.index(month[0]) + 1 if month[0] in MONTHS else int(month[0]) if month[0].isdigit() else 0
    )
    if not number or number > 12:
        return {"year": int(year[0])}
    day = int(day) if re.fullmatch(r"\d{1,2}", day or "") else 0
    return {"year": int(year[0]), "month": number, "day": day if 0 < day < 32 else None}


def read_identifiers(values):
    """DOI, arXiv identifier and class, and address; what is none of these is left out."""
    data = {"url": verbatim(values.get("url", ""))}
    if not data["url"] and "://" in values.get("howpublished", ""):
        data["url"] = verbatim(values["howpublished"])
    journal = ARXIV_JOURNAL.match(" ".join((values.get("journal", ""), values.get("volume", ""))))
    eprint = values.get("eprint", "") if values.get("archiveprefix", "arxiv").lower() == "arxiv" else ""
    for field, text, check in (
        ("doi", values.get("doi", ""), identifiers.doi),
        ("arxiv_id", verbatim(eprint) or (journal[1] if journal else ""), identifiers.arxiv),
    ):
        try:
            data[field] = check(verbatim(text))
        except ValueError:
            continue
    if data.get("arxiv_id"):
        data["arxiv_class"] = verbatim(values.get("primaryclass", ""))
    return data


def verbatim(text):
    r"""An address or identifier without `\url`, braces and the escapes that do not belong into it."""
    text = re.sub(r"\\(?:url|nolinkurl|href)(?![a-z])\s*+", "", text)
    return richtext.one_line(re.sub("[{}]", "", ESCAPED.sub(r"\1", text)))


def clean_key(key):
    """The key in the letters that an Item's key may have."""
    ascii = unicodedata.normalize("NFKD", key).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9:._/+-]", "", ascii)
