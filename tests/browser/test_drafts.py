"""A draft is nowhere for a visitor, and marked for the owner."""

from playwright.sync_api import expect


def test_a_visitor_meets_no_draft(page, watch, profile, make_publication, make_project):
    make_publication(title="Secret owls", slug="secret", status="draft", selected=True)
    make_publication(title="Known owls", slug="known", selected=True)
    make_project(title="Secret mice", slug="secret", summary="Secret mice", status="draft")
    make_project(title="Known mice", slug="known", summary="Known mice")
    for address in ("/", "/publications/", "/projects/"):
        page.goto(address)
        expect(page.get_by_role("main")).to_contain_text("Known")
        expect(page.get_by_text("Secret")).to_have_count(0)
    watch.expect("404: GET /publications/secret/", "404: GET /projects/secret/")
    for address in ("/publications/secret/", "/projects/secret/"):
        assert page.goto(address).status == 404
        expect(page.get_by_role("heading", level=1)).to_have_text("There is no page here")
        expect(page.get_by_text("Secret")).to_have_count(0)


def test_the_owner_sees_that_it_is_a_draft(desk, make_publication, make_project):
    make_publication(title="Secret owls", slug="secret", status="draft", selected=True)
    make_project(title="Secret mice", slug="secret", summary="Secret mice", status="draft")
    for address, count in (("/", 2), ("/publications/", 1), ("/projects/", 1)):
        desk.goto(address)
        expect(desk.locator(".badge")).to_have_text(["Draft"] * count)
    for address in ("/publications/secret/", "/projects/secret/"):
        response = desk.goto(address)
        expect(desk.get_by_text("This is a draft: only you can see it.")).to_be_visible()
        assert "no-store" in response.headers["cache-control"]
    desk.get_by_role("link", name="Edit this page").click()
    expect(desk.get_by_label("Title:", exact=True)).to_have_value("Secret mice")


def test_a_draft_is_shown_by_a_link_that_is_copied(
    open_browser, admin_user, settings, live_server, violations, profile, make_publication
):
    settings.SITE_URL = live_server.url
    draft = make_publication(title="Secret owls", status="draft")
    desk = open_browser(user=admin_user, permissions=["clipboard-read", "clipboard-write"])
    desk.goto(f"/admin/research/publication/{draft.pk}/change/")
    desk.get_by_role("link", name="Show the draft to somebody").click()
    desk.get_by_label("Whoever has this link").select_option("3 days")
    desk.get_by_role("button", name="Change the days").click()
    desk.get_by_role("button", name="Copy").click()
    expect(desk.get_by_role("button", name="Copied")).to_be_visible()
    assert [text for text in violations(desk) if "breadcrumbs" not in text and '<a href="/admin/' not in text] == []
    link = desk.evaluate("navigator.clipboard.readText()")
    visitor = open_browser(360)
    visitor.goto(link)
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Secret owls")
    expect(visitor.get_by_text("This is a draft, for your eyes")).to_be_visible()
    assert violations(visitor) == []


def test_the_link_can_be_had_without_scripts(open_browser, admin_user, make_publication):
    draft = make_publication(title="Secret owls", status="draft")
    desk = open_browser(user=admin_user, java_script_enabled=False)
    desk.goto(f"/admin/research/publication/{draft.pk}/share/")
    link = desk.locator("[data-copy]")
    first = link.inner_text()
    assert first == link.get_attribute("href")
    desk.get_by_role("button", name="Withdraw all links to this draft").click()
    expect(desk.locator(".messagelist")).to_contain_text("No link that was made before works any more.")
    assert link.inner_text() != first
