r"""
Texts of any source as an Item has them: Unicode (NFC) without mojibake, `*…*`, `**…**` and `$…$` that the page renders.

ftfy undoes encodings that were read wrongly, and nothing that could have been meant. Formulas that touch a digit, begin
with a blank, or are a raised or lowered part alone would not be read as maths by the page: `10$^{-3}$` becomes 10⁻³ and
`5$\sigma$` becomes `$5\sigma$`.
"""

import re
import unicodedata
from dataclasses import replace

from .. import identifiers, tex
from ..citations import item as types
from ..citations import jats, richtext

REPAIRS = {"unescape_html": False, "uncurl_quotes": False, "fix_character_width": False}
MARKUP = re.compile(r"[<&]")
# The first byte of a character in UTF-8 and its second, both read as Latin-1 or Windows-1252.
MOJIBAKE = re.compile("[\x80-\x9f\ufffd]|[\xc2-\xf4][\x80-\xbf\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]")
LIGATURE = re.compile("[\ufb00-\ufb06]")
SPACES = re.compile("[\xa0\u2000-\u200a\u202f\u205f\u3000\u2028\u2029]+")
NOTHING = re.compile("[\xad\u200b\u200c\u2060\ufeff]")
FORMULA = re.compile(r"([A-Za-z]{1,30}|(?:(?<!\d)\d+)?)(?<!\\)(\${1,2})([^$]{1,2000}?)(?<!\\)\2(\d*)")
PARTED = re.compile(r"(?<=[^\s$])\$\$(?=[_^])")  # "$T$$_1$" is one formula
BARE = re.compile(r"(?<=[\w)])[_^]\{[^{}]{1,20}\}")  # TeX without its dollars: "Al_{x}Ga"
SCRIPT = re.compile(r"(?:\{\})?([_^])\s*(?:\{([^{}]*)\}|(\w))")
WRAPPED = re.compile(r"\\(?:rm|mathrm|text|textrm|mbox|it)\s*\{([^{}]*)\}|\\(?:rm|it)\s+")
LONE_COMMAND = re.compile(r"\\(?:sim|approx|simeq)\s*")
NOTICE = re.compile(r"(?:\[?(retracted|withdrawn|retraction)(?: article| paper| chapter)?\]?\s*[:.]\s*)", re.IGNORECASE)
LANGUAGES = {
    "english": "en", "american": "en-US", "usenglish": "en-US", "british": "en-GB", "ukenglish": "en-GB",
    "german": "de", "ngerman": "de", "deutsch": "de", "french": "fr", "francais": "fr", "français": "fr",
    "spanish": "es", "italian": "it", "portuguese": "pt", "brazilian": "pt-BR", "dutch": "nl", "russian": "ru",
    "chinese": "zh", "japanese": "ja", "polish": "pl", "czech": "cs", "swedish": "sv", "danish": "da",
    "eng": "en", "ger": "de", "deu": "de", "fre": "fr", "fra": "fr", "spa": "es", "ita": "it", "por": "pt",
    "dut": "nl", "nld": "nl", "rus": "ru", "chi": "zh", "zho": "zh", "jpn": "ja", "pol": "pl", "swe": "sv",
}  # fmt: skip
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
FULL_STOP = re.compile(r"(?<![^\s.])(?:[^\w\s.]|_)*+[^\W_][^\s.]++\.\Z")
ABBREVIATION = re.compile(r"\b(?:inc|ltd|co|corp|vs|al|etc|jr|sr|no|st|dr|sp|spp|var|[a-z]\.[a-z])\.\Z", re.IGNORECASE)
ITS_NAME = re.compile(r"\A(?:\*\*)?(?:Abstract|ABSTRACT)(?:\*\*)?(?:\s*[:.—–]\s*|\s+(?=[A-Z]))")
PREPRINT_SERVERS = re.compile(
    r"(?:arxiv\b.{0,60}|corr|biorxiv|medrxiv|chemrxiv|psyarxiv|socarxiv|eartharxiv|edarxiv|techrxiv|engrxiv|authorea"
    r"|ssrn(?: electronic journal)?|research square|osf preprints|preprints\.org|openreview)"
    r"(?:\s*[.(\[:].*|\s+(?:e-?prints?|preprints?).*)?",
    re.IGNORECASE,
)
# Identifiers where they have no field of their own.
ARXIV = re.compile(
    r"(?:arxiv\s*+(?:preprint\s*+)?(?:[:/]\s*+)?|arxiv\.org/(?:abs|pdf|html)/|10\.48550/arxiv\.)"
    r"(\d{4}\.\d{4,5}|[a-z-]{2,20}(?:\.[a-z]{2})?/\d{7})(?:v\d+)?(?:\s*\[([a-z-]+(?:\.[a-z-]+)?)\])?",
    re.IGNORECASE,
)
DOI_ADDRESS = re.compile(r"https?://(?:dx\.)?doi\.org/(10\.\S+)", re.IGNORECASE)
OWN_ADDRESS = re.compile(
    r"https?://(?:dx\.doi\.org|doi\.org|(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html))/", re.IGNORECASE
)
# Zotero's "Extra", which its BibTeX and CSL-JSON hand on as a note: numbers for machines, not words for readers.
PUBMED_NUMBERS = re.compile(r"\b(?:PMID: ?\d+|PMCID: ?PMC\d+)\b[\s;,.]*")
# EndNote's note: an ISSN, authors, "Journal Article", the journal once more.
ENDNOTE_SUMMARY = re.compile(r"\d{4}-\d{3}[\dXx]\s.{0,400}?\bJournal Article\b.*", re.DOTALL)
PLAIN = ("container_short", "event", "series", "volume", "issue", "number", "version", "pages", "publisher", "place",
         "genre", "note", "notice")  # fmt: skip


def characters(text):
    """The text in Unicode's composed form, without mojibake, invisible characters and blanks of other widths."""
    text = text.encode("utf-8", "replace").decode()
    if not text.isascii():
        text = repaired(text) if MOJIBAKE.search(text) else text
        text = NOTHING.sub("", unicodedata.normalize("NFC", LIGATURE.sub(letters, text)))
    return SPACES.sub(" ", text)


def repaired(text):
    """The text without what was read in a wrong encoding."""
    import ftfy  # 4 MB of memory, which most sites never need

    return ftfy.fix_text(text, ftfy.TextFixerConfig(**REPAIRS))


def letters(ligature):
    return unicodedata.normalize("NFKC", ligature[0])


def title(text):
    """A title on one line, without the full stop that PubMed and DBLP put behind it."""
    text = characters(text)
    text = richtext.one_line(maths(jats.title(text) if MARKUP.search(text) else text))
    return text[:-1] if FULL_STOP.search(text) and not ABBREVIATION.search(text) else text


def abstract(text):
    """An abstract, its paragraphs kept; the word "Abstract" before it goes."""
    text = characters(text)
    text = jats.abstract(text) if MARKUP.search(text) else text
    paragraphs = (richtext.one_line(maths(paragraph)) for paragraph in re.split(r"\n\s*\n", text))
    text = "\n\n".join(filter(None, paragraphs))
    return ITS_NAME.sub("", text)


def plain(text):
    """A name of a journal, place or publisher, which has no marks."""
    return jats.plain(characters(text))


def maths(text):
    """The text with every formula as the page reads it."""
    if "$" in text:
        return FORMULA.sub(formula, PARTED.sub("", text))
    return BARE.sub(lambda found: raised_or_lowered(found[0]) or found[0], text) if "{" in text else text


def formula(found):
    before, dollars, inner, behind = found.groups()
    spaced = inner != inner.strip()
    if spaced and not re.search(r"[\\^_={]", inner):
        return found[0]  # "costs $5 and $10"
    source = inner.strip()
    shifted = raised_or_lowered(source)
    if shifted is not None:
        return f"{before}{shifted}{behind}"
    if before.isalpha() and source[0] in "^_":
        return based(before, source, behind)
    if before.isdigit() and LONE_COMMAND.fullmatch(source):
        before, source = "", f"{before}{source}"
    if dollars == "$" and (before.isdigit() or behind):
        words, before = ("", before) if before.isdigit() else (before, "")
        return f"{words}${before}{source}{'' if not behind or not source[-1:].isalpha() else ' '}{behind}$"
    return f"{before}{dollars}{source}{dollars}{behind}"


def based(base, source, behind):
    """A raised or lowered part with the word that it belongs to."""
    base = base if len(base) == 1 else rf"\mathrm{{{base}}}"
    return f"${base}{source}${behind}" if not behind else f"${base}{source}{behind}$"


def raised_or_lowered(source):
    """The Unicode of a formula that is nothing but raised or lowered parts, such as `_2` or `^{13}`; None else."""
    found = []
    place = 0
    while match := SCRIPT.match(source, place):
        mark, group, sign = match.groups()
        words = WRAPPED.sub(r"\1", group if group is not None else sign).strip()
        table = tex.RAISED if mark == "^" else tex.LOWERED
        if words == r"\circ" and mark == "^":
            found.append("°")
        elif words and all(character in table for character in words):
            found.append("".join(table[character] for character in words))
        else:
            return None
        place = match.end()
    return "".join(found) if found and place == len(source) else None


def item(found):
    """An Item as a source made it, with clean texts, identifiers in their places, and its language in short."""
    data = {name: plain(text) for name in PLAIN if (text := getattr(found, name))}
    data |= {"title": title(found.title), "abstract": abstract(found.abstract)}
    data |= {"container": plain(found.container), "language": language(found.language)}
    data["keywords"] = tuple(dict.fromkeys(filter(None, map(plain, found.keywords))))
    data |= {"isbn": first_number(found.isbn, 10), "issn": issn(found.issn)}
    if "note" in data:
        data["note"] = ENDNOTE_SUMMARY.sub("", PUBMED_NUMBERS.sub("", data["note"])).strip()
    notice = NOTICE.match(data["title"])
    if notice and len(data["title"]) > notice.end():
        word = "Withdrawn" if notice[1].lower() == "withdrawn" else "Retracted"
        data |= {"title": data["title"][notice.end() :], "notice": found.notice or f"{word}."}
    return identified(replace(found, **data))


def identified(found):
    """arXiv's own DOI is its arXiv identifier, and a preprint's server is not its journal where that is arXiv."""
    data = {}
    if found.doi.startswith(identifiers.ARXIV_DOI):
        try:
            data = {"arxiv_id": identifiers.arxiv(found.doi), "doi": ""}
        except ValueError:
            data = {}
    if OWN_ADDRESS.match(found.url) and (found.doi or found.arxiv_id or data):
        data["url"] = ""  # the site makes these addresses from the identifiers
    if found.type == types.PREPRINT:
        data |= {
            name: ""
            for name in ("container", "publisher")
            if getattr(found, name).lower() in ("arxiv", "corr", "arxiv.org")
        }
    return replace(found, **data) if data else found


def language(text):
    """Its short name, such as "en"; "" for what is no language's name."""
    text = text.strip().replace("_", "-")
    known = LANGUAGES.get(text.lower(), text)
    return known if LANGUAGE.fullmatch(known) else ""


def first_number(text, digits):
    """The first ISBN of a text that may hold several, "ISBN" or an address before it; "" for none."""
    for run in re.findall(r"[0-9][0-9Xx\- –]{8,20}", text.rpartition("/")[2]):
        words = run.replace("–", "-").strip(" -").split(" ")
        for count in range(len(words), 0, -1):
            found = " ".join(words[:count])
            if sum(map(str.isalnum, found)) in (digits, 13):
                return found
    return ""


def issn(text):
    """The first ISSN of a text, with its dash; "" for none."""
    found = re.search(r"(?<!\d)(\d{4})\s?[-–]?\s?(\d{3}[\dXx])(?!\d)", text)
    return f"{found[1]}-{found[2].upper()}" if found else ""
