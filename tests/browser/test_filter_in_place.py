"""The list of publications, filtered in place by a script: what a new page would show, without one."""

import re

import pytest
from playwright.sync_api import expect

from research.models import Topic

HELD = """
    const send = XMLHttpRequest.prototype.send;
    window.held = [];
    XMLHttpRequest.prototype.send = function () {
      const answered = this.onload;
      this.abort = () => {};
      this.onload = () => (this.responseURL.includes("q=owl") ? held.push(answered) : answered());
      send.call(this);
    };
"""


@pytest.fixture
def site(profile, make_person, make_publication):
    """Fifty-three publications: two of owls, one of bats, and fifty reports."""
    jane, john = make_person("Jane Doe"), make_person("John Roe")
    owls, bats = (Topic.objects.create(name=name, slug=name.lower()) for name in ("Owls", "Bats"))
    make_publication([jane], title="Owls at night", type="article", year=2024).topics.add(owls)
    make_publication([john], title="Owls by day", type="preprint", year=2023).topics.add(owls)
    make_publication([jane, john], title="Bats", type="article", year=2023).topics.add(bats)
    for number in range(50):
        make_publication([jane], title=f"Report {number}", type="report", year=2020)
    return profile


@pytest.fixture
def listed(page, site):
    """The list, in a page that remembers whether it is still the same."""
    page.goto("/publications/")
    page.evaluate("window.isTheSame = true")
    return page


def is_the_same(page):
    return page.evaluate("window.isTheSame === true")


def seen(page):
    """What a reader sees of a page, and where its links lead."""
    links = page.get_by_role("main").get_by_role("link").evaluate_all("links => links.map(link => link.href)")
    fields = page.locator("form.filter input").evaluate_all("fields => fields.map(field => [field.name, field.value])")
    return page.title(), page.locator("main > :not(.visually-hidden)").all_inner_texts(), links, sorted(fields)


def status(page):
    return expect(page.get_by_role("status"))


def test_typing_filters_without_a_new_page_and_keeps_the_focus(listed):
    listed.get_by_role("searchbox").press_sequentially("owls")
    status(listed).to_have_text("2 publications match.")
    expect(listed.locator(".entry h3")).to_have_text(["Owls at night", "Owls by day"])
    expect(listed.get_by_role("searchbox")).to_be_focused()
    expect(listed).to_have_url(re.compile(r"/publications/\?q=owls$"))
    listed.get_by_role("searchbox").clear()
    status(listed).to_have_text("All publications are shown.")
    expect(listed).to_have_url(re.compile(r"/publications/$"))
    listed.go_back()  # what was typed is one step
    status(listed).to_have_text("All publications are shown.")
    assert is_the_same(listed)


def test_every_step_shows_what_a_new_page_shows(listed, open_browser):
    fresh = open_browser()
    main = listed.get_by_role("main")
    listed.get_by_text("Filter by year").click()
    steps = [
        (lambda: main.get_by_role("link", name="2023", exact=True).click(), "2 publications match."),
        (lambda: main.get_by_role("link", name="Preprint", exact=True).click(), "1 publication matches."),
        (lambda: listed.get_by_role("link", name="Remove Type: Preprint").click(), "2 publications match."),
        (lambda: listed.get_by_role("searchbox").fill("unicorn"), "Nothing matches this."),
        (lambda: listed.get_by_role("link", name="Show all").click(), "All publications are shown."),
        (lambda: listed.get_by_role("link", name="Older").click(), "All publications are shown."),
    ]
    for step, sentence in steps:
        before = listed.url
        step()
        listed.wait_for_url(lambda url, before=before: url != before)
        status(listed).to_have_text(sentence)
        fresh.goto(listed.url)
        if fresh.locator(".facets").count() and listed.locator(".facets[open]").count():
            fresh.locator(".facets summary").click()
        assert seen(listed) == seen(fresh)
    assert is_the_same(listed)
    expect(listed).to_have_url(re.compile(r"/publications/page/2/$"))


def test_back_and_forward_lead_through_the_choices(listed):
    listed.get_by_text("Filter by year").click()
    listed.get_by_role("main").get_by_role("link", name="Owls", exact=True).click()
    status(listed).to_have_text("2 publications match.")
    listed.get_by_role("searchbox").fill("night")
    status(listed).to_have_text("1 publication matches.")
    listed.go_back()
    status(listed).to_have_text("2 publications match.")
    expect(listed.get_by_role("searchbox")).to_have_value("")
    listed.go_back()
    status(listed).to_have_text("All publications are shown.")
    listed.go_forward()
    status(listed).to_have_text("2 publications match.")
    expect(listed).to_have_url(re.compile(r"/publications/\?topic=owls$"))
    assert is_the_same(listed)


def test_a_choice_keeps_the_focus_and_the_choices_open(listed):
    listed.get_by_text("Filter by year").click()
    choice = listed.get_by_role("main").get_by_role("link", name="Journal article", exact=True)
    choice.press("Enter")
    status(listed).to_have_text("2 publications match.")
    expect(choice).to_be_focused()
    choice.press("Enter")  # taken back
    status(listed).to_have_text("All publications are shown.")
    expect(choice).to_be_focused()
    listed.get_by_role("link", name="Older").press("Enter")
    expect(listed.get_by_text("Page 2 of 2")).to_be_visible()
    expect(listed.get_by_role("main")).to_be_focused()
    assert listed.evaluate("scrollY") == 0


def test_a_late_answer_does_not_replace_a_later_one(page, site):
    page.add_init_script(HELD)
    page.goto("/publications/")
    page.get_by_role("searchbox").fill("owl")
    page.wait_for_function("() => held.length === 1")
    page.get_by_role("searchbox").fill("bats")
    status(page).to_have_text("1 publication matches.")
    page.evaluate("held[0]()")
    page.evaluate("new Promise((go) => setTimeout(go))")  # the answer is read by now
    expect(page.locator(".entry h3")).to_have_text(["Bats"])
    assert page.url.endswith("?q=bats")


@pytest.mark.parametrize(
    "failure",
    [
        "this.onerror(new Event('error'))",
        "Object.defineProperties(this, {status: {value: 500}, response: {value: document}}); this.onload()",
        "Object.defineProperties(this, {status: {value: 200}, response: {value: other}}); this.onload()",
    ],
    ids=["no answer", "an error", "another page"],
)
def test_where_fetching_fails_the_browser_goes_there(listed, failure):
    listed.evaluate(
        "() => { const other = document.implementation.createHTMLDocument('A page of somebody in between');"
        f"XMLHttpRequest.prototype.send = function () {{ {failure} }}; }}"
    )
    listed.get_by_text("Filter by year").click()
    listed.get_by_role("main").get_by_role("link", name="Owls", exact=True).click()
    expect(listed.get_by_text("2 publications match.")).to_be_visible()
    expect(listed).to_have_url(re.compile(r"/publications/\?topic=owls$"))
    assert not is_the_same(listed)


def test_a_click_for_a_new_tab_is_left_to_the_browser(listed):
    listed.get_by_text("Filter by year").click()
    with listed.context.expect_page() as opened:
        listed.get_by_role("main").get_by_role("link", name="Owls", exact=True).click(modifiers=["ControlOrMeta"])
    expect(opened.value.get_by_text("2 publications match.")).to_be_visible()
    expect(listed).to_have_url(re.compile(r"/publications/$"))


def test_only_the_list_has_the_script(client, site):
    for path, is_there in (("/publications/", True), ("/", False), ("/publications/paper-1/", False)):
        source = client.get(path).content.decode()
        assert ("js/filter.js" in source) == is_there, path
