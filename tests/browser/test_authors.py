"""Authors are chosen among the people who are known, and whoever is missing is added from the form."""

import pytest
from playwright.sync_api import expect

from research.models import Person


@pytest.fixture
def form(desk, make_person, make_publication):
    make_person("Richard Miles")
    paper = make_publication([make_person("Ada Ash")], title="On owls", selected=True)
    desk.goto(f"/admin/research/publication/{paper.pk}/change/")
    desk.get_by_role("button", name="Add another Author").click()
    return desk


def save(page):
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def test_an_author_is_found_by_typing_part_of_the_name(form):
    form.locator("#authorships-1 .select2-selection").click()
    form.locator(".select2-dropdown .select2-search__field").press_sequentially("mil")
    form.get_by_role("option", name="Richard Miles").click()
    save(form)
    form.goto("/")
    expect(form.locator(".entry .authors")).to_have_text("Ada Ash, Richard Miles")


def test_an_author_is_chosen_by_the_keyboard_alone(form):
    form.locator("#authorships-1 .select2-selection").focus()
    form.keyboard.press("Enter")
    expect(form.locator(".select2-dropdown .select2-search__field")).to_be_focused()
    form.keyboard.type("miles")
    expect(form.locator(".select2-results").get_by_role("option")).to_have_text(["Richard Miles"])
    form.keyboard.press("Enter")
    expect(form.locator("#authorships-1 option:checked")).to_have_text("Richard Miles")


@pytest.mark.parametrize("width", [360, 1280])
def test_a_missing_person_is_added_in_a_window_of_its_own(form, width):
    form.set_viewport_size({"width": width, "height": 800})
    with form.expect_popup() as opened:
        form.locator("#add_id_authorships-1-person").click()
    window = opened.value
    window.get_by_label("Given name:").fill("Cleo")
    window.get_by_label("Family name:").fill("Cedar")
    with window.expect_event("close"):
        window.get_by_role("button", name="Save", exact=True).click()
    expect(form.locator("#authorships-1 option:checked")).to_have_text("Cleo Cedar")
    save(form)
    form.goto("/")
    expect(form.locator(".entry .authors")).to_have_text("Ada Ash, Cleo Cedar")
    assert Person.objects.count() == 3
