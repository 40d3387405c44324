"""Rows are put in order with a mouse, a finger, the keyboard and buttons."""

import re

import pytest
from playwright.sync_api import expect

from research.models import ProfileLink, PublicationLink

NAMES = ["Ada Ash", "Ben Birch", "Cleo Cedar", "Dan Dogwood"]


@pytest.fixture
def paper(make_publication, make_person, profile):
    return make_publication([make_person(name) for name in NAMES], title="On owls", selected=True)


def open_form(desk, record):
    desk.goto(f"/admin/research/{record._meta.model_name}/{record.pk}/change/")
    expect(desk.locator(".order-handle").first).to_be_visible()


def row(desk, text):
    """The row of an author, chosen or stored."""
    return desk.locator("#authorships-group tr.form-row:not(.empty-form)").filter(
        has=desk.locator("option:checked", has_text=text)
    )


def authors(desk):
    return desk.locator("#authorships-group tr.form-row:not(.empty-form) select option:checked")


def save(desk, button="Save"):
    desk.get_by_role("button", name=button, exact=True).click()
    expect(desk.locator(".messagelist .success")).to_be_visible()


def way(handle, target):
    """Where a drag begins and ends: from the handle to a little beyond the target's middle, both in the window."""
    higher = min(handle, target, key=lambda found: found.bounding_box()["y"])
    higher.evaluate("element => { element.scrollIntoView({block: 'start'}); scrollBy(0, -100); }")
    start, end = handle.bounding_box(), target.bounding_box()
    x, y = start["x"] + start["width"] / 2, start["y"] + start["height"] / 2
    goal = end["y"] + end["height"] / 2
    return x, y, goal + 6 if goal > y else goal - 6


def drag(desk, handle, target, steps=8):
    """With a mouse."""
    x, y, end = way(handle, target)
    desk.mouse.move(x, y)
    desk.mouse.down()
    desk.mouse.move(x, end, steps=steps)
    desk.mouse.up()


def touch_drag(desk, handle, target, steps=8):
    """With a finger."""
    x, y, end = way(handle, target)
    finger = desk.context.new_cdp_session(desk)

    def touch(kind, *points):
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    touch("touchStart", {"x": x, "y": y})
    for step in range(1, steps + 1):
        touch("touchMove", {"x": x, "y": y + (end - y) * step / steps})
    touch("touchEnd")


@pytest.mark.parametrize(
    ("moved", "to", "steps", "result"),
    [
        ("Ada Ash", "Dan Dogwood", 40, ["Ben Birch", "Cleo Cedar", "Dan Dogwood", "Ada Ash"]),  # slowly
        ("Dan Dogwood", "Ben Birch", 1, ["Ada Ash", "Dan Dogwood", "Ben Birch", "Cleo Cedar"]),  # at one go
    ],
)
def test_an_author_is_dragged_past_several_others(desk, paper, moved, to, steps, result):
    open_form(desk, paper)
    handle = row(desk, moved).locator(".order-handle")
    drag(desk, handle, row(desk, to), steps)
    expect(authors(desk)).to_have_text(result)
    expect(handle).to_be_focused()
    place = result.index(moved) + 1
    expect(desk.get_by_role("status")).to_have_text(f"{moved} is now number {place} of 4.")


def test_what_was_dragged_stays_where_it_was_dropped(desk, paper):
    open_form(desk, paper)
    drag(desk, row(desk, "Ada Ash").locator(".order-handle"), row(desk, "Cleo Cedar"))
    drag(desk, row(desk, "Dan Dogwood").locator(".order-handle"), row(desk, "Cleo Cedar"))
    order = ["Ben Birch", "Dan Dogwood", "Cleo Cedar", "Ada Ash"]
    desk.mouse.move(600, 20, steps=5)
    expect(authors(desk)).to_have_text(order)
    expect(desk.locator("tr.dragged")).to_have_count(0)
    save(desk)
    desk.goto("/")
    expect(desk.locator(".entry .authors")).to_have_text(", ".join(order))


def test_an_author_is_dragged_with_a_finger(open_browser, admin_user, paper):
    phone = open_browser(360, 740, user=admin_user, has_touch=True, is_mobile=True)
    open_form(phone, paper)
    touch_drag(phone, row(phone, "Ada Ash").locator(".order-handle"), row(phone, "Cleo Cedar"))
    order = ["Ben Birch", "Cleo Cedar", "Ada Ash", "Dan Dogwood"]
    expect(authors(phone)).to_have_text(order)
    save(phone)
    phone.goto("/")
    expect(phone.locator(".entry .authors")).to_have_text(", ".join(order))


def test_authors_are_moved_with_the_arrow_keys_and_the_focus_goes_along(desk, paper):
    open_form(desk, paper)
    handle = row(desk, "Ada Ash").locator(".order-handle")
    handle.focus()
    for _ in range(2):
        desk.keyboard.press("ArrowDown")
        expect(handle).to_be_focused()
    expect(authors(desk)).to_have_text(["Ben Birch", "Cleo Cedar", "Ada Ash", "Dan Dogwood"])
    expect(desk.get_by_role("status")).to_have_text("Ada Ash is now number 3 of 4.")
    for _ in range(5):  # the end of the list is no mistake
        desk.keyboard.press("ArrowUp")
    expect(handle).to_be_focused()
    expect(authors(desk)).to_have_text(NAMES)
    desk.keyboard.press("ArrowDown")
    save(desk)
    desk.goto("/")
    expect(desk.locator(".entry .authors")).to_have_text("Ben Birch, Ada Ash, Cleo Cedar, Dan Dogwood")


def test_authors_are_moved_with_buttons_that_say_whom_they_move(desk, paper):
    open_form(desk, paper)
    up = row(desk, "Dan Dogwood").get_by_role("button", name="Move up")
    up.click()
    expect(up).to_be_focused()
    expect(up).to_have_accessible_name("Move up: Dan Dogwood")
    up.click()
    row(desk, "Ada Ash").get_by_role("button", name="Move down").click()
    expect(authors(desk)).to_have_text(["Dan Dogwood", "Ada Ash", "Ben Birch", "Cleo Cedar"])
    save(desk)
    desk.goto("/")
    expect(desk.locator(".entry .authors")).to_have_text("Dan Dogwood, Ada Ash, Ben Birch, Cleo Cedar")


def test_rows_that_are_not_saved_yet_are_put_in_order_too(desk, paper):
    open_form(desk, paper)
    for place, address in enumerate(("https://one.example", "https://two.example", "https://three.example")):
        desk.get_by_role("button", name="Add another Link").click()
        desk.locator(f"#links-{place} select").select_option("Code")
        desk.locator(f"#links-{place} input[name$=-url]").fill(address)
        desk.locator(f"#links-{place} input[name$=-label]").fill(f"Link {place + 1}")
    drag(desk, desk.locator("#links-2 .order-handle"), desk.locator("#links-0"))
    desk.locator("#links-0 .order-handle").press("ArrowDown")
    save(desk)
    assert [link.label for link in PublicationLink.objects.all()] == ["Link 3", "Link 2", "Link 1"]
    desk.goto("/")
    assert desk.locator(".entry .links a").all_inner_texts() == ["Link 3", "Link 2", "Link 1", "Details"]


def test_a_refused_form_comes_back_in_the_order_that_it_was_sent_in(desk, paper):
    open_form(desk, paper)
    desk.get_by_role("button", name="Add another Author").click()
    drag(desk, row(desk, "Dan Dogwood").locator(".order-handle"), row(desk, "Ada Ash"))
    desk.get_by_label("Title:").fill(" ")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator(".errornote")).to_be_visible()
    order = ["Dan Dogwood", "Ada Ash", "Ben Birch", "Cleo Cedar"]
    expect(authors(desk).filter(has_not_text="---")).to_have_text(order)
    desk.get_by_label("Title:").fill("On owls")
    save(desk)
    desk.goto("/")
    expect(desk.locator(".entry .authors")).to_have_text(", ".join(order))


def test_the_error_of_a_row_moves_with_it(desk, paper):
    open_form(desk, paper)
    desk.get_by_role("button", name="Add another Link").click()
    desk.get_by_role("button", name="Add another Link").click()
    desk.locator("#links-0 input[name$=-label]").fill("No address")
    desk.locator("#links-1 select").select_option("Code")
    desk.locator("#links-1 input[name$=-url]").fill("https://one.example")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator("#links-0").locator("xpath=..").locator(".errorlist").first).to_be_visible()
    rows = desk.locator("#links-group tbody tr:visible:not(.add-row)")
    for moved, order in (
        ("#links-0", ["links-1", "row-form-errors", "links-0"]),
        ("#links-1", ["row-form-errors", "links-0", "links-1"]),
    ):
        desk.locator(moved).get_by_role("button", name="Move down").click()
        assert [row.get_attribute("id") or row.get_attribute("class") for row in rows.all()] == order


def test_the_projects_are_put_in_order_in_their_list(desk, make_project):
    for title in ("Owls", "Mice", "Voles"):
        make_project(title=title)
    desk.goto("/admin/research/project/")
    titles = desk.locator("#result_list th.field-title")
    expect(titles).to_have_text(["Owls", "Mice", "Voles"])
    rows = desk.locator("#result_list tbody tr")
    drag(desk, rows.nth(2).locator(".order-handle"), rows.nth(0))
    rows.nth(1).locator(".order-handle").press("ArrowDown")
    expect(titles).to_have_text(["Voles", "Mice", "Owls"])
    save(desk)
    expect(titles).to_have_text(["Voles", "Mice", "Owls"])
    desk.goto("/")
    expect(desk.locator(".projects-in-short li")).to_have_text([re.compile("3"), re.compile("2"), re.compile("1")])


@pytest.mark.parametrize("query", ["?o=1", "?phase__exact=active", "?q=a"])
def test_a_list_that_is_sorted_or_cut_otherwise_has_no_handles(desk, make_project, query):
    make_project(title="Mauve")
    desk.goto(f"/admin/research/project/{query}")
    expect(desk.locator("#result_list tbody tr")).to_have_count(1)
    expect(desk.locator(".order-handle")).to_have_count(0)
    expect(desk.locator("input[name^=form-][name$=-position]")).to_be_visible()


def test_the_links_of_the_profile_are_put_in_order(desk, profile):
    for position, label in enumerate(("One", "Two", "Three")):
        ProfileLink.objects.create(kind="website", address=f"https://{label}.example", label=label, position=position)
    open_form(desk, profile)
    drag(desk, desk.locator("#links-0 .order-handle"), desk.locator("#links-2"))
    save(desk)
    desk.goto("/")
    expect(desk.locator(".profile .links a")).to_have_text(["Two", "Three", "One"])
