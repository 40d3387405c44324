"""What greets the owner: the steps on an empty site, and the way out of the example."""

from playwright.sync_api import expect

from research.models import Person, Profile, Project, Publication


def test_an_empty_site_says_what_to_do(page):
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("This site is ready to be written")
    page.get_by_role("link", name="Log in").click()
    expect(page.get_by_label("Username")).to_be_visible()
    page.context.clear_cookies()  # the form's own; the page itself gave none


def test_the_steps_lead_through_an_empty_site(open_browser, admin_user):
    Profile.objects.get_or_create(pk=1)  # the migration makes it, and a live server's tests begin without
    desk = open_browser(user=admin_user)
    desk.goto("/admin/")
    steps = desk.locator(".first-steps li")
    expect(steps).to_have_count(6)
    expect(desk.locator(".first-steps .done")).to_have_count(0)
    desk.get_by_role("link", name="Write who you are").click()
    desk.get_by_label("Name:", exact=True).fill("Jane Doe")
    desk.get_by_label("Biography:").fill("I study owls.")
    desk.get_by_role("button", name="Save", exact=True).click()
    desk.goto("/admin/")
    expect(desk.locator(".first-steps .done")).to_have_count(1)
    expect(steps.first).to_contain_text("Done: Write who you are")


def test_the_example_is_removed_after_a_question(open_browser, admin_user, example):
    desk = open_browser(user=admin_user)
    desk.goto("/admin/")
    remove = desk.get_by_role("button", name="Remove the example")
    remove.click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Remove the example?")
    desk.get_by_role("link", name="No, go back").click()
    assert Publication.objects.count() == 7
    remove.click()
    desk.get_by_role("button", name="Yes, remove the example").click()
    expect(desk.locator(".messagelist")).to_contain_text("The example is gone.")
    expect(desk.get_by_role("heading", name="The steps to a finished site")).to_be_visible()
    assert [model.objects.count() for model in (Publication, Project, Person)] == [0, 0, 0]
    desk.get_by_role("link", name="View site").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("This site is ready to be written")
