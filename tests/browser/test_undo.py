"""A mistake and its way back, in the owner's browser: edit, compare, revert, delete, undo, and two windows at once."""

import re

import pytest
from playwright.sync_api import expect

from research.models import Publication

PHONE, DESK = 360, 1280


def open_form(page, title):
    page.goto("/admin/research/publication/")
    page.get_by_role("link", name=title, exact=True).click()


def save(page):
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def follow_history(page):
    page.get_by_role("link", name="History").click()
    page.get_by_role("link", name=re.compile("Compare with now")).first.click()


def row(page, field):
    return page.locator(".differences tbody tr").filter(
        has=page.get_by_role("rowheader", name=re.compile(f"^{field}"), include_hidden=True)
    )


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.fixture
def owls(make_publication, make_person, stored_picture):
    publication = make_publication(
        [make_person("Jane Doe"), make_person("John Roe")],
        title="Owls",
        abstract="Owls see in the dark. They hear even better.",
        thumbnail=stored_picture(),
    )
    publication.links.create(kind="code", url="https://example.org/owls")
    return publication


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_mistake_is_seen_compared_and_taken_back(open_browser, admin_user, profile, owls, width, violations):
    page = open_browser(width, user=admin_user)
    open_form(page, "Owls")
    page.get_by_label("Title:").fill("Bats")
    page.get_by_label("Abstract:").fill("Owls see by day. They hear even better.")
    page.locator("input[name=thumbnail-clear]").check()
    page.locator("#links-0 input[name$=-url]").fill("https://example.org/bats")
    page.locator("#authorships-0 input[name$=-DELETE]").check()
    save(page)

    open_form(page, "Bats")
    follow_history(page)
    expect(row(page, "Title").locator("del")).to_have_text("Owls")
    expect(row(page, "Title").locator("ins")).to_have_text("Bats")
    expect(row(page, "Abstract").locator("ins")).to_have_text(["by", "day"])
    expect(row(page, "Thumbnail").locator("img")).to_have_js_property("complete", True)
    assert row(page, "Thumbnail").locator("img").evaluate("image => image.naturalWidth") > 0
    expect(row(page, "Authors").locator("td").first).to_contain_text("Jane Doe, John Roe")
    expect(row(page, "Links").locator("td").last).to_contain_text("https://example.org/bats")
    assert fits(page)
    assert violations(page) == []

    revert = page.get_by_role("button", name="Revert to this version")
    revert.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist .success")).to_have_text("Owls is again as it was.")
    expect(page.get_by_label("Title:")).to_have_value("Owls")
    visitor = open_browser(width)
    visitor.goto("/publications/paper-1/")
    expect(visitor.locator(".authors").first).to_contain_text("Jane Doe")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_what_was_deleted_comes_back(open_browser, admin_user, profile, owls, width, violations):
    page = open_browser(width, user=admin_user)
    open_form(page, "Owls")
    page.get_by_role("link", name="Delete").click()
    expect(page.get_by_text("It can be brought back for 30 days, with its files.")).to_be_visible()
    page.get_by_role("button", name="Yes, I’m sure").click()
    assert not Publication.objects.exists()
    page.get_by_role("link", name="undo").click()
    expect(page.get_by_role("listitem").filter(has_text="Owls")).to_contain_text("Deleted · admin")
    assert fits(page)
    assert violations(page) == []
    page.get_by_role("button", name="Undo the deletion of Owls").click()
    expect(page.locator(".messagelist .success")).to_have_text("Owls is back.")
    expect(page.locator("#links-0 input[name$=-url]")).to_have_value("https://example.org/owls")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_second_window_sees_what_the_first_has_changed(
    open_browser, admin_user, profile, owls, width, picture_path
):
    first, second = (open_browser(width, user=admin_user) for _ in range(2))
    for page in (first, second):
        open_form(page, "Owls")
    first.get_by_label("Title:").fill("Bats")
    save(first)

    second.get_by_label("Title:").fill("Mice")
    second.get_by_label("Add authors:").fill("Richard Miles")
    second.get_by_label("Thumbnail:", exact=True).set_input_files(picture_path)
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.locator(".errornote, .errorlist.nonfield").filter(has_text="changed meanwhile")).to_be_visible()
    expect(row(second, "Title").locator("del")).to_have_text("Bats")
    expect(row(second, "Title").locator("ins")).to_have_text("Mice")
    expect(row(second, "Title")).to_contain_text("changed in both")
    expect(second.get_by_label("Add authors:")).to_have_value("Richard Miles")
    assert fits(second)
    save(second)

    publication = Publication.objects.get()
    assert publication.title == "Mice"
    assert [str(author) for author in publication.authorships.all()] == ["Jane Doe", "John Roe", "Richard Miles"]
    assert publication.thumbnail != owls.thumbnail
    open_form(first, "Mice")
    first.get_by_role("link", name="History").click()
    expect(first.locator(".version-list li")).to_have_count(3)
