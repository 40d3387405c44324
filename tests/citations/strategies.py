"""Hypothesis strategies for Items in the form in which formats give them back: what is not known is empty, blanks are
single, quotation marks are curved. What a format cannot hold is taken away by the tests, by its own LOST_FIELDS."""

import re
from dataclasses import fields, replace

from hypothesis import strategies as st

from research import tex
from research.citations import item as types
from research.citations import richtext
from research.citations.item import Contributor, Item
from research.names import Name

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEXYZ0123456789éüßøŁçễİıΛλΣЖж王東のé₂²∞ℝ½“”‘’–—…«»†°\u00a0\u2009😀"
SIGNS = "&%#_~^\\{}<>|`@=+/.,:;!?()[]-"
EMPTY = {field.name: field.default for field in fields(Item)}


def texts(signs=SIGNS, max_size=30):
    return st.text(LETTERS + " " + signs, max_size=max_size).map(richtext.one_line).map(tex.dashes)


FORMULAS = st.sampled_from(
    ["$x_1$", "$\\Lambda$", "$O(n \\log n)$", "$\\{a, b\\}$", "$f'(x)$", "$$y^2$$", "$\\frac{a}{b}$", "$\\mathbb{R}$"]
)
EMPHASIS = st.sampled_from(
    ["*in vivo*", "**NOT**", "*E. coli*", "*of $x$ and \\*", "2 * 3", "a*b", "$5", "costs $5 and $10"]
)
rich_texts = st.lists(texts() | FORMULAS | EMPHASIS, max_size=4).map(lambda parts: richtext.one_line(" ".join(parts)))
rich_texts = rich_texts.map(lambda text: richtext.typographic(text, rich=True))
emphasised_texts = st.lists(
    texts(SIGNS.replace("<", "").replace(">", "")) | st.sampled_from(["*in vivo*", "**NOT**"]), max_size=3
).map(lambda parts: richtext.one_line(" ".join(parts)))

words = st.text("abcdéößłŁÉXYZ王小Жж-.'’", min_size=1, max_size=8).filter(lambda word: any(map(str.isalpha, word)))
names = st.lists(words, min_size=1, max_size=3).map(" ".join)
capitalised = names.map(lambda name: "X" + name)
suffixes = st.sampled_from(["", "", "Jr.", "III"])
groups = st.lists(words | st.sampled_from(["and", "of the", "&", "U.S.", "{x}"]), min_size=2, max_size=4).map(" ".join)


def contributors(particles=("", "", "van", "de la", "von und zu", "'t"), families=names):
    people = st.builds(Name, names, st.sampled_from(particles), families, suffixes)
    return st.lists((people | groups.map(lambda name: Name("", "", name, ""))).map(Contributor), max_size=3).map(tuple)


urls = st.text("abc/_~%20?=&#+.-", max_size=20).map(lambda text: text and "https://example.org/" + text)


def keywords(signs=SIGNS):
    return st.lists(texts(signs).map(str.strip).filter(bool), max_size=3).map(tuple)


arxiv_ids = st.sampled_from(["", "2401.01234", "hep-th/9901001"])
dois = st.sampled_from(["", "10.1145/3531146_12.3533088", "10.1002/(sici)1097(199806)49:8<693::aid-asi4>3.0.co;2-o"])
pages = st.sampled_from(["", "7", "101–117", "e12–e15", "S3"])
dates = st.tuples(st.integers(1000, 2999), st.integers(1, 12) | st.none(), st.integers(1, 28) | st.none()) | st.just(
    (None, None, None)
)


PEOPLE, KEYWORDS = contributors(), keywords()


@st.composite
def items(draw, kind, title=rich_texts, abstract=rich_texts, people=PEOPLE, words=KEYWORDS):
    """An Item of a type with everything that it may know."""
    plain = texts()
    year, month, day = draw(dates)
    arxiv_id = draw(arxiv_ids)
    needs_container = kind in (types.CONFERENCE_PAPER, types.WORKSHOP_PAPER)
    container = draw(plain.filter(bool) if needs_container else plain)
    return Item(
        key=draw(st.from_regex(re.compile(r"[a-z][a-z0-9:._/+-]{0,9}", re.ASCII), fullmatch=True)),
        type=kind,
        title=draw(title),
        authors=draw(people),
        editors=draw(people),
        year=year,
        month=month,
        day=day if month else None,
        container=container,
        event=draw(plain.filter(lambda text: text != container)),
        number=draw(plain) if kind == types.REPORT else "",
        genre=draw(
            st.sampled_from(["PhD thesis", "Master's thesis", "Habilitation"]) if kind == types.THESIS else plain
        ),
        arxiv_id=arxiv_id,
        arxiv_class=draw(st.sampled_from(["", "cs.CL"])) if arxiv_id else "",
        doi=draw(dois),
        url=draw(urls),
        pages=draw(pages),
        language=draw(st.sampled_from(["", "en", "de", "pt-BR"])),
        license=draw(st.sampled_from(["", "MIT"])),
        keywords=draw(words),
        abstract=draw(abstract),
        isbn=draw(st.sampled_from(["", "978-3-16-148410-0"])),
        issn=draw(st.sampled_from(["", "0378-5955"])),
        **{name: draw(plain) for name in PLAIN},
    )


PLAIN = ("container_short", "series", "volume", "issue", "version", "publisher", "place", "note")


def without(item, lost):
    """The item without the fields that a format loses."""
    return replace(item, **{name: EMPTY[name] for name in lost})
