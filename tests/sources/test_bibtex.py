"""BibTeX as people have it: dialects, broken files, names and dates."""

import pytest

from research.names import Name
from research.sources import bibtex, registry


def only(text):
    (found,) = bibtex.parse(text).found
    return found


def item(fields, kind="article"):
    return only(f"@{kind}{{key,\ntitle={{T}},\n{fields}\n}}").item


def names(value):
    return [tuple(vars(author.name).values()) for author in item(f"author = {{{value}}}").authors]


ZOTERO = r"""
@misc{vaswani_attention_2017,
	title = {Attention {Is} {All} {You} {Need}},
	url = {http://arxiv.org/abs/1706.03762},
	doi = {10.48550/arXiv.1706.03762},
	urldate = {2023-05-01},
	publisher = {arXiv},
	author = {Vaswani, Ashish and Shazeer, Noam},
	month = jun,
	year = {2017},
	note = {arXiv:1706.03762 [cs]},
	keywords = {Computer Science - Computation and Language},
	file = {PDF:/home/x/a.pdf:application/pdf},
}
"""
DBLP = """
@article{DBLP:journals/corr/abs-1706-03762,
  author       = {Ashish Vaswani and
                  Noam Shazeer},
  title        = {Attention Is All You Need},
  journal      = {CoRR},
  volume       = {abs/1706.03762},
  year         = {2017},
  eprinttype   = {arXiv},
  eprint       = {1706.03762},
  biburl       = {https://dblp.org/rec/x.bib},
}
"""
SCHOLAR = """
@article{vaswani2017attention,
  title={Attention is all you need},
  author={Vaswani, Ashish and Shazeer, Noam and others},
  journal={arXiv preprint arXiv:1706.03762},
  year={2017}
}
"""
BIBLATEX = """
@online{vaswani,
  author = {Vaswani, Ashish and Shazeer, Noam},
  title = {Attention},
  subtitle = {Is All You Need},
  date = {2017-06-12},
  eprint = {1706.03762}, eprinttype = {arxiv}, eprintclass = {cs.CL},
  langid = {english}, urldate = {2020-01-01},
}
"""


@pytest.mark.parametrize("text", [ZOTERO, DBLP, SCHOLAR, BIBLATEX], ids=["Zotero", "DBLP", "Scholar", "biblatex"])
def test_one_preprint_is_the_same_in_every_dialect(text):
    found = only(text)
    work = found.item
    assert (work.type, work.year, work.arxiv_id, work.doi) == ("preprint", 2017, "1706.03762", "")
    assert (work.container, work.publisher, work.url, work.note) == ("", "", "", "")
    assert [author.name.full for author in work.authors] == ["Ashish Vaswani", "Noam Shazeer"]
    assert work.title.replace(":", "").lower() == "attention is all you need"
    assert found.authors_are_complete is ("others" not in text)


def test_an_entry_of_the_acl_anthology_is_whole():
    found = only(
        '@inproceedings{gao-2020, title = "Paraphrase {A}ugmented {D}ialog", author = "Gao, Silin and Yu, Zhou", '
        'editor = "Jurafsky, Dan", booktitle = "Proceedings of the 58th {ACL}", month = jul, year = "2020", '
        'address = "Online", publisher = "Association for Computational Linguistics", '
        'url = "https://aclanthology.org/2020.acl-main.60/", doi = "10.18653/v1/2020.acl-main.60", pages = "639--649"}'
    )
    work = found.item
    assert (work.type, work.title, work.container) == (
        "conference-paper",
        "Paraphrase Augmented Dialog",
        "Proceedings of the 58th ACL",
    )
    assert (work.year, work.month, work.pages, work.doi) == (2020, 7, "639–649", "10.18653/v1/2020.acl-main.60")
    assert [editor.name.full for editor in work.editors] == ["Dan Jurafsky"]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        (r"CO\textsubscript{2} in the 10\textsuperscript{th} \enquote{owl}", "CO₂ in the 10th “owl”"),
        (r"The $T$\textsubscript{max} of x\textsubscript{max}", r"The $T_{\mathrm{max}}$ of $x_{\mathrm{max}}$"),
        (r"{{An Owl's \emph{View}: \textsc{Hoot}--a \& b}}", "An Owl’s *View*: Hoot–a & b"),
        (r"<i>C. elegans</i> {\&}amp; H<sub>2</sub>O", "*C. elegans* & H₂O"),
        (r"Na\"{\i}ve {\"O}l in Erd{\H o}s' M\'exico, {\AA}rhus", "Naïve Öl in Erdős’ México, Århus"),
        (r"{\it In vivo} of $\alpha$-decay at 5~\% \ldots", r"*In vivo* of $\alpha$-decay at 5 % …"),
    ],
)
def test_tex_in_titles(title, expected):
    assert only(f"@misc{{k, title={{{title}}}}}").item.title == expected


def test_fields_of_al_folio_are_read_where_they_say_something():
    work = item(
        "author={Doe, Jane}, booktitle={International Conference on Learning Representations}, abbr={ICLR}, "
        "selected={true}, bibtex_show={true}, preview={a.png}, arxiv={2412.04984}, html={https://example.org/p}",
        "inproceedings",
    )
    assert (work.container_short, work.arxiv_id, work.url) == ("ICLR", "2412.04984", "https://example.org/p")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("month = jan", (1, None)),
        ('month = "January"', (1, None)),
        ("month = {jan}", (1, None)),
        ("month = 1", (1, None)),
        ("month = {01}", (1, None)),
        ('month = jan # "~5"', (1, 5)),
        ('month = "5~" # jan', (1, 5)),
        ("month = {Jan.–Feb.}", (1, None)),
        ("month = {10--14 July}", (7, None)),
        ("month = {Sept.}", (9, None)),
        ("month = {März}", (3, None)),
        ("month = {13}", (None, None)),
        ("month = {Spring}", (None, None)),
        ("month = oct, day = {31}", (10, 31)),
    ],
)
def test_months_in_every_spelling(fields, expected):
    work = item(f"year=2020, {fields}")
    assert (work.year, work.month, work.day) == (2020, *expected)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("date={2020-05-07}", (2020, 5, 7)),
        ("date={2020-05/2020-06}", (2020, 5, None)),
        ("date={2020}, month=may", (2020, 5, None)),
        ("date={May 2020}", (2020, 5, None)),
        ("year={2020a}", (2020, None, None)),
        ("year={in press}", (None, None, None)),
        ("year={\\natexlab{a}2019}", (2019, None, None)),
    ],
)
def test_dates_in_every_spelling(fields, expected):
    work = item(fields)
    assert (work.year, work.month, work.day) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("doi={https://doi.org/10.1000/X}", ("10.1000/x", "", "")),
        ("doi={10.1145/3292500\\_3330701}", ("10.1145/3292500_3330701", "", "")),
        ("url={https://doi.org/10.1000/x}", ("10.1000/x", "", "")),
        ("url={https://arxiv.org/abs/2412.04984v2}", ("", "2412.04984", "")),
        ("archivePrefix={arXiv}, arxivId={1706.03762}, eprint={1706.03762}", ("", "1706.03762", "")),
        ("eprint={https://arxiv.org/pdf/2412.04984}", ("", "2412.04984", "")),
        ("howpublished={\\url{https://a.org/b_c}}", ("", "", "https://a.org/b_c")),
        ("url={javascript:alert(1)}", ("", "", "")),
        ("eprint={123456}, archiveprefix={JSTOR}", ("", "", "")),
    ],
)
def test_identifiers_are_found_wherever_they_stand(fields, expected):
    work = item(fields)
    assert (work.doi, work.arxiv_id, work.url) == expected


def test_an_entry_has_what_its_crossref_has_but_not_its_authors():
    found = bibtex.parse(
        "@inproceedings{a, crossref={P}, title={A}, author={Doe, Jane}}\n"
        "@proceedings{p, title={Proc. of X}, year=2020, editor={Roe, John}, author={No One}, publisher={ACM}}"
    ).found
    work = found[0].item
    assert (work.container, work.year, work.publisher) == ("Proc. of X", 2020, "ACM")
    assert [editor.name.full for editor in work.editors] == ["John Roe"]
    assert [author.name.full for author in work.authors] == ["Jane Doe"]


def test_crossrefs_in_a_circle_do_no_harm():
    found = bibtex.parse("@misc{a, crossref={b}, title={A}}\n@misc{b, crossref={a}, title={B}}").found
    assert [one.item.title for one in found] == ["A", "B"]


def test_bad_entries_are_named_and_the_good_ones_read():
    answer = bibtex.parse(
        "---\n---\n"
        '@string{acm = {ACM}}\n@comment{@article{hidden, title={No}}}\n@preamble{"x"}\n'
        "@article{one, title={One}, publisher=acm}\n"
        "@article{open, title={Never closed,\n  year=2020\n}\n"
        "@article{two,\n  title={Two}\n  year={2021}\n}\n"
        "@article{title={No key}, year=2022}\n"
        "% @article{off, title={Commented out}}\n"
        "@article{three,\n  title={Three},\n  % pdf={x},\n  year=2023,\n}\n"
        "@article{none, author={Doe, Jane}}\n"
        "@article{one, title={Another one}}\n"
        '@article{quoted, title="Never closed, year=2020}\n'
    )
    assert [(one.line, one.item.key, one.item.title, one.item.year) for one in answer.found] == [
        (6, "one", "One", None),
        (10, "two", "Two", 2021),
        (14, "", "No key", 2022),
        (16, "three", "Three", 2023),
        (22, "", "Another one", None),
    ]
    assert [str(problem) for problem in answer.problems] == [
        "Line 7: Its last “}” is missing: perhaps a brace is opened and never closed. It begins with “@article{open, "
        "title={Never closed, year=2020 }”.",
        "Line 10: A comma is missing before “year”; the entry was read all the same.",
        "Line 21: The entry “none” has no title, so it was left out.",
        "Line 22: The key “one” is there twice, first in line 6; this entry was read without its key.",
        "Line 23: The quotation mark that opens “title” is never closed. It begins with “@article{quoted, "
        'title="Never closed, year=2020}”.',
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Donald E. Knuth and van Beethoven, Ludwig",
         [("Donald E.", "", "Knuth", ""), ("Ludwig", "van", "Beethoven", "")]),
        ("King, Jr., Martin Luther", [("Martin Luther", "", "King", "Jr.")]),
        ("Martin Luther King, Jr. and John King III",
         [("Martin Luther", "", "King", "Jr."), ("John", "", "King", "III")]),
        ("{ATLAS Collaboration} and Plato", [("", "", "ATLAS Collaboration", ""), ("", "", "Plato", "")]),
        ("SMITH, JOHN and DE LA CRUZ, MARÍA J. and IBM",
         [("John", "", "Smith", ""), ("María J.", "de la", "Cruz", ""), ("", "", "IBM", "")]),
        ("Jane Doe, John Roe, Jo Poe", [("Jane", "", "Doe", ""), ("John", "", "Roe", ""), ("Jo", "", "Poe", "")]),
        ("Doe, J., Roe, R.", [("J.", "", "Doe", ""), ("R.", "", "Roe", "")]),
        ("Doe, Jane; Roe, John", [("Jane", "", "Doe", ""), ("John", "", "Roe", "")]),
        ("A. Bee \\& C. Dee", [("A.", "", "Bee", ""), ("C.", "", "Dee", "")]),
        ("\\textbf{Jane Doe} and {\\bf Roe}, John", [("Jane", "", "Doe", ""), ("John", "", "Roe", "")]),
        ("<b>Jane Doe</b> and Jos{\\'e} P{\\o}", [("Jane", "", "Doe", ""), ("José", "", "Pø", "")]),
        ("Wei Wang 0001", [("Wei", "", "Wang", "")]),
        ("Jane Doe1,2 and John Roe$^{3}$", [("Jane", "", "Doe", ""), ("John", "", "Roe", "")]),
        ("Wall W.A. and Erd{\\H{o}}s, Paul", [("W.A.", "", "Wall", ""), ("Paul", "", "Erdős", "")]),
        ("Smith JA and Lopez M", [("J. A.", "", "Smith", ""), ("M.", "", "Lopez", "")]),  # PubMed
        ("Smith JA and Lopez M and others", [("J. A.", "", "Smith", ""), ("M.", "", "Lopez", "")]),
        ("Wei LI and Jun WU", [("Wei", "", "Li", ""), ("Jun", "", "Wu", "")]),  # a name in capitals
        ("Jane DOE and Bo X", [("Jane", "", "Doe", ""), ("X", "", "Bo", "")]),
    ],
)  # fmt: skip
def test_names_in_every_form(value, expected):
    assert names(value) == expected


@pytest.mark.parametrize(
    ("authors", "note", "equal", "corresponding"),
    [
        ("Jane Doe* and John Roe* and Jo Poe", "", {0, 1}, set()),
        ("Doe*, Jane and Roe, John$^{*}$", "", {0, 1}, set()),
        ("Jane Doe$^\\dagger$ and John Roe\\textsuperscript{$\\dagger$}", "", {0, 1}, set()),
        ("Jane Doe† and John Roe*", "† Equal contribution, * corresponding author", {0}, {1}),
        ("Jane Doe† and John Roe", "", set(), set()),
        ("Jane Doe and John Roe and Jo Poe", "The first two authors contributed equally", {0, 1}, set()),
        ("Jane Doe and John Roe", "Equal contribution", {0, 1}, set()),
        ("Jane Doe and John Roe and Jo Poe", "Equal contribution", set(), set()),
        ("Jane Doe✉ and John Roe", "", set(), {0}),
    ],
)
def test_marks_and_notes_become_flags(authors, note, equal, corresponding):
    found = only(f"@misc{{k, title={{T}}, author={{{authors}}}, note={{{note}}}}}")
    assert (set(found.equal_contribution), set(found.corresponding)) == (equal, corresponding)
    assert all(author.name.full.replace(" ", "").isalpha() for author in found.item.authors)
    assert found.item.note == ("" if equal or corresponding else note)


@pytest.mark.parametrize("others", ["and others", "et al.", "and {et al.}", "and \\ldots"])
def test_a_list_that_goes_on_is_known_to(others):
    found = only(f"@misc{{k, title={{T}}, author={{Doe, Jane {others}}}}}")
    assert found.item.authors[0].name == Name("Jane", "", "Doe", "")
    assert not found.authors_are_complete


@pytest.mark.parametrize(
    "text",
    [
        "@article{a, title=" + "{" * 100_000,
        "@article{a, title={" + "{" * 100_000 + "}" * 100_000 + "}}",
        "{" * 100_000 + "\n@",
        "@comment{\n" * 10_000,
        "@article{" * 10_000,
        '@article{a, title="' + "{" * 100_000,
        "@article{a, title={x} " * 5_000,
        "@article{a, " + "author={A and B}, " * 5_000 + "title={x}}",
        "@article{a, title={x}, author={" + "a and " * 20_000 + "}}",
    ],
    ids=lambda text: text[:20],
)
def test_hostile_files_are_read_or_named(text):
    answer = bibtex.parse(text)
    assert len(answer.found) < 2


def test_five_thousand_entries_with_abstracts_are_read():
    abstract = "We show that owls see in the dark. " * 30
    text = "".join(
        f"@article{{k{number}, title={{The {{Owl}} {number} of {{\\'E}}cole}}, author={{Doe, Jane and Roe, John}}, "
        f"journal={{Journal of Owls}}, year=2020, abstract={{{abstract}}}}}\n"
        for number in range(5_000)
    )
    answer = registry.read_text(text.encode(), "owls.bib")
    assert (len(answer.found), answer.problems) == (5_000, ())
