"""axe-core finds nothing on any page, light and dark, on a phone and on a desk."""

import pytest
from playwright.sync_api import expect

WIDTHS = [360, 1280]
PUBLIC = [
    "/",
    "/publications/",
    "/publications/situational-awareness-dataset/",  # abstract with maths, thumbnail, venue, links
    "/publications/reversal-curse/",  # stars
    "/projects/",
    "/projects/alignment-faking/",
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
COLOURS = ["color-contrast", "link-in-text-block"]  # what may differ between light and dark

# What stock Django does, and what is not ours to change: (rule, part of the element), with the reason.
STOCK = {
    ("page-has-heading-one", "<html"): "Django's login page has its name in a div",
    ("link-in-text-block", '<a href="/admin/'): "the breadcrumbs are told from text by their colour",
    ("label", 'name="publish_at_'): "the two fields of a time stand beside their names, which are no labels",
    ("empty-table-header", 'class="original"'): "the column that says which row of an inline is which has no heading",
    (
        "aria-input-field-name",
        'class="select2-selection',
    ): "Select2's box is named by what is chosen: empty, it has no name",
    ("label", 'class="select2-search__field"'): "Select2's field for several choices has no name",
    ("list", 'class="select2-selection__rendered"'): "Select2 puts its search field into its list of choices",
}


def ours(found):
    return [text for text in found if not any(text.startswith(f"{rule}:") and part in text for rule, part in STOCK)]


def light_and_dark(page, violations):
    """What axe-core finds on the page that is open, in light and then in dark colours."""
    page.emulate_media(color_scheme="light")
    found = violations(page)
    page.emulate_media(color_scheme="dark")
    return found + [f"{text} (dark)" for text in violations(page, *COLOURS)]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_public_pages_have_no_violations(open_browser, example, violations, watch, width):
    watch.expect("404: GET /nowhere/")
    page = open_browser(width)
    found = []
    for address in (*PUBLIC, "/nowhere/"):
        page.goto(address)
        found += [(address, text) for text in light_and_dark(page, violations)]
    assert found == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_of_an_empty_site_has_no_violations(open_browser, violations, width):
    page = open_browser(width)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("This site is ready to be written")
    assert light_and_dark(page, violations) == []


def test_a_page_with_drafts_has_no_violations(desk, violations, make_publication):
    make_publication(title="Secret owls", slug="secret", status="draft", selected=True)
    for address in ("/", "/publications/secret/"):
        desk.goto(address)
        assert light_and_dark(desk, violations) == []


def test_the_dark_colours_of_the_switch_have_no_violations(page, profile, violations, make_publication):
    make_publication(title="On owls", abstract="Owls.", selected=True)
    page.goto("/")
    page.get_by_role("button", name="Dark colours").click()
    assert violations(page, *COLOURS) == []


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_the_desk_has_no_violations_of_our_own(
    open_browser,
    admin_user,
    profile,
    violations,
    stored_picture,
    make_person,
    make_publication,
    make_project,
    scheme,
    width,
):
    paper = make_publication([(make_person(), "*")], thumbnail=stored_picture(size=(180, 120)), abstract="$x^2$")
    project = make_project()
    for record in (paper, project):
        record.links.create(kind="code", url="https://owls.example")
    profile.links.create(kind="website", address="https://owls.example")
    # axe-core writes styles into pages that have a policy against it.
    login = open_browser(width, color_scheme=scheme, takes_cookies=True, bypass_csp=True)
    login.goto("/admin/login/")
    found = [("login", text) for text in ours(violations(login))]
    desk = open_browser(width, color_scheme=scheme, user=admin_user, bypass_csp=True)
    for address in ADMIN:
        desk.goto(address.format(paper=paper.pk, project=project.pk))
        found += [(address, text) for text in ours(violations(desk))]
    assert found == []


def test_a_refused_form_has_no_violations_of_our_own(open_browser, admin_user, profile, violations):
    desk = open_browser(user=admin_user, bypass_csp=True)
    desk.goto("/admin/research/publication/add/")
    desk.get_by_role("button", name="Add another Author").click()
    desk.get_by_role("button", name="Add another Link").click()
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator(".errornote")).to_be_visible()
    assert ours(violations(desk)) == []
