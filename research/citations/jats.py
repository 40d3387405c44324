"""
JATS, HTML and MathML in titles and abstracts, as publishers send them to Crossref, as the text of an Item: pure.

Emphasis becomes `*…*` and `**…**`, MathML becomes TeX, what is set high or low becomes Unicode where that has the
characters (H₂O, 10⁻³), else TeX; all other tags go and leave their words. A `<` that begins no known tag is a sign of
its own: "p < 0.05". Entities are read twice where they were escaped twice.
"""

import re
from html import unescape

from .. import tex
from . import mathml, richtext

MARKS = dict.fromkeys(("i", "em", "italic", "emph", "cite", "var", "dfn"), "*") | dict.fromkeys(
    ("b", "strong", "bold"), "**"
)
SCRIPTS = {"sub": "_", "sup": "^", "inf": "_"}
PARAGRAPHS = {"p", "div", "sec", "section", "abstract", "trans-abstract", "list", "list-item", "li", "ul", "ol", "br",
              "break", "tr", "table", "blockquote", "disp-quote", "def-list", "dl", "dt", "dd"}  # fmt: skip
HEADINGS = {"title", "label", "h1", "h2", "h3", "h4", "h5", "h6"}
DROPPED = {"script", "style", "object-id", "xref", "graphic", "annotation", "fn", "head"}
FORMULAS = {"tex-math", "tex"}
OTHERS = set(
    re.findall(
        r"[\w-]+",
        "a abbr alternatives article-title bdi big body caption center chem-struct code content del disp-formula "
        "email ext-link fig font formula hr html img inline-formula inline-graphic ins kbd mark monospace named- "
        "nobr ov overline private-char q related-article roman samp sans-serif sc scp small span strike styled- "
        "content subtitle tbody td th thead tt u underline uri wbr ",
    )
)
KNOWN = {*MARKS, *SCRIPTS, *PARAGRAPHS, *HEADINGS, *DROPPED, *FORMULAS, *OTHERS, *mathml.TAGS}
TAG = re.compile(r"<(/?)\s?((?:[a-z][a-z0-9]{0,9}:)?[a-z][a-z0-9-]{0,30})((?:\s[^<>]{0,2000})?)>", re.IGNORECASE)
IGNORED = re.compile(r"<!--.{0,500}?-->|<!\[CDATA\[|\]\]>|<\?[^<>]{0,500}\?>", re.DOTALL)
ESCAPED_TWICE = re.compile(r"&amp;(?=#?\w{1,31};)")
ESCAPED_TAG = re.compile(
    r"&lt;(/?\s?(?:[a-z][a-z0-9]{0,9}:)?[a-z][a-z0-9-]{0,30}(?:\s[^<>&]{0,200})?/?)&gt;", re.IGNORECASE
)
ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]\w{1,30});", re.IGNORECASE)  # with its semicolon: "R&D" is none
ORDINAL = re.compile(r"\dth|\dst|\dnd|\drd|\der|\dème|\de")
# A base is what a raised or lowered text belongs to; it moves into the formula.
BASE = re.compile(r"(?:(?<![A-Za-z])[A-Za-z]+|(?<!\d)\d+(?:\.\d+)?|[\u0370-\u03ff])\Z")
NAMELESS = re.compile(r"abstract|summary|zusammenfassung|résumé|resumen", re.IGNORECASE)
MAX_DEPTH = 60


def title(text):
    """A title on one line."""
    return richtext.one_line(" ".join(Reader().read(text)))


def abstract(text):
    """An abstract, an empty line between paragraphs; headings of its parts are strong, and "Abstract" goes."""
    return "\n\n".join(filter(None, map(richtext.one_line, Reader().read(text))))


def plain(text):
    """A name of a journal or place, which has no marks."""
    return richtext.plain(title(text)) if re.search("[<&]", text) else richtext.one_line(text)


def unescaped(text):
    """The text with entities as characters, tags excepted that were escaped on purpose or twice."""
    text = ESCAPED_TWICE.sub("&", text)
    return ESCAPED_TAG.sub(r"<\1>", text)


def decoded(text):
    """The words of a text between tags."""
    return ENTITY.sub(lambda entity: unescape(entity[0]), text)


class Reader:
    """One pass over the tags; what is open is a stack of (tag, where its words begin in the paragraph)."""

    def __init__(self):
        self.paragraphs, self.parts, self.open = [], [], []
        self.chosen = False  # of several forms of one formula, the first is taken

    def read(self, text):
        """The list of paragraphs."""
        place, text = 0, IGNORED.sub("", unescaped(text))
        while match := TAG.search(text, place):
            name = match[2].lower().rpartition(":")[2]
            known = name in KNOWN or ":" in match[2]
            self.words(text[place : match.start()] if known else text[place : match.end()])
            place = match.end()
            if not known:
                continue
            if name == "math" and not match[1]:
                place = self.formula(text, match)
            elif match[1]:
                self.end(name)
            else:
                self.begin(name, match[3].rstrip().endswith("/"))
        self.words(text[place:])
        self.paragraph()
        return self.paragraphs

    def words(self, text):
        if text and not any(name in DROPPED for name, _ in self.open):
            self.parts.append(decoded(text))

    def formula(self, text, start):
        """MathML up to its end, as TeX in dollars; returns where to go on."""
        end = re.compile(rf"</{re.escape(start[2])}\s*>", re.IGNORECASE).search(text, start.end())
        close = end.start() if end else len(text)
        found = mathml.to_tex(text[start.start() : close])
        if found and not any(name in DROPPED for name, _ in self.open):
            self.add_math(found)
        return end.end() if end else len(text)

    def add_math(self, formula):
        """The formula in dollars, which no digit may touch; a raised or lowered part takes the base before it."""
        if self.chosen and any(name == "alternatives" for name, _ in self.open):
            return
        self.chosen = True
        before = self.parts[-1] if self.parts else ""
        base = BASE.search(before) if formula[0] in "^_" or before[-1:].isdigit() else None
        if base:
            self.parts[-1] = before[: base.start()]
            word = base[0]
            formula = (rf"\mathrm{{{word}}}" if word.isalpha() and word.isascii() and len(word) > 1 else word) + formula
        self.parts.append(f"${formula}$")

    def begin(self, name, empty):
        if name in PARAGRAPHS or name in HEADINGS:
            self.paragraph()
        if name == "alternatives":
            self.chosen = False
        if not empty and name not in ("br", "break", "hr", "img") and len(self.open) < MAX_DEPTH:
            self.open.append((name, len(self.parts)))

    def end(self, name):
        """Closes a tag, and those that were forgotten inside it."""
        if name not in [name for name, _ in self.open]:
            return
        while self.open:
            inner, start = self.open.pop()
            self.close(inner, start)
            if inner == name:
                return

    def close(self, name, start):
        if name in PARAGRAPHS:
            self.paragraph()
            return
        text = "".join(self.parts[start:])
        core = text.strip()
        if name in HEADINGS:
            del self.parts[start:]
            if core and not NAMELESS.fullmatch(core.strip(" .:")):
                self.parts.append(f"**{core}** ")
        elif name in DROPPED or not core:
            return
        elif name in MARKS and "*" not in core:
            before, _, behind = text.partition(core)
            self.parts[start:] = [f"{before}{MARKS[name]}{core}{MARKS[name]}{behind}"]
        elif name in SCRIPTS:
            del self.parts[start:]
            self.script(core, SCRIPTS[name])
        elif name in FORMULAS:
            del self.parts[start:]
            formula = re.sub(r"^\\\(|\\\)$|^\$+|\$+$", "", document_body(core)).strip()
            if formula:
                self.add_math(formula)

    def script(self, text, mark):
        """Raised or lowered words: Unicode where it has them, else TeX with the base before them."""
        table = tex.RAISED if mark == "^" else tex.LOWERED
        inner = re.sub(r"[*$]", "", text)
        if self.parts and self.parts[-1][-1:].isdigit() and ORDINAL.fullmatch(f"0{inner}"):
            self.parts.append(inner)
        elif all(sign in table for sign in inner):
            self.parts.append("".join(table[sign] for sign in inner))
        else:
            inner = re.sub(r"[\\{}%#&_^~]", "", inner)
            self.add_math(f"{mark}{{{inner}}}" if len(inner) == 1 else rf"{mark}{{\mathrm{{{inner}}}}}")

    def paragraph(self):
        """Ends a paragraph; marks that are open go on in the next one."""
        if any(name in HEADINGS for name, _ in self.open):
            return
        text = "".join(self.parts)
        if not text.strip():
            return
        # a heading stays on the line of the words behind it
        if text.endswith("** ") and text.startswith("**") and text.count("**") == 2:
            return
        self.paragraphs.append(text)
        self.parts = []
        self.open = [(name, 0) for name, _ in self.open]


def document_body(text):
    r"""The formula in a whole LaTeX document, which Springer puts into `<tex-math>`."""
    body, end, _ = text.partition(r"\begin{document}")[2].rpartition(r"\end{document}")
    return body.strip() if end else text
