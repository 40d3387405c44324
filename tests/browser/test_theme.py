"""Light and dark: by the visitor's system, by the switch, and remembered. Without JavaScript nothing is missing."""

import pytest
from playwright.sync_api import expect

LIGHT, DARK = "rgb(255, 255, 255)", "rgb(21, 24, 27)"


@pytest.fixture
def site(profile, make_publication, make_project):
    make_publication(title="On owls", slug="owls", abstract="Owls *hoot* at $x^2$ Hz.", selected=True)
    make_project(title="Owl watch", slug="owl-watch", summary="Watching owls")
    return profile


def ground(page):
    return page.locator("html")


def switch(page):
    return page.get_by_role("button", name="Dark colours")


@pytest.mark.parametrize(("scheme", "colour"), [("light", LIGHT), ("dark", DARK)])
def test_the_page_follows_the_system(open_browser, site, scheme, colour):
    page = open_browser(color_scheme=scheme)
    page.goto("/")
    expect(ground(page)).to_have_css("background-color", colour)
    expect(switch(page)).to_have_attribute("aria-pressed", str(scheme == "dark").lower())
    other = {"light": "dark", "dark": "light"}[scheme]
    page.emulate_media(color_scheme=other)  # as night falls
    expect(ground(page)).not_to_have_css("background-color", colour)
    expect(switch(page)).to_have_attribute("aria-pressed", str(other == "dark").lower())


@pytest.mark.parametrize(("scheme", "other"), [("light", DARK), ("dark", LIGHT)])
def test_the_switch_is_remembered_on_the_next_page(open_browser, site, scheme, other):
    page = open_browser(color_scheme=scheme)
    page.goto("/")
    switch(page).click()
    expect(ground(page)).to_have_css("background-color", other)
    page.get_by_role("link", name="Publications", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Publications")
    expect(ground(page)).to_have_css("background-color", other)
    expect(switch(page)).to_have_attribute("aria-pressed", str(other == DARK).lower())
    switch(page).press("Enter")  # back to what the system says
    expect(ground(page)).not_to_have_css("background-color", other)
    page.reload()
    expect(ground(page)).not_to_have_css("background-color", other)
    assert page.evaluate("localStorage.length") == 0


def test_without_javascript_every_page_is_readable_and_there_is_no_switch(open_browser, site):
    page = open_browser(java_script_enabled=False)
    page.goto("/")
    expect(page.get_by_role("heading", name="Jane Doe")).to_be_visible()
    for link, heading, content in (
        ("Publications", "Publications", "On owls"),
        ("Details of On owls", "On owls", "Owls hoot at"),
        ("Projects", "Projects", "Watching owls"),
        ("Owl watch", "Owl watch", "Watching owls"),
    ):
        page.get_by_role("link", name=link, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        expect(page.get_by_role("main")).to_contain_text(content)
        expect(page.get_by_role("main")).to_be_visible()
        expect(page.locator(".theme-switch")).to_be_hidden()


def test_the_dark_page_is_dark_without_javascript(open_browser, site):
    page = open_browser(java_script_enabled=False, color_scheme="dark")
    page.goto("/")
    expect(ground(page)).to_have_css("background-color", DARK)
