"""
The strict Content-Security-Policy stands in nobody's way: the widgets of the desk are used.

What the policy blocks is an error in the browser's console, which fails any of the browser tests (conftest.Watch).
Every page, with what the policy would have to stop: test_every_page.py.
"""

from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from research.models import Topic


def test_the_widgets_of_the_desk_work_under_the_policy(desk, make_person, make_publication):
    people = [make_person("John Roe"), make_person("Jon Roe")]
    Topic.objects.create(name="Owls", slug="owls")
    paper, draft = make_publication([make_person("Richard Miles")]), make_publication(status="draft")
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
