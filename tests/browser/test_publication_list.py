"""Searching, filtering and citing in a real browser, with JavaScript and without."""

import re

import pytest
from playwright.sync_api import expect

from research.models import Publication, Topic

from .test_layout import STICKING_OUT


@pytest.fixture
def site(profile, make_person, make_publication):
    """Sixty publications of two years and three types, with a long title, many authors and a long BibTeX entry."""
    jane = make_person("Jane Doe")
    crowd = [make_person(f"Maximiliana Author{n}") for n in range(20)]
    owls, bats = (Topic.objects.create(name=name, slug=name.lower()) for name in ("Owls", "Bats"))
    for number in range(58):
        make_publication([jane], title=f"Report {number}", type="report", year=2020).topics.add(bats)
    make_publication([jane, *crowd], title="Night flight", slug="night", type="article", year=2024).topics.add(owls)
    make_publication(
        [jane, crowd[0]],
        title="Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
        slug="long",
        abstract="A" * 200,
        venue_short="A short name of a venue that is not at all short, in 2024",
        type="preprint",
        year=2024,
        doi="10.1000/" + "x" * 80,
    ).topics.add(owls)
    return profile


def titles(page):
    return page.locator(".entry h3").all_inner_texts()


@pytest.mark.parametrize("javascript", [True, False], ids=["with a script", "without"])
def test_a_reader_searches_filters_and_goes_back(open_browser, site, javascript):
    page = open_browser(java_script_enabled=javascript)
    page.goto("/publications/")
    main = page.get_by_role("main")
    expect(page.get_by_text("Page 1 of 2")).to_be_visible()
    expect(main.get_by_role("link", name="Bats", exact=True)).to_be_hidden()
    page.get_by_text("Filter by year, type, topic or author").click()
    main.get_by_role("link", name="2024", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("2 publications match.")
    page.get_by_role("searchbox", name="Search publications").fill("NIGHT")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("status")).to_have_text("1 publication matches.")
    assert titles(page) == ["Night flight"]
    assert page.url.endswith("/publications/?q=NIGHT&year=2024")
    expect(page.get_by_role("searchbox")).to_have_value("NIGHT")
    page.get_by_role("link", name="Remove Year: 2024").click()
    expect(page.get_by_role("link", name=re.compile("^Remove"))).to_have_text(["Remove “NIGHT”"])
    page.get_by_role("searchbox").fill("unicorns")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_role("status")).to_have_text("Nothing matches this.")
    page.get_by_role("link", name="Show all").click()
    expect(page.get_by_text("Page 1 of 2")).to_be_visible()
    page.get_by_role("link", name="Older").click()
    expect(page.get_by_text("Page 2 of 2")).to_be_visible()
    assert len(titles(page)) == 10


@pytest.mark.parametrize("javascript", [True, False], ids=["with a script", "without"])
def test_the_others_of_many_authors_come_on_a_click(open_browser, site, javascript):
    page = open_browser(java_script_enabled=javascript)
    page.goto("/publications/?q=night")
    last = page.get_by_role("link", name="Maximiliana Author19")
    expect(last).to_be_hidden()
    page.get_by_text("and 13 more").click()
    expect(last).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_list_and_the_record_have_no_violations(open_browser, site, violations, width):
    page = open_browser(width, color_scheme="light")
    found = []
    for address, summary in (
        ("/publications/", ".facets summary"),
        ("/publications/?q=a&year=2024&type=article", ".facets summary"),
        ("/publications/?q=nothing", None),
        ("/publications/page/2/", ".facets summary"),
        ("/publications/night/", ".cite summary"),
        ("/publications/long/?style=mla", ".cite summary"),
    ):
        page.goto(address)
        if summary:
            page.locator(summary).click()
        found += [(address, text) for text in violations(page)]
    assert found == []


def test_nothing_is_wider_than_the_smallest_phone(open_browser, site):
    page = open_browser(320, 640)
    for address, summaries in (
        ("/publications/?year=2024", ".facets summary, .authors summary"),
        ("/publications/page/2/", ".facets summary"),
        (f"/publications/?q={'unicorns' * 20}", None),
        ("/publications/long/", ".cite summary"),
    ):
        page.goto(address)
        for summary in page.locator(summaries).all() if summaries else ():
            summary.click()
        assert page.evaluate(STICKING_OUT) == [], address


def test_a_citation_is_copied_as_it_is_read(open_browser, site):
    page = open_browser(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/publications/night/?style=ieee")
    page.get_by_role("button", name="Copy").first.click()
    expect(page.get_by_role("button", name="Copied")).to_have_count(1)
    citation = page.evaluate("navigator.clipboard.readText()")
    assert citation == page.locator(".citation").inner_text()
    assert citation.startswith("J. Doe et al., “Night flight,”")
    expect(page.locator(".cite [aria-current]")).to_have_text("IEEE")
    page.get_by_text("BibTeX", exact=True).first.click()
    page.get_by_role("button", name="Copy", exact=True).click()
    bibtex = page.evaluate("navigator.clipboard.readText()")
    assert bibtex.startswith(f"@article{{{Publication.objects.get(slug='night').citation_key},\n")
    assert bibtex == page.locator("pre").inner_text().strip()
    expect(page.get_by_role("button", name="Copy", exact=True)).to_have_count(2)  # both may be copied again


def test_where_copying_is_forbidden_the_button_says_what_to_do(page, site):
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))")
    page.goto("/publications/night/")
    page.get_by_role("button", name="Copy").first.click()
    expect(page.get_by_role("button", name="Select the text and copy it")).to_be_visible()


def test_without_javascript_the_citation_is_text_to_select(open_browser, site):
    page = open_browser(java_script_enabled=False)
    page.goto("/publications/night/")
    expect(page.get_by_role("heading", name="Cite")).to_be_visible()
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)
    page.locator(".citation").click(click_count=3)  # as a reader selects a paragraph
    selected = page.evaluate("getSelection().toString()")
    assert selected.strip() == page.locator(".citation").inner_text()
    page.get_by_text("BibTeX", exact=True).first.click()
    expect(page.locator("pre")).to_contain_text("title = {Night flight}")
    page.get_by_role("link", name="MLA").click()
    expect(page.locator(".cite [aria-current]")).to_have_text("MLA")


def test_on_paper_there_is_no_form_and_no_button(page, site):
    page.emulate_media(media="print")
    for address in ("/publications/", "/publications/night/"):
        page.goto(address)
        for selector in (".filter", ".facets", ".pages", ".copy"):
            assert not any(one.is_visible() for one in page.locator(selector).all()), selector
