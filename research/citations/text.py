"""
A formatted citation, as a reader pastes it into a paper or an e-mail, in the usual styles.

The styles are the Citation Style Language's own (see styles/LICENSE.md), rendered by citeproc-py. Where citeproc-py
0.11 departs from CSL 1.0.2 as citeproc-js renders it, the style or the result is corrected here; each correction says
what it is for, so that it can go when the library no longer needs it.
"""

import logging
import re
from functools import lru_cache
from io import BytesIO
from itertools import groupby
from pathlib import Path
from types import SimpleNamespace

from citeproc import VARIABLES as KNOWN
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, model
from citeproc.source.json import CiteProcJSON
from lxml import etree

from ..identifiers import arxiv_url, doi_url
from . import item as work
from .csl import to_csl
from .item import Item
from .richtext import plain

logger = logging.getLogger(__name__)

NAME = "Formatted citation"
MEDIA_TYPE = "text/x-bibliography; charset=utf-8"
EXTENSION = "txt"
OTHER_TYPES = ("text/bibliography",)  # what DOI resolvers called it first

STYLES = {
    "apa": "APA",
    "ieee": "IEEE",
    "chicago": "Chicago",
    "mla": "MLA",
    "vancouver": "Vancouver",
    "harvard": "Harvard",
}
FILES = {
    "apa": "apa",
    "ieee": "ieee",
    "chicago": "chicago-author-date",
    "mla": "modern-language-association",
    "vancouver": "nlm-citation-sequence",
    "harvard": "harvard-cite-them-right",
}
BRITISH = {"harvard"}  # its guide is British: single quotation marks, and stops behind them
FOLDER = Path(__file__).parent / "styles"
CSL = {"cs": "http://purl.org/net/xbiblio/csl"}

Runs = tuple[tuple[str, bool], ...]

VARIABLES = frozenset(KNOWN) - {"abstract", "keyword", "language", "note"}  # of the record's CSL-JSON
# Italics as citeproc-py sees them: two private characters, which no text of an item keeps.
BEGIN, END = "\ue000", "\ue001"
SPECIAL = re.compile(r"\$[^$]+\$|(?<!\*)\*(?!\*)[^*]+\*(?!\*)")  # maths or emphasis in a title
PRIVATE = str.maketrans("", "", BEGIN + END)
KEPT = re.compile(r'(<span class="nocase">(?:(?!</?span\b).)*+</span>)')
HEADLINE = {"chicago", "mla"}  # they write titles in headline style
GREEK = re.compile(r"(?<!\S)[α-ω]\S*")  # "λ₁" is not "Λ₁"
COMPOUND = re.compile(r"(?<!\S)\S*[-/“‘(\[]\S*")
CHINESE_JAPANESE_KOREAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
SMALL_WORDS = frozenset(
    re.findall(r"\w+", "a an and as at but by for from in into nor of on onto or over per so the to up via vs with yet")
)


def render(item: Item, style: str = "apa") -> str:
    """The citation as plain text, one line without a line break. Raises KeyError for a style not in STYLES."""
    return "".join(text for text, _ in runs(item, style))


@lru_cache(2048)
def runs(item: Item, style: str = "apa") -> Runs:
    """The citation as pieces of (text, whether it is italic). Raises KeyError for a style not in STYLES."""
    source, ranges = prepared_style(style)
    try:
        text = cite(item, style, source, ranges)
    except Exception:  # one unlucky record in the processor must not take the page with it
        logger.warning("%s is cited without its style (%s)", item.key, style, exc_info=True)
        text = plain_citation(item)
    return split_italics(text + (f" [{item.notice}]" if item.notice else ""))


def cite(item: Item, style: str, source: bytes, ranges: str) -> str:
    """The citation with marks for italics. The style is parsed each time (1 to 7 ms): citeproc-py keeps state in it."""
    data = csl_data(item, style, ranges)
    csl = CitationStylesStyle(BytesIO(source), validate=False, locale="en-GB" if style in BRITISH else "en-US")
    csl.root.macros = {macro.get("name"): macro for macro in csl.root.iterchildren("{*}macro")}
    csl.root.calls = {}
    event = data.pop("event-title", "")
    records = CiteProcJSON([data])
    if event:  # it prints this variable of CSL 1.0.2, but its reader does not know it
        records[data["id"]].event_title = records.parse_string(event)
    bibliography = CitationStylesBibliography(csl, records, FORMATTER)
    bibliography.register(Citation([CitationItem(data["id"])]))
    text = str(bibliography.bibliography()[0])
    return correct(text if style in BRITISH else american_quotes(text))


def csl_data(item: Item, style: str, ranges: str) -> dict:
    """The CSL-JSON object that the styles are given: the record's, with what helps citeproc-py."""
    csl = to_csl(item)
    data = {key: clean(value) for key, value in csl.items() if key.replace("-", "_") in VARIABLES}
    data |= {"id": "work", "type": csl["type"], "language": "en", "title": title(item, style in HEADLINE)}
    address = item.url or (arxiv_url(item.arxiv_id) if item.arxiv_id else "") or item.record_url
    if address:
        data["URL"] = address
    if item.doi:
        data["DOI"] = item.doi
    if item.pages:
        data["page"] = page_range(item.first_page, item.last_page, ranges)
    if item.type != work.ARTICLE:  # "in ICLR 2024" is no title of proceedings
        data.pop("container-title-short", None)
    if item.event:
        data["event"] = data["event-title"] = item.event
    if item.type == work.THESIS:
        data.pop("editor", None)
    if re.match(r"v\d", item.version):  # the styles write "Version" before it
        data["version"] = item.version[1:]
    for role in {"author", "editor"} & data.keys():
        data[role] = [csl_name(name, style) for name in data[role]]
    return data


def csl_name(name: dict, style: str) -> dict:
    name = {key: clean(value) for key, value in name.items()}
    if style == "vancouver" and "suffix" in name:  # "King ML Jr": it writes no full stops in names
        name["suffix"] = name["suffix"].replace(".", "")
    given = name.get("given", "")
    if given and given.lower() == given.upper():  # a script without capitals has no initials
        family = name["family"]
        return {"literal": family + given if CHINESE_JAPANESE_KOREAN.search(family) else f"{given} {family}"}
    if given.islower() and style not in HEADLINE:  # citeproc-py makes ". bell ." of "bell"
        name["given"] = given.title()
    return name


def clean(value: object) -> object:
    return value.translate(PRIVATE) if isinstance(value, str) else value


def title(item: Item, headline: bool) -> str:
    """The title in which maths and emphasised words are kept as they are written, and the latter italic."""
    text = plain(item.title.translate(PRIVATE)) or item.key
    for source in SPECIAL.findall(item.title.translate(PRIVATE)):
        words = plain(source)
        found = words and words != source and re.search(rf"(?<!\S)\S*?({re.escape(words)})\S*", text)
        if found:
            kept = f"{BEGIN}{words}{END}" if source.startswith("*") else words
            before, after = text[found.start() : found.start(1)], text[found.end(1) : found.end()]
            # whole words only: citeproc-py writes a blank on both sides
            kept = f'<span class="nocase">{before}{kept}{after}</span>'
            text = text[: found.start()] + kept + text[found.end() :]
    pieces = KEPT.split(re.sub(r"(?<=\w)'(?=\w)", "’", text))
    pieces[::2] = [GREEK.sub(r'<span class="nocase">\g<0></span>', piece) for piece in pieces[::2]]
    pieces = KEPT.split("".join(pieces))
    if headline:  # citeproc-py looks at the first letter of a word only
        pieces[::2] = [COMPOUND.sub(capitalise, piece) for piece in pieces[::2]]
    return "".join(pieces)


def capitalise(match: re.Match) -> str:
    """ "Self-Supervised" and "State-of-the-Art" of a word with hyphens, slashes, or an opening mark before it."""
    parts = re.split(r"([-/“‘(\[])", match[0])
    for place, part in enumerate(parts):
        if part.islower() and (part not in SMALL_WORDS or not any(parts[:place:2])):
            parts[place] = part[0].upper() + part[1:]
    return "".join(parts)


def page_range(first: str, last: str, style: str) -> str:
    """
    "101–17" of 101 and 117 as a style's page-range-format wants it (CSL 1.0.2, appendix V).

    citeproc-py makes "1–2" of "1–12".
    """
    if not last:
        return first
    digits = first.isdecimal() and last.isdecimal() and len(first) == len(last)
    if digits and style.startswith("chicago"):
        number = int(first)
        small = number < 100 or number % 100 == 0
        style = "expanded" if small else "minimal" if number % 100 < 10 else "minimal-two"
    if digits and style in ("minimal", "minimal-two"):
        least = 1 if style == "minimal" else 2
        while len(last) > least and first[-len(last)] == last[0]:
            last = last[1:]
    return f"{first}-{last}"


@lru_cache(len(FILES))
def prepared_style(style: str) -> tuple[bytes, str]:
    """The style as citeproc-py reads it right, and its page-range-format."""
    root = etree.parse(FOLDER / f"{FILES[style]}.csl", etree.XMLParser(remove_comments=True, no_network=True)).getroot()
    # One citation has no number in a list.
    for number in root.xpath("cs:bibliography//cs:text[@variable='citation-number']", namespaces=CSL):
        number.getparent().remove(number)
    # It knows no initialize="false", which is the rule in Chicago and MLA and an exception in APA.
    if root.xpath("count(//cs:name[@initialize='false']) > count(//cs:name) div 2", namespaces=CSL):
        root.attrib.pop("initialize-with", None)
    # It capitalises labels ("Eds.") in one of the two ways only.
    for label in root.xpath("//cs:label[@text-case='title']", namespaces=CSL):
        label.set("text-case", "capitalize-first")
    # It looks for the delimiter of a style's own date in the wrong place.
    for own in root.xpath("cs:locale/cs:date[@delimiter]", namespaces=CSL):
        for date in root.xpath(f"cs:macro//cs:date[@form='{own.get('form')}']", namespaces=CSL):
            date.set("delimiter", own.get("delimiter"))
    ranges = root.attrib.pop("page-range-format", "expanded")
    return etree.tostring(root), ranges


def american_quotes(text: str) -> str:
    """Stops inside quotation marks, single marks inside double ones: the locale en-US asks for both, in vain."""
    depth, letters = 0, []
    for letter in text:
        if letter == "”":
            letters.append("’" if depth > 1 else letter)
            depth -= 1
        else:
            letters.append("‘" if letter == "“" and depth else letter)
            depth += letter == "“"
        if depth < 0:
            break
    text = text if depth else "".join(letters)  # a title such as “5” disks” is left as it is
    return re.sub(rf"([?!.,]?)({END}?)(’?”{END}?)([.,])(?!\d)", join_stops, text)


def join_stops(match: re.Match) -> str:
    before, italics, quote, stop = match.groups()
    if before in ("", ","):
        return f"{before}{italics}{stop if before != stop else ''}{quote}"
    return f"{before}{italics}{'' if stop == '.' or before == '.' else stop}{quote}"


def correct(text: str) -> str:
    """What a style or citeproc-py leaves crooked between two parts."""
    text = re.sub(r"ArXiv(?=[:,.])", "arXiv", text)  # never with a capital
    text = re.sub(rf"{BEGIN}?arXiv{END}?: arXiv:", "arXiv:", text)  # IEEE
    text = text.replace(" (Publication)", "")  # APA, a thesis without a number
    text = text.replace(". Edition. ", ". ")  # Chicago, where nothing is known but the title
    text = text.replace(". ,", ".")  # IEEE, before the publisher of a chapter in a series
    text = re.sub(rf"([?!])({END}?)\.(?= |$)", r"\1\2", text)
    return " ".join(text.split())


def split_italics(text: str) -> Runs:
    """The pieces of a text with marks; emphasis within italics is upright, as in print."""
    level, letters = 0, []
    for letter in text:
        if letter in (BEGIN, END):
            level += 1 if letter == BEGIN else -1
        else:
            letters.append((letter, level % 2 == 1))
    groups = groupby(letters, key=lambda pair: pair[1])
    return tuple(("".join(letter for letter, _ in group), italic) for italic, group in groups)


def plain_citation(item: Item) -> str:
    """Authors, year, title, venue and address without any style."""
    authors = ", ".join(author.name.full for author in item.authors)
    address = doi_url(item.doi) if item.doi else item.url or item.record_url
    parts = (authors, str(item.year or ""), plain(item.title), item.container or item.event, address)
    return ". ".join(part.translate(PRIVATE) for part in parts if part)


def marked(text: object) -> str:
    return f"{BEGIN}{text}{END}"


class Substitute(model.Substitute, model.CitationStylesElement):
    """
    In place of citeproc-py's, which prints what stands for missing authors, a title or the editors, a second time.

    Its reader of styles takes the last direct subclass of CitationStylesElement with the name of an element.
    """

    def render(self, item, context=None, **kwargs):
        text = super().render(item, context=context, **kwargs)
        if text and "author" not in item.reference:
            known = [part for part in ("title", "container_title") if part in item.reference]
            printed = [part for part in known if letters(item.reference[part]) in letters(text)]
            item.reference.pop(printed[0] if printed else "editor", None)
        return text


class Text(model.Text, model.CitationStylesElement):
    """
    In place of citeproc-py's, which looks for a macro in the whole style, and through all of it, wherever it is used:
    three quarters of its time. `cite` has put into the root of the style what is looked up here.
    """

    def get_macro(self, name):
        return self.get_root().macros[name]

    def calls_variable(self):
        if not (name := self.get("macro")):
            return super().calls_variable()
        calls = self.get_root().calls
        if name not in calls:
            calls[name] = super().calls_variable()
        return calls[name]


def letters(text: object) -> str:
    return "".join(filter(str.isalnum, str(text).casefold()))


# What citeproc-py wants of an output format; of the typefaces only italics are kept.
FORMATTER = SimpleNamespace(
    preformat=str,
    Italic=marked,
    Oblique=marked,
    **dict.fromkeys(("Bold", "Light", "Underline", "Superscript", "Subscript", "SmallCaps"), str),
)
