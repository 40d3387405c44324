r"""
Text as BibTeX files hold it, and back: escapes, accents, emphasis, protected capitals. Pure: no Django.

Written is raw UTF-8 with only `& % $ # _` escaped, because six readers were seen to agree on nothing else
(SCHOLARLY.md, 6.2); `ascii=True` writes what pdflatex can set. Read is whatever people's files hold.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

from .. import tex
from . import richtext
from .limits import MAX_DEPTH

ESCAPES = {character: "\\" + character for character in "&%$#_"} | {
    "\\": r"{\textbackslash}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    "`": r"{\textasciigrave}",
    "\N{NO-BREAK SPACE}": "~",
}
BALANCED_BRACES = {"{": r"\{", "}": r"\}"}
# BibTeX counts the braces of `\{` too, so that it may stand only where there is a `\}` as well.
BRACES = {"{": r"{\textbraceleft}", "}": r"{\textbraceright}"}

ACCENTS = dict(zip("`'^~=.\"", "\u0300\u0301\u0302\u0303\u0304\u0307\u0308", strict=True)) | dict(
    zip("rHvuckdb", "\u030a\u030b\u030c\u0306\u0327\u0328\u0323\u0331", strict=True)
)
ACCENT_OF = {combining: accent for accent, combining in ACCENTS.items()}
# Never `\i` under an accent, `\AA` or `\H{o}`: pandoc, citation-js, biber or Zotero fail on them.
LETTERS = dict(
    re.findall(
        r"(\w+) (\S)",
        "ss ß, ae æ, AE Æ, oe œ, OE Œ, o ø, O Ø, l ł, L Ł, i ı, j ȷ, dj đ, DJ Đ, dh ð, DH Ð, th þ, TH Þ, ng ŋ, NG Ŋ, "
        "textless <, textgreater >, textbar |, S §, P ¶, copyright ©, textregistered ®, texttrademark ™, pounds £, "
        "textdegree °, dag †, ddag ‡, ldots …, textbullet •, textexclamdown ¡, textquestiondown ¿, guillemotleft «, "
        "guillemotright », textquoteleft ‘, textquoteright ’, textquotedblleft “, textquotedblright ”, textendash –, "
        "textemdash —",
    )
)
MATHS = dict(
    re.findall(
        r"(\w+) (\S)",
        "alpha α, beta β, gamma γ, delta δ, epsilon ϵ, varepsilon ε, zeta ζ, eta η, theta θ, vartheta ϑ, iota ι, "
        "kappa κ, lambda λ, mu μ, nu ν, xi ξ, pi π, rho ρ, sigma σ, varsigma ς, tau τ, upsilon υ, varphi φ, phi ϕ, "
        "chi χ, psi ψ, omega ω, Gamma Γ, Delta Δ, Theta Θ, Lambda Λ, Xi Ξ, Pi Π, Sigma Σ, Upsilon Υ, Phi Φ, Psi Ψ, "
        "Omega Ω, infty ∞, pm ±, times ×, div ÷, cdot ⋅, leq ≤, geq ≥, neq ≠, approx ≈, equiv ≡, sim ∼, propto ∝, "
        "ll ≪, gg ≫, rightarrow →, leftarrow ←, leftrightarrow ↔, Rightarrow ⇒, Leftarrow ⇐, mapsto ↦, partial ∂, "
        "nabla ∇, sum ∑, prod ∏, int ∫, in ∈, notin ∉, subset ⊂, subseteq ⊆, cup ∪, cap ∩, emptyset ∅, forall ∀, "
        "exists ∃, neg ¬, wedge ∧, vee ∨, oplus ⊕, otimes ⊗, perp ⊥, ell ℓ, hbar ℏ, Re ℜ, Im ℑ, aleph ℵ, prime ′, "
        "circ ∘, star ⋆, langle ⟨, rangle ⟩",
    )
)
SIGNS = {sign: rf"{{\{name}}}" for name, sign in LETTERS.items()}
SIGNS |= {sign: rf"{{\ensuremath{{\{name}}}}}" for name, sign in MATHS.items()}
SIGNS |= {"–": "--", "—": "---", "‘": "{`}", "’": "'", "“": "``", "”": "''", "\u2212": r"{\ensuremath{-}}"}
SIGNS |= {"µ": r"{\ensuremath{\mu}}", "ﬁ": "fi", "ﬂ": "fl"}

LIGATURES = {"---": "—", "--": "–", "``": "“", "''": "”", "`": "‘", "'": "’", "~": "\N{NO-BREAK SPACE}"}
SPOKEN = LETTERS | MATHS | {"TeX": "TeX", "LaTeX": "LaTeX", "BibTeX": "BibTeX", "aa": "å", "AA": "Å", "dots": "…"}
SPOKEN |= {"textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^", "textasciigrave": "`"}
SPOKEN |= {"textbraceleft": "{", "textbraceright": "}", "textunderscore": "_", "textdollar": "$"}
SPOKEN |= {"textquotesingle": "'", "textquotedbl": '"', "textmu": "µ"} | dict.fromkeys(
    ("quad", "space", "newline"), " "
)
SWITCHES = dict.fromkeys(("em", "it", "itshape", "sl"), "*") | dict.fromkeys(("bf", "bfseries"), "**")
COMMANDS = {"emph": "*", "textit": "*", "textsl": "*", "textbf": "**", "enquote": "“", "mkbibquote": "“"}
COMMANDS |= {"textsuperscript": "^", "textsubscript": "_", "mkbibemph": "*", "mkbibitalic": "*", "mkbibbold": "**"}
ORDINALS = {"st", "nd", "rd", "th", "er", "re", "e", "ème"}
TOKEN = re.compile(
    r"""(?P<math>\$\$?(?:[^$\\]++|\\.)++\$\$?)
      | \\ensuremath\s*+\{(?P<symbol>[^{}]*+(?:\{[^{}]*+\}[^{}]*+)*+)\}
      | \\(?:url|nolinkurl|path)\s*+\{(?P<address>[^{}]*+)\}
      | (?P<href>\\href\s*+\{[^{}]*+\})
      | \\(?P<macro>[a-zA-Z]++)\*?\s*+
      | \\(?P<escaped>.)
      | (?P<brace>[{}])
      | (?P<ligature>-{2,3}|``|\'\'|[`'~])
      | (?P<words>[^\\${}`'~-]++|.)""",
    re.VERBOSE | re.DOTALL,
)
HYPHEN = re.compile("-(?=-)")
LIGATURE = re.compile("[-–—](?=[-–—])|[`‘’“”](?=[`‘’“”])")  # of ASCII signs
PUNCTUATION = ".,;:!?()[]{}<>/|\"“”‘’'…*–—-$%&#_~^`\\"
SMALL_WORDS = set(re.findall(r"\w+", "about after between from into over than that through under upon using when with"))
NAME_OF = {sign: name for name, sign in MATHS.items()}
MARKED = re.compile(r"[\\${}`'~]|--")
SPECIAL = re.compile(r"[&%$#_\\~^`{}<>|\xa0]|--")  # what is not written as it is, in one of the flavours at least


def encode(text, rich=False, ascii=False, protect="", name=False):
    """
    A plain text, or a title or abstract (`rich`), as the value of a BibTeX field, without the braces around it.

    `ascii`: what pdflatex can set. `protect`: which capitals are put in braces because styles must not lower them,
    "names" (BERT, iPhone, λ) or "all". `name`: an apostrophe stays as it is ("O'Neill").
    """
    text = richtext.one_line(text)
    text = text if name else richtext.typographic(text, rich)
    parts, table = [], signs(text, ascii)
    for kind, content in richtext.pieces(text) if rich else [(richtext.TEXT, text)]:
        if kind == richtext.MATH:
            parts.append(maths(content, table))
        elif kind == richtext.OPEN:
            parts.append(r"\emph{" if content == "*" else r"\textbf{")
        elif kind == richtext.CLOSE:
            parts.append("}")
        elif protect:
            parts.append(protected(content, table, protect, begins=not parts))
        else:
            parts.append(escaped(content, table))
    return "".join(parts)


class Signs(dict):
    """What is written for each character, for `str.translate`. `ascii`: also for whatever else pdflatex cannot set."""

    def __init__(self, table, ascii=False):
        super().__init__(str.maketrans(table))
        self.ascii = ascii

    def __missing__(self, number):
        if not self.ascii:
            raise KeyError(number)
        return ascii_sign(chr(number))


RAW, RAW_BALANCED = Signs(ESCAPES | BRACES), Signs(ESCAPES | BALANCED_BRACES)
ASCII, ASCII_BALANCED = Signs(ESCAPES | BRACES, ascii=True), Signs(ESCAPES | BALANCED_BRACES, ascii=True)


def signs(text, ascii):
    """The `Signs` by which this text is written."""
    depth = lowest = 0
    for character in text if "{" in text or "}" in text else "":
        depth += (character == "{") - (character == "}")
        lowest = min(lowest, depth)
    if depth or lowest:
        return ASCII if ascii else RAW
    return ASCII_BALANCED if ascii else RAW_BALANCED


def escaped(text, table):
    """The text with every character that needs it escaped; a `--` that is no dash is kept from becoming one."""
    if not SPECIAL.search(text) and (text.isascii() or not table.ascii):
        return text
    apart = (LIGATURE if table.ascii else HYPHEN).sub(r"\g<0>\0", text)
    return apart.translate(table).replace("\0", "{}")


@lru_cache(4096)
def ascii_sign(character):
    """A character as TeX that pdflatex can set; letters of scripts that need fonts of their own stay as they are."""
    if character in SIGNS or character.isascii():
        return SIGNS.get(character, character)
    *base, mark = unicodedata.normalize("NFD", character)
    if base and mark in ACCENT_OF:
        accent, inner = ACCENT_OF[mark], ascii_sign(unicodedata.normalize("NFC", "".join(base)))
        if inner.isascii() and "ensuremath" not in inner:
            return f"{{\\{accent}{' ' if accent.isalpha() and inner.isalpha() else ''}{inner}}}"
    for table, operator in ((tex.RAISED, "^"), (tex.LOWERED, "_")):
        for plain, shifted in table.items():
            if shifted == character and plain.isascii():
                return rf"{{\ensuremath{{{operator}{{{plain}}}}}}}"
    return character


def maths(content, table):
    r"""A formula as its author wrote it, in braces where a style would lower its capitals.

    BibTeX counts the braces of `\{` as well: where they do not pair, `\lbrace` stands in. A formula whose braces do
    not pair even so is none, and is written as words.
    """
    content = re.sub(r"(?<!\\)((?:\\\\)*)%", r"\1\\%", content)
    if not pairs(re.sub(r"\\.", lambda match: match[0] * (match[0][1] in "{}"), content)):
        content = re.sub(r"\\(.)", lambda match: {"{": r"\lbrace ", "}": r"\rbrace "}.get(match[1], match[0]), content)
    if not pairs(content):
        return escaped(content, table)
    content = re.sub(r"(?<=\\\\)(?=[{}])", " ", content)
    if table.ascii:
        content = "".join(f"\\{NAME_OF[sign]} " if sign in NAME_OF else sign for sign in content)
    return f"{{{content}}}" if content != content.lower() else content


def pairs(text):
    """Whether every brace has its partner, escaped or not."""
    depth = 0
    for brace in re.findall("[{}]", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def protected(text, table, protect, begins):
    """Words with the capitals in braces that a style must not lower. `begins`: the text begins the title."""
    parts = []
    for place, chunk in enumerate(re.split("( +)", text)):
        core = chunk.strip(PUNCTUATION)
        if not core or not needs_braces(core, protect == "all" and not (begins and place == 0)):
            parts.append(escaped(chunk, table))
            continue
        before, _, behind = chunk.partition(core)
        inner = escaped(core, table)
        # `{\` would begin what BibTeX calls a special character, which styles do lower
        inner = f"{{{inner}}}" if inner.startswith("\\") else inner
        parts += [escaped(before, table), "{", inner, "}", escaped(behind, table)]
    return "".join(parts)


def needs_braces(word, capitalised):
    """Whether a word keeps its case in every style. `capitalised`: one capital at its beginning is reason enough."""
    if word.islower() and word.isascii():
        return False
    for part in re.split("[-–—/]", word):
        letters = [letter for letter in part if letter.lower() != letter.upper()]
        if any(letter.isupper() for letter in letters[1:]) or (letters and not richtext.latin(letters[0])):
            return True
        if letters and letters[0].isupper() and (capitalised or (len(part) == 1 and part not in "AIO")):
            return True
    return False


def case_of(title, language):
    """
    What `encode` is to protect in a title: "all" its capitals, or only "names" in a title that Has Its Words Like This.

    English alone is known to be set both ways; in German, say, every capital has its meaning.
    """
    if language and language.partition("-")[0].lower() != "en":
        return "all"
    words = [word.strip(PUNCTUATION) for word in richtext.plain(title).split(" ")[1:]]
    words = [word for word in words if len(word) > 3 and word[1:].islower() and word.lower() not in SMALL_WORDS]
    return "names" if words and all(word[0].isupper() for word in words) else "all"


def decode(text, rich=False, name=False):
    r"""
    A field's value as text: `\'{e}` is é, braces are gone, blanks are single; `rich` keeps `$…$` and emphasis.

    Raises ValueError with a sentence where braces are nested beyond reason.
    """
    if not MARKED.search(text):
        return richtext.one_line(text)
    reader = Reader(rich, name)
    for match in TOKEN.finditer(text):
        getattr(reader, match.lastgroup)(match[match.lastgroup])
    while len(reader.groups) > 1:
        reader.close()
    return richtext.one_line("".join(reader.groups[0].parts))


@dataclass
class Group:
    """An open brace: the emphasis and the accent that wait for its end, and what it holds so far."""

    mark: str = ""
    accent: str = ""
    parts: list[str] = field(default_factory=list)


class Reader:
    """One method for each kind of TOKEN; recursion would let nested braces exhaust the stack."""

    def __init__(self, rich, name):
        self.rich, self.name = rich, name
        self.groups = [Group()]
        self.next = Group()  # what a command has announced for the brace or letter behind it

    def add(self, text):
        if self.next.accent:
            text = text.lstrip(" ")
            if not text:
                return
            text = accented(text, self.next.accent)
        self.next = Group()
        self.groups[-1].parts.append(text)

    def brace(self, brace):
        if brace == "{":
            if len(self.groups) > MAX_DEPTH:
                raise ValueError(f"Braces are nested more than {MAX_DEPTH} deep, which no citation needs.")
            self.groups.append(self.next)
            self.next = Group()
        elif len(self.groups) > 1:
            self.close()

    def close(self):
        group = self.groups.pop()
        text = "".join(group.parts)
        core = text.strip(" ")
        if group.mark in ("^", "_", "“") and core:
            text = f"“{text}”" if group.mark == "“" else script(core, group.mark, self.rich)
        elif group.mark and self.rich and core:
            before, _, behind = text.partition(core)
            text = f"{before}{group.mark}{core}{group.mark}{behind}"
        if group.accent:
            text = accented(text, group.accent)
        self.next = Group()
        self.groups[-1].parts.append(text)

    def macro(self, name):
        if name in ACCENTS:
            self.next.accent = ACCENTS[name]
        elif name in COMMANDS:
            self.next.mark = COMMANDS[name]
        elif name in SWITCHES and len(self.groups) > 1:
            self.groups[-1].mark = SWITCHES[name]
        elif name in SPOKEN:
            self.add(SPOKEN[name])

    def escaped(self, character):
        if character in ACCENTS:
            self.next.accent = ACCENTS[character]
        elif character in "&%$#_{}":
            self.add(character)
        elif character.isspace() or character in "\\,;:":
            self.add(" ")

    def math(self, content):
        inner = richtext.formula(content)
        spaced = inner != inner.strip()  # "costs $5 and $10": dollars that somebody forgot to escape
        self.add(content if self.rich or spaced else tex.to_text(inner))

    def symbol(self, content):
        self.add(tex.to_text(content))

    def address(self, content):
        self.add(content)

    def href(self, _):
        """The words of the link follow as a group."""

    def ligature(self, marks):
        if self.name and marks in ("'", "''", "~"):
            self.add(" " if marks == "~" else marks)
        else:
            self.add(LIGATURES[marks])

    def words(self, text):
        self.add(text)


def script(text, mark, rich):
    """What is set high or low: Unicode where it has that, the letters of "10th" as they are, else TeX (`rich`)."""
    table = tex.RAISED if mark == "^" else tex.LOWERED
    if all(character in table for character in text):
        return "".join(table[character] for character in text)
    return rf"${mark}{{\mathrm{{{text}}}}}$" if rich and not (mark == "^" and text in ORDINALS) else text


def accented(text, combining):
    first = {"ı": "i", "ȷ": "j"}.get(text[:1], text[:1])
    return unicodedata.normalize("NFC", first + combining) + text[1:] if first else text
