"""Pages fit every screen, have a sound outline, and are at home at the keyboard and on paper."""

import pytest
from playwright.sync_api import expect

PUBLIC = [
    "/",
    "/publications/",
    "/publications/situational-awareness-dataset/",  # a long title, an abstract with maths
    "/publications/safety-cases-for-scheming/",  # sixteen authors
    "/projects/",
    "/projects/alignment-faking/",
    "/nowhere/",
]
ADMIN = [
    "/admin/",
    "/admin/health/",
    "/admin/research/publication/",
    "/admin/research/publication/{paper}/change/",
    "/admin/research/project/",
    "/admin/research/project/{project}/change/",
    "/admin/research/person/",
    "/admin/research/profile/1/change/",
]

# What sticks out of the window to the right, seen or cut off; formulas and code may be scrolled by themselves.
STICKING_OUT = """() => [...document.body.querySelectorAll("*")]
    .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .filter((element) => element.checkVisibility() && !element.closest(".math, pre, .visually-hidden"))
    .map((element) => `${element.localName}.${element.className}`)"""
OUTLINE = """() => {
    const levels = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map((found) => Number(found.localName[1]));
    return {
        h1: levels.filter((level) => level === 1).length,
        gaps: levels.filter((level, place) => level > (levels[place - 1] ?? 0) + 1).length,
        landmarks: ["header", "nav", "main", "footer"].map((name) => document.querySelectorAll(name).length),
        language: document.documentElement.lang,
    };
}"""
WELL_BUILT = {"h1": 1, "gaps": 0, "landmarks": [1, 1, 1, 1], "language": "en"}
INCOMPLETE = """() => [...document.images]
    .filter((image) => !["alt", "width", "height"].every((name) => image.getAttribute(name)))
    .map((image) => image.outerHTML)"""
NOT_LAZY = """() => [...document.images]
    .filter((image) => image.loading !== "lazy" && image.getBoundingClientRect().top > innerHeight)
    .map((image) => image.outerHTML)"""


def test_every_public_page_fits_and_is_well_built(page, example, watch):
    watch.expect("404: GET /nowhere/")
    wide, incomplete, not_lazy = [], [], []
    for address in PUBLIC:
        page.goto(address)
        assert page.evaluate(OUTLINE) == WELL_BUILT, address
        for width in (320, 360, 768, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            wide += [(address, width, found) for found in page.evaluate(STICKING_OUT)]
            not_lazy += page.evaluate(NOT_LAZY)
        incomplete += page.evaluate(INCOMPLETE)
    assert wide == []
    assert incomplete == []
    assert not_lazy == []


def test_pictures_below_the_fold_load_when_they_come_near(page, example):
    page.set_viewport_size({"width": 360, "height": 500})
    page.goto("/publications/")
    last = page.locator(".entry img").last
    expect(last).to_have_js_property("complete", False)
    last.scroll_into_view_if_needed()
    expect(last).to_have_js_property("complete", True)
    assert last.evaluate("image => image.naturalWidth") > 0


@pytest.mark.parametrize("widths", [(320, 360), (768, 1280)])
def test_the_desk_fits_every_screen(open_browser, admin_user, example, widths):
    desk = open_browser(user=admin_user)
    paper = example.person.authorships.get(publication__slug="reversal-curse").publication_id
    project = example.person.projects.first().pk
    wide = []
    for address in ADMIN:
        for number, width in enumerate(widths):
            desk.set_viewport_size({"width": width, "height": 800})
            if number == 0:
                desk.goto(address.format(paper=paper, project=project))
            wide += [(address, width, found) for found in desk.evaluate(STICKING_OUT)]
    assert wide == []


def test_the_skip_link_is_first_and_moves_the_focus_to_the_content(page, profile, make_publication):
    make_publication(title="On owls", selected=True)
    page.goto("/publications/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("main").get_by_role("link").first).to_be_focused()
    expect(skip).not_to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_focus_is_visible_wherever_it_goes(open_browser, profile, make_publication, make_project, scheme):
    make_publication(title="On owls", arxiv_id="2311.07590", selected=True)
    make_project(summary="Watching [owls](https://owls.example)")
    page = open_browser(color_scheme=scheme)
    page.goto("/")
    stops = page.locator("a[href]:not([tabindex]), button").count()
    seen = set()
    for _ in range(stops):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        expect(focused).to_have_css("outline-style", "solid")
        expect(focused).to_have_css("outline-width", "2px")
        expect(focused).to_be_in_viewport()
        seen.add(focused.evaluate("element => element.outerHTML"))
    assert len(seen) == stops


def test_on_paper_there_is_the_text_alone(page, profile, make_publication):
    make_publication(title="On owls", selected=True)
    page.emulate_media(media="print", color_scheme="dark")
    page.goto("/")
    for part in ("banner", "navigation", "contentinfo"):
        expect(page.get_by_role(part)).to_be_hidden()
    expect(page.locator(".theme-switch")).to_be_hidden()
    expect(page.get_by_role("heading", name="On owls")).to_be_visible()
    expect(page.locator("html")).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(page.get_by_role("heading", name="On owls").get_by_role("link")).to_have_css("color", "rgb(0, 0, 0)")
