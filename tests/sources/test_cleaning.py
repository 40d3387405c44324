"""Titles and abstracts of sources: each in and out, and rendered by the page."""

import pytest

from research import markup
from research.citations import jats, mathml
from research.sources import cleaning

MATHML = (
    '<mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML"><mml:msub><mml:mi>B</mml:mi><mml:mi>s</mml:mi></mml:msub>'
    "<mml:mo>→</mml:mo><mml:msup><mml:mi>μ</mml:mi><mml:mo>+</mml:mo></mml:msup></mml:math>"
)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("The <i>C. elegans</i> genome", "The *C. elegans* genome"),
        ("A <b>bold</b> claim", "A **bold** claim"),
        ("H<sub>2</sub>O and 10<sup>-3</sup>", "H₂O and 10⁻³"),
        ("x<sub>max</sub> in <sup>13</sup>C", r"$x_{\mathrm{max}}$ in ¹³C"),
        ("The 10<sup>th</sup> workshop", "The 10th workshop"),
        ("CO&lt;sub&gt;2&lt;/sub&gt; uptake", "CO₂ uptake"),
        ("R&amp;D, R&amp;amp;D and R&D", "R&D, R&D and R&D"),
        ("Caf&eacute; &#x2013; &amp;#233;", "Café – é"),
        ("p < 0.05 and x<y, a > b", "p < 0.05 and x<y, a > b"),
        ("<scp>NASA</scp>: <span class='nocase'>a study</span>", "NASA: a study"),
        (f"Decays {MATHML} seen", r"Decays $B_s\rightarrow \mu^+$ seen"),
        ("A title\n      over lines\xa0and more", "A title over lines and more"),
        ("Ã©cole â€œsoâ€\x9d", "école “so”"),
        ("na\u0308ive \ufb01les\u200b", "näive files"),
        ("10$^{-3}$ of CO$_2$ at 5$\\sigma$", r"10⁻³ of CO₂ at $5\sigma$"),
        (r"x$_{\rm max}$ and R$^a$2", r"$x_{\rm max}$ and $R^a2$"),
        ("Al_{x}Ga_{1-x}As of f_{name}", "AlₓGa₁₋ₓAs of f_{name}"),
        (r"$ \alpha $-decay, costs $5 and $10", r"$\alpha$-decay, costs $5 and $10"),
        ("Unclosed <i>tags</b> and </i>", "Unclosed *tags and*"),
        ("Attention is all you need.", "Attention is all you need"),
        ("What next…", "What next…"),
        ("A comment on Doe et al.", "A comment on Doe et al."),
        ("", ""),
    ],
)
def test_titles(source, expected):
    assert cleaning.title(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "<jats:title>Abstract</jats:title><jats:p>We show.</jats:p><jats:p>And more.</jats:p>",
            "We show.\n\nAnd more.",
        ),
        (
            "<jats:sec><jats:title>Background</jats:title><jats:p>Owls.</jats:p></jats:sec>"
            "<jats:sec><jats:title>Methods</jats:title><jats:p>We look.</jats:p></jats:sec>",
            "**Background** Owls.\n\n**Methods** We look.",
        ),
        ("<ns4:p>A <ns4:italic>b</ns4:italic>.</ns4:p>", "A *b*."),
        ("ABSTRACT: We show.", "We show."),
        ("Abstractive summaries are short.", "Abstractive summaries are short."),
        (
            "<jats:p>Of <jats:inline-formula><jats:alternatives><jats:tex-math>"
            r"\documentclass{x}\begin{document}$$x^2$$\end{document}</jats:tex-math>"
            "<mml:math><mml:mi>y</mml:mi></mml:math></jats:alternatives></jats:inline-formula> here.</jats:p>",
            "Of $x^2$ here.",
        ),
        ("<p>One</p>\n\n<p>two &lt; three</p>", "One\n\ntwo < three"),
    ],
)
def test_abstracts(source, expected):
    assert cleaning.abstract(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<math><msup><mi>x</mi><mn>2</mn></msup></math>", "x^2"),
        ("<math><mfrac><mi>a</mi><mi>b</mi></mfrac></math>", r"\frac{a}{b}"),
        ("<math><msqrt><mi>s</mi></msqrt><mo>=</mo><mn>13</mn><mtext> TeV</mtext></math>", r"\sqrt{s}=13\text{ TeV}"),
        ("<math><msubsup><mi>D</mi><mi>s</mi><mo>*</mo></msubsup></math>", "D_s^*"),
        ("<math><mover><mi>B</mi><mo>¯</mo></mover></math>", r"\bar{B}"),
        ("<math><mi mathvariant='bold'>v</mi><mi>sin</mi><mi>GeV</mi></math>", r"\mathbf{v}\sin \mathrm{GeV}"),
        ('<math><mi mathvariant="double-struck">R</mi></math>', r"\mathbb{R}"),
        (
            "<math><mmultiscripts><mi>C</mi><mprescripts/><none/><mn>13</mn></mmultiscripts></math>",
            "^{13}C",
        ),
        ('<math><mi>y</mi><annotation encoding="application/x-tex">x_1</annotation></math>', "x_1"),
        ("<math>" + "<mrow>" * 500, ""),
        ("<math><mi>x", "x"),
        ("<math></math>", ""),
    ],
)
def test_mathml_becomes_tex(source, expected):
    assert mathml.to_tex(source) == expected


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("H<sub>2</sub>O", "H₂O"),
        ("x<sub>max</sub>", "xₘₐₓ"),
        (f"{MATHML}", "<math>"),
        ("5$\\sigma$ and 10$^{x}$", "<math>"),
        ("The <i>C. elegans</i> genome", "<em>C. elegans</em>"),
    ],
)
def test_the_page_renders_what_comes_out(source, words):
    html = markup.render_inline(cleaning.title(source))
    assert words in html or "<math>" in html
    assert not any(sign in html for sign in ("$", "&lt;", "*"))


@pytest.mark.parametrize(
    "piece", ["<i>", "</i>", "<", "&lt;", "&amp;", "$", "$_", "<math>", "<sub>x", "</sub>", "<p>", "\\", "{", "<!--"]
)
def test_hostile_texts_do_no_harm(piece):
    text = piece * (30_000 // len(piece))
    assert isinstance(cleaning.title(text), str)
    assert isinstance(jats.abstract(text), str)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("English", "en"), ("ngerman", "de"), ("eng", "en"), ("pt_BR", "pt-BR"), ("en", "en"), ("Klingon spoken", "")],
)
def test_languages_have_their_short_names(text, expected):
    assert cleaning.language(text) == expected


def test_numbers_of_books_and_journals_are_the_first_of_several():
    assert cleaning.first_number("ISBN: 978-3-16-148410-0, 978-3-16-148411-7", 10) == "978-3-16-148410-0"
    assert cleaning.first_number("http://id.crossref.org/isbn/9783161484100", 10) == "9783161484100"
    assert cleaning.first_number("none", 10) == ""
    assert cleaning.issn("2049363x, 1234-5678") == "2049-363X"
