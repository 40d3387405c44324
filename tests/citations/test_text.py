import threading
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from research.citations import processor, text
from research.citations.item import TYPES

from .goldenfiles import RECORDS, assert_golden
from .works import ATLAS, BERG, EDITORS, KING, MANY, WORKS, person, works

ARTICLE = replace(WORKS["article"], title="On owls", authors=(BERG,))


@pytest.mark.parametrize("kind", TYPES)
def test_each_type_is_cited_in_each_style(kind):
    lines = [f"{label}: {text.render(RECORDS[kind], style)}\n" for style, label in text.STYLES.items()]
    assert_golden(f"{kind}.txt", "".join(lines))


@pytest.mark.parametrize("style", text.STYLES)
@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("items", [WORKS, RECORDS])
def test_no_citation_is_crooked(items, kind, style, caplog):
    text.runs.cache_clear()
    citation = text.render(items[kind], style)
    assert citation == citation.strip()
    for fault in ("..", ",,", " ,", " .", "  ", "n.d.", "()", "[]", "None", "span", ",”,", "”.", "”,", "\n"):
        assert fault not in citation
    assert not caplog.records


@pytest.mark.parametrize("style", text.STYLES)
def test_what_has_a_doi_is_cited_with_it(style):
    assert "10.1234/ab.article" in text.render(ARTICLE, style)


@pytest.mark.parametrize("style", text.STYLES)
def test_what_has_no_doi_is_cited_with_an_address(style):
    bare = replace(ARTICLE, doi="")
    assert "https://publisher.example/paper" in text.render(bare, style)
    assert bare.record_url in text.render(replace(bare, url=""), style)
    assert "https://arxiv.org/abs/2412.04984" in text.render(WORKS["preprint"], style)


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("apa", ", 12(3), 101–117. "),
        ("ieee", ", vol. 12, no. 3, pp. 101–117, Nov. 2024, "),
        ("chicago", " 12 (3): 101–17. "),
        ("mla", ", vol. 12, no. 3, Nov. 2024, pp. 101–17, "),
        ("vancouver", ". 2024 Nov 5;12(3):101–17. "),
        ("harvard", ", 12(3), pp. 101–117. "),
    ],
)
def test_volume_issue_and_pages_are_as_the_style_has_them(style, expected):
    assert expected in text.render(ARTICLE, style)


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("apa", "van der Berg, J. P., King, M. L., Jr., & ATLAS Collaboration. (2024)."),
        ("ieee", "J. P. van der Berg, M. L. King Jr., and ATLAS Collaboration, "),
        ("chicago", "Berg, Jan Pieter van der, Martin Luther King Jr., and ATLAS Collaboration. 2024."),
        ("mla", "van der Berg, Jan Pieter, et al. "),
        ("vancouver", "van der Berg JP, King ML Jr, ATLAS Collaboration. "),
        ("harvard", "van der Berg, J.P., King, M.L., Jr. and ATLAS Collaboration (2024)"),
    ],
)
def test_names_are_as_the_style_has_them(style, expected):
    assert text.render(replace(ARTICLE, authors=(BERG, KING, ATLAS)), style).startswith(expected)


def test_a_given_name_in_lower_case_has_an_initial():
    assert text.render(replace(ARTICLE, authors=(person("bell", "hooks"),)), "apa").startswith("hooks, B. (2024)")


def test_hundreds_of_authors_are_cut():
    assert all(len(text.render(MANY, style)) < 1_000 for style in text.STYLES)


@pytest.mark.parametrize(
    ("title", "style", "expected"),
    [
        ("attention is all you need", "mla", "“Attention Is All You Need.”"),
        ("Self-supervised out-of-domain A/B tests", "chicago", "“Self-Supervised Out-of-Domain A/B Tests.”"),
        ("An “open” question", "ieee", "“An ‘open’ question,”"),
        ("An “open” question", "harvard", "‘An “open” question’,"),
        ("Why trust “you”?", "ieee", "“Why trust ‘you’?,”"),
        ("Why trust you?", "chicago", "“Why Trust You?” Proc"),
        ("How to use iPhones for $\\lambda_1$ in *Homo sapiens*", "mla", "Use iPhones for λ₁ in Homo sapiens.”"),
        ("On λ₁-regularised models", "chicago", "“On λ₁-regularised Models.”"),
        ("They don't know", "apa", "They don’t know. "),
        ("5” disks", "ieee", "“5” disks,”"),
    ],
)
def test_a_title_keeps_its_sense_in_every_style(title, style, expected):
    assert expected in text.render(replace(ARTICLE, title=title), style)


@pytest.mark.parametrize(
    ("first", "last", "style", "expected"),
    [
        ("1", "", "minimal", "1"),
        ("1", "12", "minimal-two", "1-12"),
        ("101", "117", "minimal", "101-17"),
        ("101", "108", "minimal", "101-8"),
        ("101", "108", "minimal-two", "101-08"),
        ("100", "104", "chicago-16", "100-104"),
        ("107", "108", "chicago-16", "107-8"),
        ("321", "328", "chicago-16", "321-28"),
        ("98", "104", "chicago-16", "98-104"),
        ("e1", "e12", "minimal", "e1-e12"),
        ("101", "117", "expanded", "101-117"),
    ],
)
def test_page_ranges_are_cut_as_the_style_wants(first, last, style, expected):
    assert text.page_range(first, last, style) == expected


def test_a_retraction_is_said_wherever_the_work_is_cited():
    for style in text.STYLES:
        assert text.render(WORKS["software"], style).endswith(" [Retracted: an error in the proof]")


def test_the_year_that_is_not_known_is_said_so():
    assert "(n.d.)" in text.render(replace(ARTICLE, year=None, month=None, day=None))


def test_italics_are_pieces_and_turn_upright_within_italics():
    pieces = dict(text.runs(replace(ARTICLE, title="About *C. elegans* worms")))
    assert pieces["C. elegans"]
    assert pieces[ARTICLE.container]
    book = replace(WORKS["book"], title="About *C. elegans* worms", authors=(BERG,))
    pieces = dict(text.runs(book))
    assert pieces["About "] and not pieces["C. elegans"]


def test_one_unlucky_record_is_cited_plainly(monkeypatch, caplog):
    monkeypatch.setattr(processor, "printed", lambda *_: 1 / 0)
    item = replace(ARTICLE, key="unlucky")
    expected = (
        "Jan Pieter van der Berg. 2024. On owls. Proceedings of the National Academy of Sciences. https://doi.org/"
    )
    assert text.render(item, "ieee").startswith(expected)
    assert "unlucky" in caplog.text


def test_threads_do_not_mix_their_citations():
    items = [replace(ARTICLE, title=f"Owl {number}", key=f"k{number}") for number in range(8)]
    expected = {item: text.render(item, "chicago") for item in items}
    text.runs.cache_clear()
    found = {}

    def cite(item):
        found[item] = text.render(item, "chicago")

    threads = [threading.Thread(target=cite, args=[item]) for item in items]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == expected


def test_an_unknown_style_is_an_error():
    with pytest.raises(KeyError):
        text.render(ARTICLE, "bluebook")


@given(works())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_work_is_cited_on_one_line_without_marks(item):
    for style in text.STYLES:
        citation = text.render(item, style)
        assert citation
        assert "\n" not in citation
        assert not {text.BEGIN, text.END} & set(citation)
        assert "".join(piece for piece, _ in text.runs(item, style)) == citation


@pytest.mark.parametrize("style", text.STYLES)
def test_a_work_without_authors_has_its_title_once(style):
    assert text.render(replace(ARTICLE, authors=()), style).lower().count("on owls") == 1


@pytest.mark.parametrize("style", text.STYLES)
def test_an_edited_book_names_its_editors_once(style):
    book = replace(WORKS["book"], authors=(), editors=EDITORS, title="On owls")
    assert text.render(book, style).count("Ångström") == 1


def test_a_name_in_chinese_is_written_together():
    citation = text.render(replace(ARTICLE, authors=(person("小明", "王"), BERG)), "apa")
    assert citation.startswith("王小明, & van der Berg, J. P. (2024).")
