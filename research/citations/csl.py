"""
CSL-JSON: the objects of citeproc, pandoc, Zotero, Crossref and DataCite. Pure: no Django.

Written by the schema of CSL 1.0.2 and the rules of SCHOLARLY.md, 6.4; what the schema has no place for is in `custom`,
which it keeps for that. Read as Crossref and doi.org write it, too.

Not held (`LOST_FIELDS`): addresses and ORCID iDs of people (the schema's names have no place for them; Crossref's are
read), labels and types of attachments. Maths in title and abstract becomes Unicode, `*…*` in the title is `<i>`; the
abstract has no marks. An article's `number` is in `page` as well, since most styles print that. Keywords are one
text with commas, or with semicolons where one has a comma: none may have a semicolon.
"""

import json
import re
import unicodedata
from contextlib import suppress
from datetime import date
from html import unescape

from .. import identifiers, tex
from ..names import Name
from . import item as types
from . import limits, richtext
from .item import Contributor, Item

NAME = "CSL-JSON"
MEDIA_TYPE = "application/vnd.citationstyles.csl+json"
EXTENSION = "json"
OTHER_TYPES = ("application/citeproc+json",)  # what DOI resolvers called it first

# `article` is a preprint in CSL 1.0.2. What shares a type is told apart by `genre`.
TYPE_OF = {
    types.CONFERENCE_PAPER: "paper-conference", types.WORKSHOP_PAPER: "paper-conference",
    types.ARTICLE: "article-journal", types.PREPRINT: "article", types.BOOK: "book", types.CHAPTER: "chapter",
    types.THESIS: "thesis", types.REPORT: "report", types.DATASET: "dataset", types.SOFTWARE: "software",
    types.POSTER: "speech", types.TALK: "speech", types.OTHER: "document",
}  # fmt: skip
GENRES = {types.WORKSHOP_PAPER: "Workshop paper", types.POSTER: "Poster"}
READ_AS = {kind: name for name, kind in TYPE_OF.items() if name not in GENRES} | {
    "journal-article": types.ARTICLE, "article-magazine": types.ARTICLE, "article-newspaper": types.ARTICLE,
    "review": types.ARTICLE, "proceedings-article": types.CONFERENCE_PAPER, "posted-content": types.PREPRINT,
    "preprint": types.PREPRINT, "monograph": types.BOOK, "edited-book": types.BOOK, "book-chapter": types.CHAPTER,
    "book-section": types.CHAPTER, "dissertation": types.THESIS, "report-component": types.REPORT,
    "computer-program": types.SOFTWARE,
}  # fmt: skip
TEXTS = {
    "container_short": "container-title-short", "event": "event-title", "series": "collection-title",
    "volume": "volume", "issue": "issue", "number": "number", "version": "version", "publisher": "publisher",
    "place": "publisher-place", "genre": "genre", "isbn": "ISBN", "issn": "ISSN", "doi": "DOI", "url": "URL",
    "language": "language",
}  # fmt: skip
CUSTOM = ("arxiv_id", "arxiv_class", "record_url", "pdf_url", "license", "notice")  # as they are
FROM_CROSSREF = {
    "container_short": ("short-container-title", "journalAbbreviation"), "number": ("article-number",),
    "event": ("event",), "place": ("event-place",), "version": ("edition",),
}  # fmt: skip
PUBLISHED_BY_CONTAINER = {types.THESIS, types.REPORT, types.PREPRINT}
AT_AN_EVENT = {types.CONFERENCE_PAPER, types.WORKSHOP_PAPER, types.POSTER, types.TALK}
NUMBERED = {types.ARTICLE, types.CONFERENCE_PAPER, types.WORKSHOP_PAPER, types.CHAPTER}  # in place of pages
LOST_FIELDS = {kind: {"attachments"} for kind in types.TYPES}
TAGS = {"<i>": "*", "</i>": "*", "<b>": "**", "</b>": "**"}
TAG = re.compile(r"</?(?:i|b|sub|sup|span|scp|em|strong)(?: [^<>]{0,200})?>")
JATS = re.compile(r"</?jats:|<p>")
WORD = re.compile(r"[^\W\d_]\S*")


def render(item):
    """The object of an Item as indented JSON, with a line break at its end."""
    return json.dumps(to_csl(item), ensure_ascii=False, indent=2) + "\n"


def render_all(items):
    """The objects of all items as one JSON array."""
    return json.dumps([to_csl(item) for item in items], ensure_ascii=False, indent=2) + "\n"


def to_csl(item):
    """The CSL-JSON object of an Item, as a dict of texts, lists and dicts; what is not known is left out."""
    data = {"id": item.key, "type": TYPE_OF[item.type], "title": render_title(item.title)}
    data["author"] = [render_name(author.name) for author in item.authors]
    data["editor"] = [render_name(editor.name) for editor in item.editors]
    data["issued"] = date_parts(item.year, item.month, item.day)
    day = item.online_date
    data["available-date"] = date_parts(day.year, day.month, day.day) if day else None
    data["container-title"] = item.container
    data |= {name: getattr(item, field) for field, name in TEXTS.items()}
    data["page"] = item.pages.replace("–", "-")
    data["keyword"] = join_keywords(item.keywords)
    data["note"] = " ".join(filter(None, (item.notice, item.note)))
    data["abstract"] = richtext.plain(item.abstract)
    data["URL"] = item.url or item.record_url
    custom = {field: getattr(item, field) for field in CUSTOM} | by_type(item, data)
    data["custom"] = {name: value for name, value in custom.items() if value}
    return {name: value for name, value in data.items() if value}


def by_type(item, data):
    """Changes what a type has elsewhere, and returns for `custom` what had to give way."""
    custom = {}
    if item.type in PUBLISHED_BY_CONTAINER:
        custom["publisher"] = item.publisher
        custom["container"] = item.container if item.container in (item.publisher, "arXiv") else ""
        data |= {"publisher": item.container or item.publisher, "container-title": ""}
    if item.type == types.PREPRINT and item.arxiv_id:
        custom["number"] = item.number
        data |= {"publisher": item.container or "arXiv", "number": f"arXiv:{item.arxiv_id}"}
    if item.type in GENRES:
        custom["genre"] = item.genre
        data["genre"] = GENRES[item.type]
    if item.type in (types.BOOK, types.CHAPTER):
        data |= {"edition": item.version, "version": ""}
    if item.type in AT_AN_EVENT:
        data |= {"event-place": item.place, "publisher-place": ""}
    if item.type in NUMBERED and not item.pages:
        data["page"] = item.number
    return custom


def date_parts(year, month, day):
    parts = [part for part in (year, year and month, month and day) if part]
    return {"date-parts": [parts]} if parts else None


def render_name(name):
    if not name.given_name:
        return {"literal": name.full}
    parts = {"family": name.family_name, "given": name.given_name}
    parts |= {"non-dropping-particle": name.particle} if name.particle else {}
    return parts | ({"suffix": name.suffix} if name.suffix else {})


def render_title(text):
    """The title with `<i>`, `<b>` and, around words that pandoc would give a capital ("λ₁"), `nocase`."""
    parts, words = [], ""
    for kind, content in [*richtext.pieces(text), (richtext.CLOSE, "")]:
        if kind == richtext.TEXT:
            words += tex.dashes(content)
        elif kind == richtext.MATH:
            words += tex.to_text(richtext.formula(content))
        else:
            tag = {"*": "i", "**": "b"}.get(content)
            parts += [WORD.sub(keep_case, words), tag and f"<{'/' * (kind == richtext.CLOSE)}{tag}>"]
            words = ""
    return richtext.one_line("".join(filter(None, parts)))


def keep_case(match):
    """pandoc makes "Λ₁" of "λ₁" and "H₂o" of "H₂O" where a style sets titles with capitals."""
    word = match[0]
    keeps = (word[0].islower() and not richtext.latin(word[0])) or any(map(is_script, word))
    return f'<span class="nocase">{word}</span>' if keeps else word


def is_script(character):
    """Whether it is a digit set high or low; str.isnumeric() would also say yes to 京, from Unicode 15.1 on."""
    return unicodedata.category(character) == "No"


def join_keywords(keywords):
    """With commas, as pandoc writes them, or with semicolons where a keyword has a comma."""
    if any("," in keyword for keyword in keywords):
        return "; ".join(keywords) + (";" if len(keywords) == 1 else "")
    return ", ".join(keywords)


def split_keywords(text):
    """The keywords in a list with semicolons, or with commas where it has none."""
    words = (word.strip() for word in text.split(";" if ";" in text else ","))
    return tuple(word for word in words if word)


def parse(text):
    """
    The list of Items in an object or an array of CSL-JSON.

    Raises ValueError with a sentence where the text is too long, no JSON, or holds anything but such objects.
    """
    limits.check_length(len(text))
    check_depth(text)
    try:
        data = json.loads(text.removeprefix("\ufeff"))
    except ValueError as error:
        place = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise ValueError(f"This text is not JSON{place}, so that it holds no CSL-JSON either.") from error
    records = data if isinstance(data, list) else [data]
    limits.check_count(len(records))
    if not all(isinstance(record, dict) and isinstance(record.get("type"), str) for record in records):
        raise ValueError("This JSON is not CSL-JSON: that is an object with a “type”, or a list of such objects.")
    return [read_item(record) for record in records]


def check_depth(text):
    """Raises ValueError with a sentence where brackets nest beyond reason: Python reads nested JSON by recursion."""
    depth = 0
    for match in re.finditer(r'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', text, re.DOTALL):
        depth += (match[0] in "[{") - (match[0] in "]}")
        if depth > limits.MAX_DEPTH:
            raise ValueError(f"Brackets are nested more than {limits.MAX_DEPTH} deep, which no citation needs.")


def read_item(record):
    """The Item of one object."""
    custom = record.get("custom") if isinstance(record.get("custom"), dict) else {}
    kind = read_type(record)
    data = {field: words(record.get(name)) for field, name in TEXTS.items()}
    data["container"] = words(record.get("container-title"))
    for field, names in FROM_CROSSREF.items():
        data[field] = data[field] or next(filter(None, (words(record.get(name)) for name in names)), "")
    data["pages"] = words(record.get("page")).replace("-", "–", 1)
    data |= {field: words(custom.get(field)) for field in CUSTOM}
    note = words(record.get("note"))
    restore(kind, custom, data)
    return Item(
        key=re.sub(r"[^A-Za-z0-9:._/+-]", "", words(record.get("id"))),
        type=kind,
        title=read_title(record),
        authors=read_names(record.get("author")),
        editors=read_names(record.get("editor")),
        keywords=split_keywords(words(record.get("keyword"))),
        abstract=read_abstract(words(record.get("abstract"))),
        note=note.removeprefix(data["notice"]).strip(" ") if data["notice"] else note,
        **read_dates(record),
        **data,
    )


def restore(kind, custom, data):
    """The inverse of `by_type`; identifiers are checked, and left out where they are none."""
    arxiv = re.fullmatch(r"arXiv:(\S+)", data["number"], re.IGNORECASE)
    if kind == types.PREPRINT and arxiv:
        data |= {"arxiv_id": arxiv[1], "number": words(custom.get("number"))}
    if kind in PUBLISHED_BY_CONTAINER:
        publisher = words(custom.get("publisher"))
        from_arxiv = kind == types.PREPRINT and data["publisher"].lower() == "arxiv"
        container = "" if from_arxiv or data["publisher"] == publisher else data["publisher"]
        container = words(custom.get("container")) or container or data["container"]
        data |= {"container": container, "publisher": publisher}
    if kind in GENRES:
        data["genre"] = words(custom.get("genre"))
    if kind in NUMBERED and data["pages"].replace("–", "-") == data["number"].replace("–", "-"):
        data["pages"] = ""
    if data["url"] == data["record_url"]:
        data["url"] = ""
    for field, check in (("doi", identifiers.doi), ("arxiv_id", identifiers.arxiv)):
        try:
            data[field] = check(data[field])
        except ValueError:
            data[field] = ""


def read_type(record):
    kind = READ_AS.get(record["type"].lower(), types.OTHER)
    genre = words(record.get("genre")).lower()
    if record["type"] == "article" and "container-title" in record and "custom" not in record:
        return types.ARTICLE  # CSL before 1.0.2 knew no preprints
    if kind == types.CONFERENCE_PAPER and genre == "workshop paper":
        return types.WORKSHOP_PAPER
    return types.POSTER if kind == types.TALK and "poster" in genre else kind


def words(value):
    """A text of a value that may be a text, a number, a list of texts (Crossref) or an object with a name."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("name", "")
    return richtext.one_line(str(value)) if isinstance(value, str | int | float) else ""


def read_title(record):
    title, subtitle = words(record.get("title")), words(record.get("subtitle"))
    if subtitle and subtitle not in title:
        title = f"{title}: {subtitle}"
    return richtext.one_line(TAG.sub(lambda match: TAGS.get(match[0], ""), title))


def read_abstract(text):
    """Without the JATS that publishers send to Crossref."""
    if not JATS.search(text):
        return text
    text = re.sub(r"<jats:title>[^<]*+</jats:title>", "", text)
    return richtext.one_line(unescape(re.sub(r"<[^<>]*+>", " ", text)))


def read_names(value):
    people = (person for person in (value if isinstance(value, list) else ()) if isinstance(person, dict))
    return tuple(contributor for contributor in map(read_name, people) if contributor.name.family_name)


def read_name(person):
    given, family = words(person.get("given")), words(person.get("family"))
    particle = " ".join(filter(None, (words(person.get(f"{kind}-particle")) for kind in ("dropping", "non-dropping"))))
    group = words(person.get("literal")) or words(person.get("name"))
    try:
        orcid = identifiers.orcid(words(person.get("ORCID")))
    except ValueError:
        orcid = ""
    if group or not (given and family):
        return Contributor(Name("", "", group or " ".join(filter(None, (particle, family or given))), ""), orcid)
    return Contributor(Name(given, particle, family, words(person.get("suffix"))), orcid)


def read_dates(record):
    names = ("issued", "published", "published-print", "published-online", "created")
    year, month, day = next(filter(any, (read_date(record.get(name)) for name in names)), (None, None, None))
    data = {"year": year, "month": month, "day": day}
    with suppress(TypeError, ValueError):  # a day that is not known, or that its month does not have
        data["online_date"] = date(*read_date(record.get("available-date") or record.get("published-online")))
    return data


def read_date(value):
    """(year, month, day), what is not known being None, of CSL's date-parts or of its `raw` ISO date."""
    value = value if isinstance(value, dict) else {}
    parts = value.get("date-parts")
    parts = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
    if not parts:
        parts = re.findall(r"\d+", words(value.get("raw")) or words(value.get("literal")))
    year, month, day = ([int(part) if re.fullmatch(r"\d{1,4}", str(part)) else 0 for part in parts[:3]] + [0, 0, 0])[:3]
    month = month if 0 < month < 13 else None
    return (year, month, day if month and 0 < day < 32 else None) if 0 < year < 10_000 else (None, None, None)
