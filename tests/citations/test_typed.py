"""Markdown, HTML and TeX as people type them, in the smaller language of an Item."""

import pytest

from research import markup
from research.citations import richtext
from research.citations.typed import reduced


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Owls at night", "Owls at night"),
        ("*E. coli* in **two** $x^2$ & a < b", "*E. coli* in **two** $x^2$ & a < b"),
        ("_E. coli_ and __two__", "*E. coli* and **two**"),
        ("<i>E. coli</i>, <em>a</em>, <b>b</b> and <strong>c</strong>", "*E. coli*, *a*, **b** and **c**"),
        ("<i> E. coli </i>in", " *E. coli* in"),
        ("<i>E. **coli** lives</i>", "*E. coli lives*"),
        ("***both***", "*both*"),
        ("H<sub>2</sub>O and <span lang=la>rara avis</span>", "H2O and rara avis"),
        ("<script>alert(1)</script> <think> it", "<script>alert(1)</script> <think> it"),
        ("a<b>c", "a<b>c"),
        ("<!-- not said -->said", "said"),
        ("[Owls](https://owls.example) by `code`, ~~no~~ yes", "Owls by code, no yes"),
        ("![An owl](https://owls.example/owl.png)", "An owl"),
        ("R&amp;D &lt;b&gt; 50\\% of \\# 1\\_2", "R&D <b> 50% of # 1_2"),
        ("pages 1--2<br>and", "pages 1–2 and"),
        ("1. Introduction", "1. Introduction"),
        ("$a_1$ of <i>$b$</i>", "$a_1$ of *$b$*"),
        ("We fly\nat *night*.\n\n- See\n- hear[^1]\n\n[^1]: A note.", "We fly at *night*.\n\nSee\n\nhear"),
        ("First.\n\n$$x < y$$\n\n    code", "First.\n\n$$x < y$$\n\ncode"),
        ("First.\n\n<div>a &lt; <b>b</b></div>", "First.\n\na < b"),
        ("", ""),
        ("_" * 200_000, "_" * 200_000),
    ],
)
def test_what_is_typed_keeps_its_words_emphasis_and_maths(typed, expected):
    assert reduced(typed) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "H<sub>2</sub>O <i>E. **coli**</i> <script>alert(1)</script> [x](https://x.example) a -- b &amp; 5 < 6",
        "un<i>believ</i>able <b>$x_1$ and _y_</b> `z` https://x.example/_y_",
        "One\n*two*\n\n- three <kbd>four</kbd>\n\n> five & six",
    ],
)
def test_its_plain_words_are_those_of_the_page(typed):
    assert richtext.plain(reduced(typed)) == markup.plain(typed)


def test_one_unlucky_text_stays_as_typed(monkeypatch):
    def fail(*_):
        raise RecursionError

    monkeypatch.setattr(markup.INLINE, "parseInline", fail)
    assert reduced("an unlucky <i>one</i>") == "an unlucky <i>one</i>"
