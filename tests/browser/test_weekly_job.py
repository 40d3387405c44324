"""The job that the owner comes for every week: a paper is on arXiv, and shall be on the page."""

import pytest
from playwright.sync_api import expect

PHONE, DESK = 360, 1280


def log_in(page):
    page.goto("/admin/")
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill("password")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your site")


def save(page):
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_publication_goes_from_the_form_to_the_page(
    open_browser, admin_user, owner_is, make_person, picture_path, width
):
    owner_is(make_person("John Roe"))
    desk = open_browser(width, takes_cookies=True)
    log_in(desk)
    desk.locator(".model-publication").get_by_role("link", name="Add").click()

    desk.get_by_label("Title:").fill("Owls *and* $O(n)$ mice")
    desk.get_by_label("Add authors:").fill("Jane Doe*, John Roe*")
    desk.get_by_label("arXiv:").fill("https://arxiv.org/abs/2311.07590v2")
    desk.get_by_label("Year:").fill("2023")
    desk.get_by_label("TL;DR").fill("Owls catch **mice**.")
    desk.get_by_label("Thumbnail:", exact=True).set_input_files(picture_path)
    chosen = desk.locator(".upload-chosen")
    expect(chosen).to_be_visible()
    expect(chosen).to_have_js_property("naturalWidth", 640)
    desk.get_by_role("button", name="Add another Link").click()
    link = desk.locator("#links-0")
    link.locator("select[name$=-kind]").select_option(label="Code")
    link.locator("input[name$=-url]").fill("https://github.com/jane-doe/owls")
    save(desk)

    visitor = open_browser(width)
    visitor.goto("/")
    entry = visitor.get_by_role("listitem").filter(has=visitor.get_by_role("heading", level=3))
    expect(entry).to_have_count(1)
    title = entry.get_by_role("heading").get_by_role("link")
    expect(title).to_have_attribute("href", "https://arxiv.org/abs/2311.07590")
    expect(title.locator("em")).to_have_text("and")
    expect(title.locator("math")).to_be_visible()
    expect(entry.locator(".authors")).to_have_text("Jane Doe*, John Roe*")
    expect(entry.locator(".authors b")).to_have_text("John Roe*")
    expect(entry.locator(".tldr strong")).to_have_text("mice")
    expect(entry.get_by_role("link", name="Code")).to_have_attribute("href", "https://github.com/jane-doe/owls")
    expect(visitor.get_by_text("* equal contribution")).to_be_visible()
    thumbnail = entry.locator("img")
    thumbnail.scroll_into_view_if_needed()
    expect(thumbnail).to_have_js_property("complete", True)
    assert thumbnail.evaluate("image => image.naturalWidth") > 0
    expect(thumbnail).to_have_attribute("alt", "Owls and O(n) mice")
