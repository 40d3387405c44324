"""
Titles and abstracts (`Item.title`, `Item.abstract`) as a stream of pieces that each format writes in its own marks.

The marks are those of the site's Markdown: `$…$` is TeX, `*…*` emphasis, `**…**` strong. Pure: no Django.
"""

import re
import unicodedata
from itertools import pairwise

from .. import tex

TEXT, MATH, OPEN, CLOSE = "text", "math", "open", "close"
FORMULA = re.compile(rf"{tex.INLINE_MATH.pattern}|\\.", re.DOTALL)  # passing over `\$` keeps it linear
STARS = re.compile(r"\*+")
BLANKS = re.compile(r"[ \t\r\n\f\v\x1c-\x1f\x85\u2028\u2029]+")
OPENING_QUOTE = re.compile(r"""(?:^|(?<=[\s(\[{<–—‘“/¿¡*]))["'](?=[\w$*"'“‘\0])""")
STRAIGHT = re.compile(r"""["']|--""")
DROPPED = {"Cc", "Cs"}  # control characters and lone surrogates: no format can carry them


def pieces(text):
    """
    The list of (TEXT, words), (MATH, TeX in its dollars), (OPEN or CLOSE, "*" or "**") in a text.

    Dollars and asterisks that mark nothing are words, by the rules of Pandoc (maths) and CommonMark (emphasis).
    """
    found, position = [], 0
    for match in formulas(text):
        found += [*stars(text, position, match.start()), (MATH, match[0])]
        position = match.end()
    return paired([*found, *stars(text, position, len(text))])


def formulas(text):
    """The matches of `$…$` in a text, dollars included; a dollar behind a backslash or a digit begins none."""
    for match in FORMULA.finditer(text) if "$" in text else ():
        if match[1] and not (match.start() and text[match.start() - 1].isdigit()):
            yield match


def stars(text, start, end):
    """The words of `text[start:end]`, and its runs of one or two asterisks as (OPEN, run, opens, closes)."""
    position = start
    for match in STARS.finditer(text, start, end):
        if len(match[0]) > 2:
            continue
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        opens = bool(after.strip()) and (not punctuation(after) or not before.strip() or punctuation(before))
        closes = bool(before.strip()) and (not punctuation(before) or not after.strip() or punctuation(after))
        if opens or closes:
            yield TEXT, text[position : match.start()]
            yield OPEN, match[0], opens, closes
            position = match.end()
    yield TEXT, text[position:end]


def punctuation(character):
    return unicodedata.category(character)[0] in "PS"


def paired(found):
    """The pieces with asterisks that have a partner as OPEN and CLOSE, and the others as words."""
    result, waiting = [], []  # `waiting`: places of asterisks that may open
    for piece in found:
        if piece[0] != OPEN:
            if piece[1]:
                result.append(piece)
            continue
        _, run, opens, closes = piece
        depth = next((depth for depth in (-1, -2) if len(waiting) >= -depth and result[waiting[depth]][1] == run), 0)
        if closes and depth and waiting[depth] < len(result) - 1:
            result[waiting[depth]] = OPEN, run
            del waiting[depth:]
            result.append((CLOSE, run))
        else:
            if opens:
                waiting.append(len(result))
            result.append((TEXT, run))
    return result


def plain(text):
    r"""The words of a title or abstract on one line without marks: `$\alpha$-*decay*` is "α-decay"."""
    words = []
    for kind, content in pieces(text):
        if kind == MATH:
            words.append(tex.to_text(formula(content)))
        elif kind == TEXT:
            words.append(content)
    return one_line(tex.dashes("".join(words)))


def formula(content):
    """The TeX of a MATH piece without its dollars."""
    return content[2:-2] if content.startswith("$$") else content[1:-1]


def typographic(text, rich):
    """The text with curved quotation marks and apostrophes and with real dashes, as printers set it; not in maths."""
    if not STRAIGHT.search(text):
        return text
    found = [match.span() for match in formulas(text)] if rich else []
    bounds = [0, *(place for span in found for place in span), len(text)]
    parts = [text[start:end] for start, end in pairwise(bounds)]  # words, maths, words, …
    words = "\0".join(parts[::2])
    words = OPENING_QUOTE.sub(lambda match: "‘" if match[0] == "'" else "“", words)
    words = tex.dashes(words.replace("'", "’").replace('"', "”"))
    parts[::2] = words.split("\0")
    return "".join(parts)


def latin(letter):
    """Whether a letter is one of the Latin script, with or without accents."""
    return letter.isascii() or unicodedata.name(letter, "").startswith("LATIN")


def one_line(text):
    """The text without line breaks, control characters, and blanks at its ends."""
    if text.isprintable() and "  " not in text:
        return text.strip(" ")
    text = BLANKS.sub(" ", text)
    if not text.isprintable():
        text = "".join(character for character in text if unicodedata.category(character) not in DROPPED)
    return text.strip(" ")
