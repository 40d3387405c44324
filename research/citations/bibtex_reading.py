"""BibTeX's entries as Items: the fields, dates and identifiers of other people's files. Pure: no Django."""

import re
import unicodedata

from .. import identifiers
from . import bibtex_names, latex, richtext
from . import item as types
from .bibtex_types import (
    ARXIV_JOURNAL,
    ENTRIES,
    GENRE_NAMES,
    KINDS,
    READ_ALSO,
    THESES,
    THESES_ALSO,
    WHERE,
    guessed_type,
)
from .item import Item

PAGES = re.compile(r"(\S+?)\s*(?:-+|–|—)\s*(\S+)")
ADDRESS = re.compile(r"(?:https?|ftp)://\S+", re.IGNORECASE)  # "Available at https://…" too
ESCAPED = re.compile(r"\\([&%$#_{}~])(?:\{\})?")


# English as all files have it, then German, French, Spanish and Italian where they differ.
MONTH_NAMES = (
    ("jan", "ene", "gen"), ("feb", "fév", "fev"), ("mar", "mär", "maer"), ("apr", "avr", "abr"),
    ("may", "mai", "mag"), ("jun", "juin", "giu"), ("jul", "juil", "lug"), ("aug", "aoû", "aou", "ago"),
    ("sep", "set"), ("oct", "okt", "ott"), ("nov",), ("dec", "dez", "déc", "dic"),
)  # fmt: skip
MONTH_NAME = re.compile(
    "|".join(sorted((name for names in MONTH_NAMES for name in names), key=len, reverse=True)), re.I
)


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
        if name in values and not data.get(field):
            data[field] = latex.decode(values[name])
    if kind in WHERE:
        published = latex.decode(values.get("howpublished", ""))
        label = KINDS.get(kind, "")
        if label and published.lower().startswith(label.lower()):
            published = published[len(label) :].removeprefix(",").removeprefix(" ")
        data[WHERE[kind]] = ("" if ADDRESS.search(published) else published) or data.get(WHERE[kind], "")
    if kind == types.THESIS:
        data["genre"] = data.get("genre") or THESES.get(entry) or THESES_ALSO.get(entry, "")
    if kind in (types.THESIS, types.REPORT):
        data["genre"] = GENRE_NAMES.get(data["genre"], data["genre"])
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
    """With an en dash between first and last page, and without "pp."."""
    text = re.sub(r"\A(?:pp?|pages?|S|Seiten?)\b\.?\s*(?=\d)", "", text, flags=re.IGNORECASE)
    found = PAGES.fullmatch(text) if len(text) < 100 else None
    return f"{found[1]}–{found[2]}" if found else text.rstrip("-–") or text


def read_date(values):
    """`year`, `month` and `day`, or biblatex's `date` (ISO 8601)."""
    text = latex.decode(values.get("date", ""))
    date = re.match(r"\D{0,3}(\d{4})(?:-(\d\d))?(?:-(\d\d))?", text)
    if date and not (values.get("year") and date[1] not in values["year"]):
        year, month, day = date.groups()
        month = month or (text if MONTH_NAME.search(text) else values.get("month"))
        day = day or values.get("day")
    else:
        year, month, day = (values.get(name, "") for name in ("year", "month", "day"))
        month = month or (text if MONTH_NAME.search(text) else "")
    year = re.search(r"(?<!\d)[12]\d{3}(?!\d)", year or "") or re.search(r"\d{4}", year or text)
    if not year:
        return {}
    number, of_month = read_month(latex.decode(month or ""))
    if not number:
        return {"year": int(year[0])}
    day = int(day) if re.fullmatch(r"\d{1,2}", day or "") else of_month
    return {"year": int(year[0]), "month": number, "day": day if 0 < day < 32 else None}


def read_month(text):
    """(month, day), 0 where not known, of "jan", "January", "1", "5~Jan" or "Jan.–Feb.": of a range, its first."""
    name = MONTH_NAME.search(text.lower())
    if not name:
        number = re.search(r"\d{1,2}", text)
        return (int(number[0]) if number and int(number[0]) < 13 else 0), 0
    number = next(place for place, names in enumerate(MONTH_NAMES, 1) if name[0] in names)
    days = re.findall(r"(?<!\d)\d{1,2}(?!\d)", text)
    return number, int(days[0]) if len(days) == 1 else 0


def read_identifiers(values):
    """DOI, arXiv identifier and class, and address; what is none of these is left out."""
    data = {"url": verbatim(values.get("url", ""))}
    if not data["url"] and (address := ADDRESS.search(verbatim(values.get("howpublished", "")))):
        data["url"] = address[0].rstrip(".,;)")
    journal = ARXIV_JOURNAL.match(" ".join((values.get("journal", ""), values.get("volume", ""))))
    archive = values.get("archiveprefix", "arxiv").lower()
    eprint = values.get("eprint", "") if archive in ("arxiv", "") else ""
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
