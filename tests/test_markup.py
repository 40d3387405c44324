import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from research import markup
from research.images import Picture
from research.markup import plain, render, render_inline, url_is_safe

BASE = Path(__file__).resolve().parent.parent
MASTER = "images/0123456789abcdef0123456789abcdef-900x600/full.png"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a rationale -- a 'case' -- that", "a rationale – a 'case' – that"),
        ('by saying, "I am a model".', 'by saying, "I am a model".'),
        ("It costs $5 and $10, or $5-$10.", "It costs $5 and $10, or $5-$10."),
        (r"the $\textbf{Awareness Dataset (AD)}$, a", "the <strong>Awareness Dataset (AD)</strong>, a"),
        (
            "available at https://data-set.example.org .",
            'available at <a href="https://data-set.example.org">https://data-set.example.org</a> .',
        ),
        ("see https://x.org/a.", 'see <a href="https://x.org/a">https://x.org/a</a>.'),
        ("(https://x.org/b_(c))", '(<a href="https://x.org/b_(c)">https://x.org/b_(c)</a>)'),
        ("**https://x.org/a**", '<strong><a href="https://x.org/a">https://x.org/a</a></strong>'),
        ("https://x.org/a--b?c=$d$", '<a href="https://x.org/a--b?c=$d$">https://x.org/a--b?c=$d$</a>'),
        ("me@x.org", '<a href="mailto:me@x.org">me@x.org</a>'),
        ("example.org, file.md, //x.org, ftp://x.org", "example.org, file.md, //x.org, ftp://x.org"),
        ("1990--2000, a---b, --option, ----, `a--b`", "1990–2000, a—b, --option, ----, <code>a--b</code>"),
        ("(c) (tm) ... 'x'", "(c) (tm) ... 'x'"),
        ("~~old~~ *new*", "<s>old</s> <em>new</em>"),
        ("1. Introduction", "1. Introduction"),
        ("# no heading", "# no heading"),
        ("a < b & c &amp; d", "a &lt; b &amp; c &amp; d"),
        ("&lt;b&gt; stays text", "&lt;b&gt; stays text"),
    ],
)
def test_a_line_of_an_abstract_reads_as_its_author_meant(text, expected):
    assert render_inline(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$x^2$", "<math><mrow><msup><mi>x</mi><mn>2</mn></msup></mrow></math>"),
        ("$$x$$", '<math display="block"><mrow><mi>x</mi></mrow></math>'),
        ("$x$ in 2024", "<math><mrow><mi>x</mi></mrow></math> in 2024"),
        ("$a<b$", "<math><mrow><mi>a</mi><mo>&lt;</mo><mi>b</mi></mrow></math>"),
        (r"$\mathbf{W}\mathrm{d}$", '<math><mrow><mi>𝐖</mi><mi mathvariant="normal">d</mi></mrow></math>'),
        (r"$\boldsymbol{\theta}$", "<math><mrow><mrow><mi>𝜽</mi></mrow></mrow></math>"),
        (r"$\mathcal{LAB}$", "<math><mrow><mrow><mi>ℒ</mi><mi>𝒜</mi><mi>ℬ</mi></mrow></mrow></math>"),
        (r"$\textit{a}$ $\emph{b}$ $\texttt{c<d}$", "<em>a</em> <em>b</em> <code>c&lt;d</code>"),
        (r"$\textsc{Sad}$ $\text{a -- b}$", '<span class="small-caps">Sad</span> a – b'),
        (r"$\textbf{a \& \textit{b}}$", "<strong>a &amp; <em>b</em></strong>"),
        (r"\$x\$ `$x$` 5$x$", "$x$ <code>$x$</code> 5$x$"),
        (r"$\text{<b>}x$", "<math><mrow><mtext>&lt;b&gt;</mtext><mi>x</mi></mrow></math>"),
        (r"$\frac{1}$", r'<code class="tex">\frac{1}</code>'),
        (r"$\arg x$", "<math><mrow><mo>arg</mo><mi>x</mi></mrow></math>"),
        (r"$\unknown$", r'<code class="tex">\unknown</code>'),
        (r"$\def\a{xx}\a$", r'<code class="tex">\def\a{xx}\a</code>'),
        (r"$\href{javascript:alert(1)}{x}$", r'<code class="tex">\href{javascript:alert(1)}{x}</code>'),
        (r"$\rule{9999em}{9em}$", '<math><mrow><mspace height="9em"></mspace></mrow></math>'),
        ("$" + "x" * 2001 + "$", '<code class="tex">' + "x" * 2001 + "</code>"),
        ("$" + "{" * 100 + "x" + "}" * 100 + "$", '<code class="tex">' + "{" * 100 + "x" + "}" * 100 + "</code>"),
    ],
)
def test_tex_becomes_mathml_or_text_or_stays_readable(text, expected):
    assert render_inline(text) == expected


def test_a_formula_of_its_own_may_have_several_lines():
    assert render("$$\nx\n$$") == '<div class="math"><math display="block"><mrow><mi>x</mi></mrow></math></div>'


@pytest.mark.parametrize(
    ("text", "top", "expected"),
    [
        ("# A\n## B\n# C", 3, "<h3>A</h3>\n<h4>B</h4>\n<h3>C</h3>"),
        ("### A\n##### B\n#### C", 2, "<h2>A</h2>\n<h3>B</h3>\n<h3>C</h3>"),
        ("# A\n## B\n### C", 5, "<h5>A</h5>\n<h6>B</h6>\n<h6>C</h6>"),
        ("A\n===\n\nB\n---", 3, "<h3>A</h3>\n<h4>B</h4>"),
    ],
)
def test_headings_become_an_outline_below_the_page(text, top, expected):
    assert render(text, top_heading=top) == expected


def test_tables_are_aligned_by_class():
    assert render("|a|b|\n|:--|--:|\n|1|2--3|") == (
        '<table>\n<thead>\n<tr>\n<th class="align-left">a</th>\n<th class="align-right">b</th>\n</tr>\n</thead>\n'
        '<tbody>\n<tr>\n<td class="align-left">1</td>\n<td class="align-right">2–3</td>\n</tr>\n</tbody>\n</table>'
    )


def test_footnotes_of_two_texts_have_different_ids():
    first, second = render("a[^1]\n\n[^1]: note"), render("b[^1]\n\n[^1]: note")
    ids = [re.findall(r'\bid="([^"]*)"', html) for html in (first, second)]
    name = ids[0][1].removeprefix("fn-")
    assert first == (
        f'<p>a<sup class="footnote-ref"><a href="#fn-{name}" id="fnref-{name}">[1]</a></sup></p>\n'
        f'<section class="footnotes" role="doc-endnotes">\n<ol>\n<li id="fn-{name}"><p>note '
        f'<a href="#fnref-{name}" class="footnote-backref" aria-label="Back to the text">↩\ufe0e</a></p>\n</li>\n'
        "</ol>\n</section>"
    )
    assert len({*ids[0], *ids[1]}) == 4


def test_a_second_reference_to_a_footnote_has_its_own_way_back():
    ids = re.findall(r'\bid="([^"]*)"', render("a[^n] b[^n]\n\n[^n]: note"))
    assert ids == [f"fnref-{ids[2][3:]}", f"fnref-{ids[2][3:]}:1", ids[2]]


def test_a_picture_of_the_site_comes_in_modern_formats():
    picture = Picture.parse(MASTER)
    sizes = 'sizes="(min-width: 46rem) 44rem, 100vw"'
    sets = {
        kind: ", ".join(f"/media/{name} {width}w" for name, width in picture.srcset(kind)) for kind in ("avif", "webp")
    }
    assert render_inline(f'![A "b"](/media/{MASTER})') == (
        f'<picture><source type="image/avif" {sizes} srcset="{sets["avif"]}">'
        f'<source type="image/webp" {sizes} srcset="{sets["webp"]}">'
        f'<img src="/media/{picture.fallback}" alt="A &quot;b&quot;" width="900" height="600" '
        'loading="lazy" decoding="async"></picture>'
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("![A](/media/images/a.png)", '<img src="/media/images/a.png" alt="A" loading="lazy" decoding="async">'),
        (
            '<img src="/media/images/a.png" alt=A onerror=x>',
            '<img src="/media/images/a.png" alt="A" loading="lazy" decoding="async">',
        ),
        ("![A *b* $\\alpha$](https://x.org/a.png)", '<a href="https://x.org/a.png">A b α</a>'),
        ("![](https://x.org/a.png)", '<a href="https://x.org/a.png">https://x.org/a.png</a>'),
        ("[![A](https://x.org/a.png)](/b)", '<a href="/b">A</a>'),
        ("![A](javascript:alert(1))", "A"),
        ("![A](data:image/png;base64,AA)", "A"),
        ("![A](//x.org/a.png)", "A"),
        ("![A](/media/images/../../admin/logout)", '<a href="/media/images/../../admin/logout">A</a>'),
        ("<img src=https://x.org/a.png alt=A>", "A"),
    ],
)
def test_only_pictures_of_the_site_load(text, expected):
    assert render_inline(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a](https://x.org) b", "a b"),
        ("https://x.org and <https://x.org>", "https://x.org and https://x.org"),
        ("<a href='https://x.org'>a</a> me@x.org", "a me@x.org"),
        ("![A](https://x.org/a.png)", "A"),
        ("*a* $\\textbf{b}$", "<em>a</em> <strong>b</strong>"),
    ],
)
def test_a_title_that_is_a_link_has_none_inside(text, expected):
    assert render_inline(text, links=False) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("H<sub>2</sub>O <kbd>Q</kbd><br>x", "H<sub>2</sub>O <kbd>Q</kbd><br>x"),
        ("<think> and a<b>c and Map<String, T>", "&lt;think&gt; and a&lt;b&gt;c and Map&lt;String, T&gt;"),
        ('<b class="x" id="y" style="z" lang="de">a</b>', '<b lang="de">a</b>'),
        ('<a href="/x" onclick="y" target="_blank">a</a>', '<a href="/x">a</a>'),
        ("a <!-- hidden --> b", "a  b"),
        ("<b><i>a</b></i>", "<b><i>a</i></b>"),
    ],
)
def test_known_typed_tags_work_and_unknown_ones_are_shown(text, expected):
    assert render_inline(text) == expected


def test_markdown_works_inside_typed_blocks():
    text = "<details><summary>More</summary>\n\n**a**\n\n</details>"
    assert render(text) == "<details><summary>More</summary>\n<p><strong>a</strong></p>\n</details>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a](javascript:alert(1))", "<p>a</p>"),
        ("[a](JaVaScRiPt:alert(1))", "<p>a</p>"),
        ("[a](javascript&colon;alert(1))", "<p>a</p>"),
        ("[a](java&#9;script:alert(1))", "<p>a</p>"),
        ("[a](<java\tscript:alert(1)>)", "<p>a</p>"),
        ("[a](&#1;javascript:alert(1))", "<p>a</p>"),
        ("[a](vbscript:x) [b](data:text/html,x) [c](file:///x)", "<p>a b c</p>"),
        ("[a](//evil.org)", "<p>a</p>"),
        (r"[a](\\evil.org)", "<p>a</p>"),
        ("[a][b]\n\n[b]: javascript:alert(1)", "<p>a</p>"),
        ("<javascript:alert(1)>", "<p>javascript:alert(1)</p>"),
        ("<a href='java\nscript:alert(1)'>a</a>", "<p>a</p>"),
        ("<a href='&#x6a;avascript:alert(1)'>a</a>", "<p>a</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("<scr<script>ipt>", "<p>&lt;scr&lt;script&gt;ipt&gt;</p>"),
        ("<style>*{}</style>", "<p>&lt;style&gt;*{}&lt;/style&gt;</p>"),
        ("<img src=x onerror=alert(1)>", "<p></p>"),
        ("<div onmouseover=alert(1)>a</div>", "<div>a</div>"),
        ("<div>\n<script>a</script>\n</div>", "<div>\n&lt;script&gt;a&lt;/script&gt;\n</div>"),
        ("<iframe src=//x></iframe>", "<p>&lt;iframe src=//x&gt;&lt;/iframe&gt;</p>"),
        ("<form action=/x><input name=a></form>", "<p>&lt;form action=/x&gt;&lt;input name=a&gt;&lt;/form&gt;</p>"),
        ("<base href=//x>", "<p>&lt;base href=//x&gt;</p>"),
        ("<svg><p>a</svg>", "<p>&lt;svg&gt;&lt;p&gt;a&lt;/svg&gt;</p>"),
        ("<b id=cookie name=body>a</b>", "<p><b>a</b></p>"),
        (
            "<math><mtext><table><mglyph><style><img src onerror=alert(1)>",
            "<p>&lt;math&gt;&lt;mtext&gt;&lt;table&gt;&lt;mglyph&gt;&lt;style&gt;</p>",
        ),
        (
            r"$\text{</mtext></math><img src=x onerror=alert(1)>}x$",
            "<p><math><mrow><mtext>&lt;/mtext&gt;&lt;/math&gt;&lt;img&nbsp;src=x&nbsp;onerror=alert(1)&gt;</mtext>"
            "<mi>x</mi></mrow></math></p>",
        ),
        ('```x" onload="y\na\n```', "<pre><code>a\n</code></pre>"),
        ('[a](/x "b\\" onclick=\\"c")', '<p><a href="/x" title="b&quot; onclick=&quot;c">a</a></p>'),
        ("[^<b onclick=x>]\n\n[^<b onclick=x>]: a", "<p>^&lt;b onclick=x&gt;</p>"),
    ],
)
def test_nothing_typed_can_run(text, expected):
    assert render(text) == expected


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        *[
            (url, True)
            for url in ("https://x.org", "HTTP://x.org/ä?a=b#c", "mailto:a@b.org", "tel:+49-30", "/", "/a", "#a")
        ],
        *[(url, False) for url in ("", "a", "?a", "//x.org", "///x", "https:x", "https://", "http:///x", "mailto:")],
        *[
            (url, False)
            for url in ("javascript:x", "data:x", " /a", "/a b", "/a\n", "/\\x", "\\\\x", "/\t/x", "/\u200bx")
        ],
    ],
)
def test_an_address_is_safe_or_not(url, safe):
    assert url_is_safe(url) is safe


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"$\alpha$ -- $\textbf{X}$: *a* `b` [c](/d)", "α – X: a b c"),
        (r"$x^2$ $10^{-3}$ $a_{ij}$ $\theta_{\text{max}}$ $e^{xy}$", "x² 10⁻³ aᵢⱼ θ_max e^xy"),
        (r"$\frac{a+b}{c}$ $\sqrt{2}$ $\hat{x}$ $\mathbb{R}$ $\frac{1}$", r"(a+b)/c √2 x̂ ℝ \frac{1}"),
        ("A <think> & <b>bold</b>\n\n# B\n- c\n- d", "A <think> & bold B c d"),
        ("a[^1]\n\n[^1]: note", "a"),
        ("![A](/media/images/a.png) <br> &lt;b&gt;", "A <b>"),
        ("1. A title", "1. A title"),
    ],
)
def test_plain_text_keeps_the_words(text, expected):
    assert plain(text) == expected


@pytest.mark.parametrize(
    "unit", ["[", "*", "_", "`", "$", "\\", "<", "> ", "- ", "![", "[^a]", "<b>", "$$\n", "://", "|a"]
)
def test_hostile_repetition_is_rendered(unit):
    text = unit * 20_000
    for result in (render(text), render_inline(text), plain(text)):
        assert isinstance(result, str)


def test_a_text_beyond_the_cap_is_shown_as_typed():
    text = "*a* <b>\n\nc" + " d" * markup.MAX_LENGTH
    assert render(text) == "<p>*a* &lt;b&gt;</p>\n<p>c" + " d" * markup.MAX_LENGTH + "</p>"


def test_a_text_that_breaks_the_parser_is_shown_as_typed(monkeypatch, caplog):
    def broken(*_arguments):
        raise RecursionError

    monkeypatch.setattr(markup.BLOCK, "render", broken)
    assert render("*unlucky* <b>") == "<p>*unlucky* &lt;b&gt;</p>"
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_half_a_character_is_replaced():
    assert render_inline("a\ud800b") == "a?b"


class Elements(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


FRAGMENTS = st.sampled_from(
    re.findall(
        r"\S+",
        "a b $x$ $\\text{ } $$ ** _ ` [ ]( ) ![ [^a] [^a]: <script> </script> <b> </b> <a href= javascript: "
        "<style> <svg> <math> <mtext> <!-- --> <img src=x onerror=x> &lt; &#x3c; \" ' = > | --- # - \\ <div> </p> "
        "https://x.org",
    )
) | st.sampled_from(["\n", "\n\n", " ", "    ", "\t", "\0"])
TEXTS = st.text() | st.lists(FRAGMENTS | st.text(max_size=3)).map("".join)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_no_text_raises_or_yields_more_than_the_allow_list(text):
    for html in (render(text), render_inline(text), render_inline(text, links=False)):
        for tag, attributes in Elements(html).found:
            assert tag in markup.BLOCK_RESULT
            assert set(attributes) <= markup.ATTRIBUTES["*"] | markup.ATTRIBUTES.get(tag, set())
            assert url_is_safe(attributes.get("href", "/"))
    assert "\n" not in plain(text)


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_text_typed_as_code_shows_exactly_itself(text):
    typed = text.replace("\0", "").replace("`", "").replace("\r", "").replace("\n", " ").strip()
    if typed:
        assert plain(f"`` {typed} ``") == " ".join(typed.split())


def test_only_this_module_marks_html_safe():
    forbidden = re.compile(r"mark_safe|SafeString|SafeText|__html__|\|\s*safe\b|autoescape off|safeseq")
    files = [path for folder in ("research", "portfolio", "templates") for path in (BASE / folder).rglob("*")]
    sources = [path for path in files if path.suffix in {".py", ".html", ".xml", ".txt", ".svg"}]
    assert [str(path.relative_to(BASE)) for path in sources if forbidden.search(path.read_text("utf-8"))] == [
        "research/markup.py"
    ]
