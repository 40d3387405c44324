"""
The strict Content-Security-Policy stands in nobody's way: every form of the desk is opened and its widgets are used.

What the policy blocks is an error in the browser's console, which fails any of the browser tests (conftest.Watch).
"""

from django.contrib.auth import get_user_model
from django.urls import reverse
from playwright.sync_api import expect

from research.models import Topic

PAGES = [
    "/admin/",
    "/admin/health/",
    "/admin/research/publication/",
    "/admin/research/project/",
    "/admin/research/person/",
    "/admin/research/topic/",
    "/admin/research/person/add/",
    "/admin/research/topic/add/",
    "/admin/research/project/add/",
    "/admin/research/profile/1/change/",
    "/admin/auth/user/",
    "/admin/auth/user/add/",
    "/admin/password_change/",
    "/admin/security/",
    "/admin/security/confirm/",
]


def pages_of(*records):
    """The addresses of the pages that each record has."""
    for record in records:
        last = "password_change" if isinstance(record, get_user_model()) else "delete"  # no user is deleted
        for page in ("change", "history", last):
            yield reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_{page}", args=[record.pk])


def test_the_desk_works_under_the_policy(desk, make_person, make_publication, make_project):
    topic, people = Topic.objects.create(name="Owls", slug="owls"), [make_person("John Roe"), make_person("Jon Roe")]
    paper, draft = make_publication([make_person("Richard Miles")]), make_publication(status="draft")
    for address in [*PAGES, *pages_of(people[0], topic, paper, draft, make_project(), get_user_model().objects.get())]:
        desk.goto(address)
        expect(desk.locator("#content")).to_be_visible()
    desk.goto(f"/admin/research/publication/{draft.pk}/share/")
    expect(desk.locator("#content")).to_be_visible()
    desk.goto("/admin/research/person/")
    for person in people:
        desk.locator(f".action-select[value='{person.pk}']").check()
    desk.get_by_label("Action:").select_option("merge")
    desk.get_by_role("button", name="Go").click()
    expect(desk.locator("#content form [type=radio]").first).to_be_visible()

    desk.goto("/admin/security/")
    desk.get_by_role("button", name="Set up an app").click()
    expect(desk.get_by_alt_text("QR code")).to_be_visible()

    desk.goto(f"/admin/research/publication/{paper.pk}/change/")
    desk.get_by_role("button", name="Add another Author").click()
    desk.locator("#authorships-1 .select2-selection").click()
    desk.get_by_role("option", name="John Roe").click()
    desk.get_by_label("Abstract:").fill("Owls *and* $x^2$")
    expect(desk.locator(".markdownx-preview em")).to_have_text("and")
    desk.get_by_role("link", name="Today").first.click()
    desk.get_by_role("link", name="Now").first.click()
    desk.get_by_text("Details of publication").click()
    desk.locator(".field-topics .select2-selection").click()
    desk.get_by_role("option", name="Owls").click()
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator(".messagelist")).to_contain_text("was changed successfully")


def test_a_page_that_refuses_is_in_the_look_of_the_site(desk, watch):
    watch.expect("403: GET")
    desk.goto(f"/admin/auth/user/{get_user_model().objects.get().pk}/delete/")
    expect(desk.get_by_role("heading", name="This is not for you to do")).to_be_visible()
    assert desk.evaluate("document.styleSheets.length") == 1


def test_a_script_in_the_page_does_not_run(desk, watch):
    for blocked in ("Loading the image", "Executing inline script", "Executing inline event handler"):
        watch.expect(f"console error: {blocked}")
    watch.expect("elsewhere.example")
    desk.goto("/admin/security/")
    desk.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "window.hacked = true";
          document.body.append(script);
          const picture = document.createElement("img");
          picture.setAttribute("onerror", "window.hacked = true");
          picture.src = "https://elsewhere.example/pixel.png";
          document.body.append(picture);
        }"""
    )
    desk.wait_for_function("() => document.querySelector('img[onerror]').complete")
    assert desk.evaluate("window.hacked") is None


def test_no_script_of_a_page_for_visitors_can_make_markup_of_text(page, watch, profile):
    for blocked in ("This document requires", "Creating a TrustedTypePolicy"):
        watch.expect(f"console error: {blocked}")
    page.goto("/")
    refused = page.evaluate(
        """() => {
          const ways = [
            () => (document.body.innerHTML = "<p>Owls</p>"),
            () => document.body.insertAdjacentHTML("beforeend", "<p>Owls</p>"),
            () => (document.createElement("script").src = "/static/js/theme.js"),
            () => new DOMParser().parseFromString("<p>Owls</p>", "text/html"),
            () => trustedTypes.createPolicy("default", { createHTML: (text) => text }),
          ];
          return ways.map((way) => { try { way(); return "done"; } catch (error) { return error.name; } });
        }"""
    )
    assert refused == ["TypeError"] * 5
