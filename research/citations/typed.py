"""
Titles and abstracts as people type them, in Markdown with HTML and TeX, as the texts of an `Item`, which know less.

Then every channel says what the page says: emphasis is `*…*` and `**…**` however it was typed, maths is `$…$`, a link
is its words, and so is any other tag's content; `<script>` is a word, as on the page. An asterisk or a dollar that was
escaped stands unescaped, and is a mark to the formats if it has a partner.
"""

import html
import re
from functools import lru_cache

from .. import markup

TYPED = re.compile(r"[\\`_\[<&~\n]|://|--|\*{3}")  # without any of these a text is in the smaller language already
MARKS = {"em": "*", "strong": "**"}
TAGS = MARKS | dict.fromkeys(("i", "cite", "dfn", "var"), "*") | {"b": "**"}


@lru_cache(2048)
def reduced(text):
    """The text of an `Item` that a typed title or abstract is; blocks become paragraphs, footnotes are left out."""
    if not TYPED.search(text) or len(text) > markup.MAX_LENGTH:
        return text
    text, env = text.strip(), {"document": "", "plain": True, "top_heading": 3}
    try:
        tokens = (markup.BLOCK.parse if "\n" in text else markup.INLINE.parseInline)(text, env)
    except Exception:  # as on the page: one unlucky text is shown as typed
        return text
    ends = (place for place, token in enumerate(tokens) if token.type == "footnote_block_open")
    return "\n\n".join(filter(None, map(paragraph, tokens[: next(ends, None)])))


def paragraph(token):
    """What a block says by itself; "" for what only holds others."""
    if token.type == "inline":
        return line(token.children)
    if token.type == "math_block":
        return f"$${token.content.strip()}$$"
    return html.unescape(markup.TAG.sub("", token.content)) if token.type == "html_block" else token.content.strip()


def line(tokens):
    """The words of a line and its marks."""
    groups = [("", [])]  # the mark that waits for its end, and the words behind it
    for token in tokens:
        tag = markup.TAG.fullmatch(token.content) if token.type == "html_inline" else None
        name, _, side = token.type.rpartition("_")
        mark = TAGS.get(tag[2].lower()) if tag else MARKS.get(name)
        if not mark:
            groups[-1][1].append(words(token, tag))
        elif side == "open" or (tag and not tag[1]):
            groups.append((mark, []))
        elif groups[-1][0] == mark:
            parts = groups.pop()[1]
            groups[-1][1].append("".join(parts) if groups[1:] else marked(mark, parts))  # marks do not hold marks
    return "".join(part for _, parts in groups for part in parts)


def words(token, tag):
    """What a token says that is no mark."""
    if tag:
        return " " if tag[2].lower() == "br" else ""
    if token.type in ("softbreak", "hardbreak"):
        return " "
    if token.type == "math_inline":
        return f"{token.markup}{token.content}{token.markup}"
    return html.unescape(token.content) if token.type == "html_inline" else token.content


def marked(mark, parts):
    """The words of a group between its marks, which stand at words and not at blanks."""
    text = "".join(parts)
    core = text.strip()
    before, _, behind = text.partition(core) if core else (text, "", "")
    return f"{before}{mark}{core}{mark}{behind}" if core else text
