"""
A formatted citation, as a reader pastes it into a paper or an e-mail, in the usual styles.

The styles are the Citation Style Language's own (see styles/LICENSE.md), rendered by citeproc-py. Where citeproc-py
0.11 departs from CSL 1.0.2 as citeproc-js renders it, the style or the result is corrected here; each correction says
what it is for, so that it can go when the library no longer needs it.
"""

import logging
import re
from functools import lru_cache
from itertools import groupby

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

Runs = tuple[tuple[str, bool], ...]

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


@lru_cache(1024)
def runs(item: Item, style: str = "apa") -> Runs:
    """The citation as pieces of (text, whether it is italic). Raises KeyError for a style not in STYLES."""
    from . import processor  # 8 MB of memory, which the first citation takes

    source, ranges = processor.prepared_style(FILES[style])
    try:
        data = csl_data(item, style, ranges, processor.VARIABLES)
        text = processor.printed(data, source, "en-GB" if style in BRITISH else "en-US", marked)
        text = correct(text if style in BRITISH else american_quotes(text))
    except Exception:  # one unlucky record in the processor must not take the page with it
        logger.warning("%s is cited without its style (%s)", item.key, style, exc_info=True)
        text = plain_citation(item)
    return split_italics(text + (f" [{item.notice}]" if item.notice else ""))


def csl_data(item: Item, style: str, ranges: str, variables: frozenset) -> dict:
    """The CSL-JSON object that the styles are given: the record's `variables`, with what helps citeproc-py."""
    csl = to_csl(item)
    data = {key: clean(value) for key, value in csl.items() if key.replace("-", "_") in variables}
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
