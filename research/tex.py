r"""TeX as authors write it in titles and abstracts -> HTML, MathML or plain text. Pure: no Django.

Everything returned as HTML is escaped here and cleaned once more in `markup`. Text commands become HTML
(`\textbf{X}` -> `<strong>X</strong>`), maths becomes presentation MathML through latex2mathml, and what cannot be read
stays visible as its own source. No input raises.
"""

import html
import re
import unicodedata
from functools import lru_cache
from xml.etree import ElementTree

from latex2mathml.converter import convert_to_element
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.dollarmath.index import math_block_dollar

MAX_LENGTH = 2_000  # characters of one formula
MAX_LINES = 40  # of a formula between `$$` lines
MAX_DEPTH = 40  # nested elements of one formula; browsers give up at about 500

# Macros let a short formula grow exponentially; the others would carry addresses, styles and classes.
REFUSED = re.compile(r"\\(?:(?:re)?newcommand|newenvironment|def|DeclareMathOperator|href|class|style)(?![a-zA-Z])")
TEXT_COMMANDS = {
    "textbf": ("<strong>", "</strong>"),
    "textit": ("<em>", "</em>"),
    "textsl": ("<em>", "</em>"),
    "emph": ("<em>", "</em>"),
    "texttt": ("<code>", "</code>"),
    "textsc": ('<span class="small-caps">', "</span>"),
} | dict.fromkeys(("text", "textrm", "textsf", "textup", "textmd", "textnormal", "mbox"), ("", ""))
TEXT_TOKEN = re.compile(rf"\\({'|'.join(TEXT_COMMANDS)})\s*{{|(}})|\\([&%_#${{}}])|([^\\{{}}]+)")
ARG = re.compile(r"\\arg(?![a-zA-Z])")  # the one common function that latex2mathml does not know
UNKNOWN_COMMAND = re.compile(r"\\[a-zA-Z]")
EM_DASH = re.compile(r"(?<!-)---(?!-)")
EN_DASH = re.compile(r"(?:(?<=\s)|^)--(?=\s|$)|(?<=[^-\s])--(?=[^-\s]|$)")

INLINE_MATH = re.compile(r"(\${1,2})(?![\s$])((?:[^$\\]++|\\.)++)(?<!\s)\1(?![\d$])", re.DOTALL)

# Superscripts and subscripts that Unicode has as characters.
RAISED = dict(zip("0123456789+-−=()ni′*∗", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ′**", strict=True))
LOWERED = dict(zip("0123456789+-−=()aeijoruvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑᵢⱼₒᵣᵤᵥₓ", strict=True))
ACCENTS = {"^": "\u0302", "~": "\u0303", "¯": "\u0304", "→": "\u20d7", "˙": "\u0307", "¨": "\u0308"}
LETTER = re.compile(r"(?:LATIN|GREEK) (CAPITAL|SMALL) LETTER ([A-Z]+)|DIGIT ([A-Z]+)")
UPRIGHT = re.compile(r"&#x000[4-7][0-9A-F];")  # `\mathrm{d}`: latex2mathml writes a typed letter as itself

# latex2mathml lets `\frac{1}` pass with one child; browsers then show something else.
CHILDREN = dict.fromkeys(("mfrac", "mroot", "msub", "msup", "munder", "mover"), 2) | {"msubsup": 3, "munderover": 3}

MATHML_TAGS = frozenset(
    re.findall(
        r"\w+",
        "math menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow mspace msqrt mstyle "
        "msub msubsup msup mtable mtd mtext mtr munder munderover",
    )
)
# No colour, no size of type, no address; nothing can leave its place by more than 99 em.
MATHML_ATTRIBUTES = {
    name: re.compile(r"[\w.+ -]{1,60}", re.ASCII)
    for name in re.findall(
        r"\w+",
        "accent accentunder columnalign columnlines columnspacing display displaystyle fence form largeop "
        "linethickness mathvariant maxsize minsize movablelimits notation rowlines rowspacing scriptlevel stretchy",
    )
} | dict.fromkeys(
    ("depth", "height", "lspace", "rspace", "voffset", "width"),
    re.compile(r"[+-]?\d{0,2}(?:\.\d+)?(?:em|ex|mu|pt|px)?", re.ASCII),
)


def dashes(text: str) -> str:
    """`--` as an en dash between words or between spaces, `---` as an em dash; `--option` and `----` stay. Linear."""
    return EN_DASH.sub("–", EM_DASH.sub("—", text)) if "--" in text else text


@lru_cache(1024)
def to_html(source: str, display: bool = False) -> str:
    """HTML of one formula without its dollars: text, `<math>`, or `<code class="tex">` when it cannot be read."""
    text = _text_commands(source)
    if text is not None:
        return text
    tree = _mathml(source, display)
    if tree is None:
        return f'<code class="tex">{html.escape(source)}</code>'
    return ElementTree.tostring(tree, encoding="unicode", short_empty_elements=False)


@lru_cache(1024)
def to_text(source: str) -> str:
    r"""The formula for a line of plain text: `\alpha` -> α, `x^2` -> x², `\frac{a}{b}` -> a/b; else the source."""
    text = _text_commands(source)
    if text is not None:
        return html.unescape(re.sub(r"<[^<>]*>", "", text))
    tree = _mathml(source, display=False)
    return source if tree is None else _linear(tree)


def _text_commands(source: str) -> str | None:
    """HTML of a formula that holds nothing but text commands, else None."""
    parts, open_tags, position = [], [], 0
    source = source.strip()
    while position < len(source):
        token = TEXT_TOKEN.match(source, position)
        if token is None or len(open_tags) > MAX_DEPTH:
            return None
        position = token.end()
        command, closing, escaped, text = token.groups()
        if command:
            parts.append(TEXT_COMMANDS[command][0])
            open_tags.append(TEXT_COMMANDS[command][1])
        elif closing and open_tags:
            parts.append(open_tags.pop())
        elif open_tags and not closing:
            parts.append(html.escape(escaped or dashes(text.replace("~", "\xa0")), quote=False))
        elif text and text.isspace():
            parts.append(text)
        else:
            return None
    return "".join(parts) if parts and not open_tags else None


def _mathml(source: str, display: bool) -> ElementTree.Element | None:
    """The `<math>` element, its texts decoded and its alphabets written out; None when it cannot be read."""
    if len(source) > MAX_LENGTH or REFUSED.search(source):
        return None
    try:
        math = convert_to_element(ARG.sub(r"\\operatorname{arg}", source), display="block" if display else "inline")
    except Exception:  # its errors have no common base class, and hostile input raises far more than its own
        return None
    math.attrib = {"display": "block"} if display else {}
    level, depth = [math], 0
    while level:
        depth += 1
        for element in level:
            # latex2mathml writes characters as references and decodes its finished XML, which lets `\text{<b>}` out
            text, variant = element.text or "", element.attrib.pop("mathvariant", "")
            if element.tag == "mi" and (variant == "normal" or UPRIGHT.fullmatch(text)):
                element.set("mathvariant", "normal")
            element.text = _alphabet(html.unescape(text), variant)
            if len(element) != CHILDREN.get(element.tag, len(element)):
                return None
            if element.tag != "mtext" and UNKNOWN_COMMAND.search(element.text):
                return None
        level = [child for element in level for child in element]
    return math if depth <= MAX_DEPTH else None


def _alphabet(text: str, variant: str) -> str:
    """`text` in a mathematical alphabet; MathML Core browsers know no `mathvariant` but need the characters."""
    if variant in ("", "normal"):
        return text
    words = [word for word in ("sans-serif", "double-struck", "monospace", "bold") if word in variant]
    words += [word for word in ("italic", "script", "fraktur") if word in variant]
    return "".join(_letter(character, " ".join(words).upper()) for character in text)


@lru_cache(1024)
def _letter(character: str, style: str) -> str:
    named = LETTER.fullmatch(unicodedata.name(character, ""))
    if named is None:
        return character
    name = f"{style} {named[1] or 'DIGIT'} {named[2] or named[3]}"
    # the last two: letters that Unicode had before the mathematical block, such as ℝ, ℒ, ℭ
    for candidate in (f"MATHEMATICAL {name}", name, name.replace("FRAKTUR", "BLACK-LETTER")):
        try:
            return unicodedata.lookup(candidate)
        except KeyError:
            continue
    return character


def _linear(element: ElementTree.Element) -> str:
    """MathML on one line. Recursive, but `_mathml` bounds the depth."""
    parts = [_linear(child) for child in element]
    match element.tag, parts:
        case "mfrac", [above, below]:
            return f"{_group(above)}/{_group(below)}"
        case "msqrt", _:
            return "√" + _group("".join(parts))
        case "mroot", [radicand, index]:
            return _script(index, RAISED, "^") + "√" + _group(radicand)
        case "mover", [base, accent] if accent in ACCENTS:
            return base + ACCENTS[accent]
        case "msup" | "mover", [base, raised]:
            return base + _script(raised, RAISED, "^")
        case "msub" | "munder", [base, lowered]:
            return base + _script(lowered, LOWERED, "_")
        case "msubsup" | "munderover", [base, lowered, raised]:
            return base + _script(lowered, LOWERED, "_") + _script(raised, RAISED, "^")
        case (("mspace" | "mtd" | "mtr"), _):
            return "".join(parts) + " "
    return (element.text or "") + "".join(parts)


def _script(text: str, characters: dict[str, str], mark: str) -> str:
    if all(character in characters for character in text):
        return "".join(characters[character] for character in text)
    return mark + _group(text)


def _group(text: str) -> str:
    return text if len(text) == 1 or text.isalnum() else f"({text})"


def plugin(parser: MarkdownIt) -> None:
    """Reads `$…$` and `$$…$$` in Markdown. The environment's "plain" asks for text instead of HTML."""
    parser.use(dollarmath_plugin, allow_labels=False)
    parser.inline.ruler.at("math_inline", _inline_math)
    parser.block.ruler.at("math_block", _math_block)
    for kind in ("math_inline", "math_block"):
        parser.add_render_rule(kind, _render_math)


def _inline_math(state, silent: bool) -> bool:
    """Maths by Pandoc's rule (no space inside the dollars, no digit after them): "$5 and $10" is money."""
    found = INLINE_MATH.match(state.src, state.pos, state.posMax)
    if found is None or (state.pos and state.src[state.pos - 1].isdigit()):
        return False
    if not silent:
        token = state.push("math_inline", "math", 0)
        token.content, token.markup = found[2], found[1]
    state.pos = found.end()
    return True


_unbounded_math_block = math_block_dollar(allow_labels=False)


def _math_block(state, start: int, end: int, silent: bool) -> bool:
    return _unbounded_math_block(state, start, min(end, start + MAX_LINES), silent)


def _render_math(_renderer, tokens, index, _options, env) -> str:
    token, source = tokens[index], tokens[index].content.strip()
    if env["plain"]:
        return html.escape(to_text(source), quote=False)
    formula = to_html(source, display=token.markup == "$$")
    return f'<div class="math">{formula}</div>\n' if token.block else formula
