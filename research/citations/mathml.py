r"""
MathML, as publishers put it into titles and abstracts, as TeX: `<msub><mi>x</mi><mn>2</mn></msub>` is `x_{2}`. Pure.

Only what the site can render comes out; a formula that cannot be read becomes its words.
"""

import re
from html import unescape

from . import latex

TAGS = set(
    re.findall(
        r"\w+",
        "math mi mn mo ms mtext mspace mrow mstyle msub msup msubsup mfrac msqrt mroot mover munder munderover mfenced "
        "mtable mtr mtd semantics annotation mpadded mphantom menclose mmultiscripts mprescripts none merror",
    )
)
PIECE = re.compile(r"<(/?)(?:\w{1,10}:)?([a-z-]{1,30})([^<>]{0,2000})>|([^<]+)|<", re.IGNORECASE)
ANNOTATION = re.compile(
    r"<((?:\w{1,10}:)?annotation)\b[^<>]{0,500}application/x-tex[^<>]{0,500}>(.{0,2000}?)</\1", re.S
)
VARIANTS = {"bold": "mathbf", "normal": "mathrm", "double-struck": "mathbb", "script": "mathcal", "fraktur": "mathfrak"}
VARIANTS |= {"bold-italic": "mathbf", "sans-serif": "mathsf", "monospace": "mathtt"}
VARIANT = re.compile(r"""mathvariant\s*=\s*["']([a-z-]+)""")
ACCENTS = {
    "^": "hat", "ˆ": "hat", "~": "tilde", "˜": "tilde", "¯": "bar", "‾": "bar", "→": "vec", "\u20d7": "vec", "˙": "dot",
    "¨": "ddot", "_": "underline", "\u0332": "underline", "-": "bar", "−": "bar", "∼": "tilde", r"\sim": "tilde",
    r"\rightarrow": "vec",
}  # fmt: skip
NAMES = {sign: name for name, sign in latex.MATHS.items()} | {"⁢": "", "⁡": "", "⁣": "", "−": "-", "′": "'"}
ESCAPED = {sign: f"\\{sign}" for sign in "{}%#&$_"} | {"~": r"\sim ", "\\": r"\backslash ", "\xa0": " "}
INVISIBLE = re.compile("[\u2061-\u2064\u200b-\u200f\ufeff]")
MARKS = {"msub": "_", "msup": "^", "msubsup": "_^", "munder": "_", "mover": "^", "munderover": "_^"}
FUNCTIONS = {"log", "ln", "exp", "sin", "cos", "tan", "max", "min", "sup", "inf", "lim", "det", "dim", "ker", "deg"}
MAX_DEPTH = 50


class Element:
    """An open element: its name, attributes, and the TeX of each child."""

    def __init__(self, name, attributes):
        self.name, self.attributes, self.children = name, attributes, []

    def text(self):
        return "".join(self.children)


def to_tex(source):
    """The formula of a `<math>` element without dollars, or "" where there is none."""
    annotation = ANNOTATION.search(source)
    if annotation:
        return re.sub(r"^\{\\displaystyle (.*)\}$", r"\1", " ".join(unescape(annotation[2]).split()), flags=re.S)
    stack = [Element("math", "")]
    for closes, tag, attributes, words in PIECE.findall(source):
        name = tag.lower()
        if words:
            stack[-1].children += leaf(stack[-1], words)
        elif not tag:
            continue
        elif not closes and not attributes.rstrip().endswith("/"):
            if len(stack) > MAX_DEPTH:
                return ""
            stack.append(Element(name, attributes))
        elif not closes:
            stack[-1].children.append(" " if name == "mspace" else written(Element(name, "")))
        elif closes and name in [element.name for element in stack[1:]]:
            while (done := stack.pop()).name != name:
                stack[-1].children.append(written(done))
            stack[-1].children.append(written(done))
    while len(stack) > 1:
        done = stack.pop()
        stack[-1].children.append(written(done))
    return re.sub(r"\s+", " ", stack[0].text()).strip()


def leaf(element, words):
    """The words of `<mi>`, `<mn>`, `<mo>` and `<mtext>`; blanks between other elements are none."""
    words = INVISIBLE.sub("", unescape(words))
    if element.name in ("mtext", "ms"):
        text = re.sub(r"([%#&])", r"\\\1", re.sub(r"\s+", " ", re.sub(r"[\\{}$^_]", "", words)))
        return [rf"\text{{{text}}}"] if text.strip() else ["\\ "]
    words = words.strip()
    if not words or element.name == "annotation":
        return []
    if words in FUNCTIONS:
        return [f"\\{words} "]
    if element.name == "mi" and len(words) > 1 and words.isalpha() and words.isascii():
        return [rf"\mathrm{{{words}}}"]
    found = "".join(sign_of(character) for character in words)
    variant = re.search(r'mathvariant\s*=\s*["\']([a-z-]+)', element.attributes)
    command = VARIANTS.get(variant[1]) if variant else None
    return [f"\\{command}{{{found}}}"] if command and element.name != "mo" else [found]


def sign_of(character):
    name = NAMES.get(character)
    if name is None:
        return ESCAPED.get(character, character)
    return f"\\{name} " if name.isalpha() else name


def written(element):
    """The TeX of an element whose children are known."""
    parts = element.children
    match element.name, parts:
        case "mfrac", [above, below]:
            return rf"\frac{{{above}}}{{{below}}}"
        case "msqrt", _:
            return rf"\sqrt{{{''.join(parts)}}}"
        case "mroot", [radicand, index]:
            return rf"\sqrt[{index}]{{{radicand}}}"
        case "mover" | "munder", [base, accent] if accent.strip() in ACCENTS:
            return rf"\{ACCENTS[accent.strip()]}{{{base}}}"
        case "mfenced", _:
            return f"({', '.join(parts)})"
        case "mmultiscripts", [base, *scripts]:
            return multiscripts(base, scripts)
        case "annotation" | "mphantom", _:
            return ""
    if element.name in MARKS and len(parts) == 1 + len(MARKS[element.name]):
        return parts[0].rstrip() + "".join(map(script, MARKS[element.name], parts[1:]))
    return "".join(parts) + {"mprescripts": "\0", "mtd": " "}.get(element.name, "")


def script(mark, text):
    text = text.strip()
    if mark == "^" and text and set(text) == {"'"}:
        return text
    return f"{mark}{text}" if len(text) == 1 else f"{mark}{{{text}}}"


def multiscripts(base, scripts):
    """Pairs of low and high parts; those behind `<mprescripts/>` stand before the base."""
    cut = scripts.index("\0") if "\0" in scripts else len(scripts)
    behind, before = scripts[:cut], scripts[cut + 1 :]
    return f"{pairs(before)}{base}{pairs(behind)}"


def pairs(scripts):
    low, high = "".join(scripts[::2]), "".join(scripts[1::2])
    return (script("_", low) if low else "") + (script("^", high) if high else "")
