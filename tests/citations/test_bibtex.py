"""BibTeX: text in, text out; round trips; other people's files; hostile files."""

import time
import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from research.citations import bibtex, latex, limits
from research.citations import item as types
from research.citations.item import Contributor, Item
from research.names import Name

from .gold import FOLDER, GOLD
from .strategies import items, texts, without


def written(name, flavour="utf8", **fields):
    """The line of a field in the entry of an Item."""
    item = Item(**{"key": "k", "type": "article", "title": "T"} | fields)
    lines = (line.strip().rstrip(",") for line in bibtex.render(item, flavour).splitlines())
    return next((line.removeprefix(f"{name} = ") for line in lines if line.startswith(f"{name} = ")), None)


def read(fields, kind="article"):
    (item,) = bibtex.parse(f"@{kind}{{key,\n{fields}\n}}")
    return item


def author(*parts):
    return (Contributor(Name(*parts)),)


@pytest.mark.parametrize("kind", types.TYPES)
def test_each_type_is_written_as_its_golden_files(kind):
    assert bibtex.render(GOLD[kind]) == (FOLDER / f"{kind}.bib").read_text("utf-8")
    assert bibtex.render(GOLD[kind], "latex") == (FOLDER / f"{kind}.latex.bib").read_text("utf-8")


@pytest.mark.parametrize("kind", types.TYPES)
@settings(max_examples=15, deadline=None)
@given(st.data())
def test_what_is_written_is_read_back(kind, data):
    item = without(data.draw(items(kind)), bibtex.LOST_FIELDS[kind])
    assert bibtex.parse(bibtex.render(item)) == [item]


@pytest.mark.parametrize(
    ("published", "address", "publisher"),
    [
        (r"\url{https://owls.example/a_b}", "https://owls.example/a_b", ""),
        ("Available at https://owls.example.", "https://owls.example", ""),
        ("Data set, ://", "", "://"),
        ("Data set, Zenodo", "", "Zenodo"),
    ],
)
def test_how_a_thing_was_published_may_be_an_address(published, address, publisher):
    item = read(f"entrysubtype={{dataset}}, howpublished={{{published}}}", "misc")
    assert (item.type, item.url, item.publisher or item.container) == (types.DATASET, address, publisher)


def test_many_are_read_back_in_their_order():
    text = bibtex.render_all(GOLD.values())
    assert [(item.key, item.type) for item in bibtex.parse(text)] == [(item.key, item.type) for item in GOLD.values()]


@settings(max_examples=200, deadline=None)
@given(texts())
def test_the_latex_flavour_reads_back_as_the_same_letters(text):
    decoded = latex.decode(latex.encode(text, ascii=True))
    assert unicodedata.normalize("NFKC", decoded) == unicodedata.normalize("NFKC", text)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("100% of R&D, #1 in C_x for $5", r"{100\% of {R\&D}, \#1 in {C\_x} for \$5}"),
        ("Über λ₁ in 東京 – “so” it's", "{Über {λ₁} in 東京 – “so” it’s}"),
        ('A "quoted" word -- here', "{A “quoted” word – here}"),
        ("The *E. coli* **not** $O(n^2)$", r"{The \emph{{E}. coli} \textbf{not} {$O(n^2)$}}"),
        ("$x_1$ and $\\{a\\}$", r"{$x_1$ and $\{a\}$}"),
        ("An unpaired $\\{x$", r"{An unpaired $\lbrace x$}"),
        ("An unpaired { here", r"{An unpaired {\textbraceleft} here}"),
        ("Attention Is All You Need", "{Attention Is All You Need}"),
        ("BERT and the iPhone: Language Models", "{{BERT} and the {iPhone}: Language Models}"),
        ("On the Laplacian of graphs by Erdős", "{On the {Laplacian} of graphs by {Erdős}}"),
        ("2 * 3 * 4", "{2 * 3 * 4}"),
    ],
)
def test_titles_are_escaped_and_their_capitals_protected(title, expected):
    assert written("title", title=title) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        (
            "é í Å ö ł ø ß ç ő š ñ ễ",
            r"{{\'e} {\'i} {{\r A}} {\"o} {\l} {\o} {\ss} {\c c} {\H o} {\v s} {\~n} {\~{\^e}}}",
        ),
        (
            "of λ₂ → ∞",
            r"{of {{\ensuremath{\lambda}}{\ensuremath{_{2}}}} {\ensuremath{\rightarrow}} {\ensuremath{\infty}}}",
        ),
        ("“so” – it's", "{``so'' -- it's}"),
        ("of 王", "{of 王}"),
    ],
)
def test_the_latex_flavour_is_what_pdflatex_can_set(title, expected):
    assert written("title", "latex", title=title) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (("Jan", "van der", "Berg", ""), "van der Berg, Jan"),
        (("Martin Luther", "", "King", "Jr."), "King, Jr., Martin Luther"),
        (("", "", "ATLAS Collaboration", ""), "{ATLAS Collaboration}"),
        (("Nalin", "", "de Silva", ""), "{de Silva}, Nalin"),
        (("bell", "", "hooks", ""), "hooks, bell"),
        (("José", "", "Ortega y Gasset", ""), "{Ortega y Gasset}, José"),
        (("Tom", "", "Rock and Roll", ""), "{Rock and Roll}, Tom"),
        (("小明", "", "王", ""), "王, 小明"),
    ],
)
def test_names_are_written_so_that_bibtex_finds_their_parts(name, expected):
    assert written("author", authors=author(*name)) == f"{{{expected}}}"
    assert read(f"author = {{{expected}}}").authors == author(*name)


def test_a_month_is_a_macro_and_an_article_has_no_publisher():
    assert written("month", year=2024, month=2) == "feb"
    assert written("publisher", publisher="ACM") is None


def test_addresses_and_dois_stay_as_they_are():
    url = "https://example.org/~a/b_c%20d?x=1&y=#z"
    assert written("url", url=url) == f"{{{url}}}"
    assert read(f"url = {{{url}}}").url == url
    assert written("doi", doi="10.1/a_(b)<c>") == "{10.1/a_(b)<c>}"


def test_a_notice_begins_the_note():
    assert written("note", notice="Retracted: fraud.", note="With slides") == "{Retracted: fraud. With slides}"


def test_an_arxiv_preprint_is_misc_with_its_eprint():
    text = bibtex.render(GOLD["preprint"])
    assert text.startswith("@misc{")
    assert "eprint = {2412.04984},\n  archiveprefix = {arXiv},\n  primaryclass = {cs.AI}" in text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (r"{Erd{\H o}s and G{\"o}del, \'{E}cole, na\"{\i}ve, \AA, \ss}", "Erdős and Gödel, École, naïve, Å, ß"),
        (r"{The {\em in vivo} \textit{E. coli}}", "The *in vivo* *E. coli*"),
        (r"{Learning $\alpha$-{Divergences} --- ``so''}", r"Learning $\alpha$-Divergences — “so”"),
        ('"A {"}B{"} \\& C"', 'A "B" & C'),
        ('acm # " on " # 12', "ACM on 12"),
        (r"{\url{https://a.org/x_y} \LaTeX\ and \unknown{words}}", "https://a.org/x_y LaTeX and words"),
        ("{Costs $5 and $10}", "Costs $5 and $10"),
        ("{two\n    lines}", "two lines"),
    ],
)
def test_titles_of_other_files_are_read(value, expected):
    (item,) = bibtex.parse(f"@string{{acm = {{ACM}}}}\n@article{{k, title = {value}}}")
    assert item.title == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Donald E. Knuth", [("Donald E.", "", "Knuth", "")]),
        ("Ludwig van Beethoven and others", [("Ludwig", "van", "Beethoven", "")]),
        (r"{\v{Z}}i{\v z}ek, Slavoj AND {{OpenAI}}", [("Slavoj", "", "Žižek", ""), ("", "", "OpenAI", "")]),
        ("Knuth,~D.~E.", [("D. E.", "", "Knuth", "")]),
        ("Plato", [("", "", "Plato", "")]),
        ("}}}{", []),
    ],
)
def test_names_of_other_files_are_read(value, expected):
    names = [contributor.name for contributor in read(f'author = "{value}"').authors]
    assert names == [Name(*parts) for parts in expected]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("@misc{k, eprint={2412.04984}, archivePrefix={arXiv}, primaryClass={cs.AI}}", ("preprint", "2412.04984")),
        ("@article{k, journal={arXiv preprint arXiv:2412.04984}}", ("preprint", "2412.04984")),
        ("@article{k, journal={CoRR}, volume={abs/2412.04984}}", ("preprint", "2412.04984")),
        ("@inproceedings{k, booktitle={NeurIPS Workshop on X}}", ("workshop-paper", "")),
        ("@conference(k, booktitle={NeurIPS})", ("conference-paper", "")),
        ("@Dataset{k, publisher={Zenodo}}", ("dataset", "")),
        ("@online{k, url={https://x.org}}", ("other", "")),
        ("@inbook{k, chapter=3}", ("chapter", "")),
    ],
)
def test_types_of_other_files_are_read(entry, expected):
    (item,) = bibtex.parse(entry)
    assert (item.type, item.arxiv_id) == expected


def test_what_bibtex_and_biblatex_name_differently_is_the_same():
    item = read("journaltitle={J}, date={2024-05-07}, location={Bonn}, eid={e7}, doi={https://doi.org/10.1000/X}")
    assert (item.container, item.year, item.month, item.day) == ("J", 2024, 5, 7)
    assert (item.place, item.number, item.doi) == ("Bonn", "e7", "10.1000/x")
    assert read("year=2024, month={May}, pages={3 -- 9}").month == 5
    assert read("pages={3-9}").pages == "3–9"


def test_an_entry_has_what_its_crossref_has():
    text = "@inproceedings{a, crossref={p}, title={A}}\n@proceedings{p, title={Proc}, year=2020, publisher={ACM}}"
    paper, _ = bibtex.parse(text)
    assert (paper.title, paper.container, paper.year, paper.publisher) == ("A", "Proc", 2020, "ACM")


def test_a_key_or_field_that_is_there_twice_loses_nothing():
    assert len(bibtex.parse("@misc{a, title={x}}\n@misc{a, title={y}}")) == 2
    assert read("title={x}, title={y}").title == "x"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("@article{a, title={x}}\n@book{b, title={x", "Line 2"),
        ("This is no BibTeX.", "no BibTeX entry"),
        ("x" * (limits.MAX_LENGTH + 1), "too long"),
        ("@a{}\n" * 100_000, "too many entries"),
        ("@a{b}" * 100_000, "too many entries"),
        ("{" * 1_000_000, "no BibTeX entry"),
        ("@a{b, title = " + "{" * 1_000_000, "cannot be read"),
        ("@a{b, title = " + "{" * 300_000 + "}" * 300_000 + "}", "nested"),
        ("@a{b, author = {" + "{" * 500 + "}" * 500 + "}}", "nested"),
        ("@a{b, author = {" + "x" * 500_001 + "}}", "list of names"),
        ("".join(f"@string{{s{n} = {f's{n - 1} # ' * 9} s{n - 1}}}\n" for n in range(1, 40)), "too long"),
        (
            "@string{s0={xxxxxxxxxx}}"
            + "".join(f"@string{{s{n} = s{n - 1}{f' # s{n - 1}' * 9}}}\n" for n in range(1, 9)),
            "too long",
        ),
    ],
    ids=lambda value: value[:20],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence_soon(text, sentence):
    began = time.process_time()
    with pytest.raises(ValueError, match=sentence):
        bibtex.parse(text)
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    "piece",
    [
        "\\",
        "-",
        "arxiv",
        "a and ",
        "$",
        "\\$",
        "$\\",
        "\\url{",
        "\\href{",
        "\\'",
        "``",
        "*",
        "~",
        "{}",
        "$x$",
        "*a ",
        "a* ",
        "\\ensuremath{",
        "#",
        '"',
        " ",
    ],
)
def test_hostile_values_are_read_in_linear_time(piece):
    value = piece * (100_000 // len(piece)) + " x"
    names = ("title", "author", "journal", "howpublished", "pages", "month", "date", "url", "eprint", "keywords")
    for name in names:
        began = time.process_time()
        with suppress(ValueError):
            bibtex.render(*bibtex.parse(f"@article{{b, {name} = {{{value}}}}}"))
        assert time.process_time() - began < 5, name


@pytest.mark.parametrize("piece", ["\\$", "$\\", "$a{", "*a **b ", "1$x", "'\"", "-", "{", "é́"])
def test_hostile_texts_are_written_in_linear_time(piece):
    text = "$" + piece * (50_000 // len(piece))
    began = time.process_time()
    bibtex.render(Item(key="k", type="article", title=text, abstract=text, container=text), "latex")
    assert time.process_time() - began < 5


def test_no_entries_are_an_empty_list():
    assert bibtex.parse(" \n") == []
    assert bibtex.render_all([]) == ""
