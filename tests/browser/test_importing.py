"""The weekly job by an identifier, and the review, in a browser: on a phone and on a desk, in the dark, with keys."""

import pytest
from playwright.sync_api import expect

from research.importing import asking
from research.models import Publication
from research.sources import registry
from research.sources.found import Answer
from tests.importing.records import article, found, preprint

PHONE, DESK = 360, 1280
COLOURS = ["color-contrast", "link-in-text-block"]


@pytest.fixture
def sources(monkeypatch):
    """What the sources answer, whatever they are asked."""

    monkeypatch.setattr(asking, "SECONDS", 0)  # one step a page

    def answer(*records):
        monkeypatch.setattr(registry, "ask", lambda requests, mail: Answer(records))

    return answer


@pytest.fixture
def review(sources, make_publication, make_person, profile):
    """An import with one record of each kind: asked, new with a question, changed, the same."""
    people = [make_person("Jane Doe"), make_person("John Doe")]
    make_publication(
        people[:1], title="Owls Hunt by Ear", type="article", venue="My own name of it", citation_key="owls"
    )
    make_publication(title="Of Voles", year=2001)
    make_publication(people[:1], title="Of Bats", type="article")
    records = [
        article(key="owls", authors=["Jane Doe"], abstract="We listen to $x^2$ owls. " * 20),
        found("Of Voles"),
        found("Of Mice and *Men*", authors=["J. Doe", "Anna New"], year=None),
        found("Of Bats", authors=["Jane Doe"]),
    ]
    sources(*records)
    run = asking.begin("10.1000/owls")
    asking.step(run)
    return f"/admin/research/publication/add-from/{run.pk}/"


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_an_identifier_and_two_presses_put_a_paper_on_the_page(
    open_browser, admin_user, owner_is, make_person, sources, width
):
    owner_is(make_person("John Roe"))
    sources(preprint(title="Owls *and* $O(n)$ mice", abstract="They hear."))
    desk = open_browser(width, user=admin_user)
    desk.goto("/admin/")
    desk.get_by_label("arXiv identifier, DOI or ORCID iD").fill("https://arxiv.org/abs/2312.00001v2")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=2)).to_have_text("New Owls and O(n) mice")
    desk.get_by_role("button", name="Publish").click()
    expect(desk.locator(".messagelist .success")).to_have_text("1 new publication: Owls and O(n) mice")

    visitor = open_browser(width)
    visitor.goto("/")
    entry = visitor.get_by_role("listitem").filter(has=visitor.get_by_role("heading", level=3))
    expect(entry.locator(".authors")).to_have_text("Jane Doe, John Roe")
    expect(entry.locator(".authors b")).to_have_text("John Roe")


def test_a_long_import_goes_on_by_itself(open_browser, admin_user, profile, sources):
    sources(article())
    run = asking.begin("2312.00001 10.1000/owls 0000-0002-1825-0097")
    desk = open_browser(user=admin_user)
    desk.goto(f"/admin/research/publication/add-from/{run.pk}/")
    expect(desk.get_by_role("button", name="Save as draft", exact=True)).to_be_visible()
    run.refresh_from_db()
    assert run.waiting == []


def test_without_scripts_a_button_goes_on(open_browser, admin_user, profile, sources):
    sources(article())
    run = asking.begin("2312.00001 10.1000/owls")
    desk = open_browser(PHONE, user=admin_user, java_script_enabled=False)
    desk.goto(f"/admin/research/publication/add-from/{run.pk}/")
    expect(desk.get_by_text("0 of 2 asked.")).to_be_visible()
    desk.get_by_role("button", name="Go on").click()
    expect(desk.get_by_text("1 of 2 asked.")).to_be_visible()
    desk.get_by_role("button", name="Go on").click()
    desk.get_by_role("button", name="Save as draft", exact=True).click()
    expect(desk.locator(".messagelist .success")).to_be_visible()
    assert Publication.objects.get().status == "draft"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_review_fits_and_has_no_violations(open_browser, admin_user, review, violations, width, scheme):
    desk = open_browser(width, user=admin_user, color_scheme=scheme)
    for address in (review, "/admin/research/publication/add-from/", "/admin/"):
        desk.goto(address)
        found = violations(desk, *(COLOURS if scheme == "dark" else []))
        assert [text for text in found if '<a href="/admin/' not in text] == []  # Django's breadcrumbs
        assert desk.evaluate("document.documentElement.scrollWidth") == width


def test_the_review_is_done_by_keyboard(open_browser, admin_user, review):
    desk = open_browser(user=admin_user)
    desk.goto(review)
    same = desk.get_by_label("The same as")
    same.focus()
    desk.keyboard.press("Space")
    desk.get_by_label("Year of publication").fill("2020")
    desk.get_by_label("Who is J. Doe?").focus()
    desk.keyboard.press("J")
    venue = desk.get_by_label("venue", exact=True)
    expect(venue).not_to_be_checked()
    venue.focus()
    desk.keyboard.press("Space")
    desk.keyboard.press("Enter")
    expect(desk.locator(".messagelist .success").first).to_contain_text("1 new draft: Of Mice and Men")
    assert Publication.objects.get(title="Owls Hunt by Ear").venue == "Journal of Owls"
    assert Publication.objects.get(title="Of Mice and *Men*").authorships.count() == 2
    assert Publication.objects.count() == 4
