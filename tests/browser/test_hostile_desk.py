"""Payloads where the desk answers: searches, findings, choices, messages, and a form that two have open."""

from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from research.health import registry
from research.models import Person, Profile, Publication, Topic
from tests.hostile import texts, traces

OF_THE_SERVER = ["backups", "disk_space", "configuration", "unclaimed_files"]  # checks that name no record
# What is asked with an address, and whether the page repeats it.
QUESTIONS = {
    "/publications/?q={}": True,
    "/nowhere/{}": False,
    "/admin/nowhere/{}": False,
    "/admin/security/confirm/?next={}": False,
    "/admin/auth/user/?q={}": True,
    "/admin/research/person/?q={}": True,
    "/admin/research/project/?q={}": True,
    "/admin/research/publication/?q={}": True,
    "/admin/research/topic/?q={}": True,
    "/admin/research/person/add/?given_name={}": True,
    "/admin/research/publication/add/?title={}": True,
    "/admin/research/topic/add/?_changelist_filters={}": False,
}


@pytest.fixture
def owner(visit, filled, admin_user):
    """The owner's browser before a site that is full of payloads."""
    return visit(user=admin_user)


def shows(visitor):
    """Look at the page that is open, which shows payloads."""
    expect(visitor.page.locator("#content")).to_contain_text(texts.MARK)
    assert visitor.look() == []


def question(number):
    """Every fifth payload, as a part of an address, which has its greatest length."""
    return quote(" ".join([texts.MARK, *texts.PAYLOADS[number % 5 :: 5]]).encode("utf-8", "replace"), "")


def test_no_payload_runs_on_the_way_to_the_login(visit, profile):
    stranger = visit(takes_cookies=True)
    for number in range(5):
        assert stranger.open(f"/admin/login/?next={question(number)}") == []
        assert stranger.holds()


def test_no_payload_runs_that_is_asked_for_or_found(owner, watch):
    watch.expect("404: GET /nowhere/", "404: GET /admin/nowhere/")
    repeated = {}
    for number, address in enumerate(QUESTIONS):
        assert owner.open(address.replace("{}", question(number))) == []
        repeated[address] = owner.holds()
    assert repeated == QUESTIONS
    traces.kill_links()
    traces.neglect()
    silent = []
    for name in [registry.Result(check, []).name for check in registry.CHECKS]:
        assert owner.open(f"/admin/health/?check={name}") == []
        silent += [] if owner.holds() else [name]
    assert silent == OF_THE_SERVER
    owner.open("/admin/health/")
    shows(owner)


def test_no_payload_runs_in_what_the_owner_does_with_it(owner):
    choose_in_a_form(owner)
    delete_and_bring_back(owner)
    for model in (Publication, Profile):
        save_what_was_changed_meanwhile(owner, model)
    merge_people(owner)


def choose_in_a_form(owner):
    page = owner.page
    page.goto("/admin/research/publication/add/")
    page.get_by_role("button", name="Add another Author").click()
    page.get_by_text("Details of publication").click()
    for field in ("#authorships-0", ".field-topics"):
        page.locator(f"{field} .select2-selection").click()
        expect(page.locator(".select2-results__option").first).to_contain_text(texts.MARK)
        page.locator(".select2-results__option").first.click()
    shows(owner)


def delete_and_bring_back(owner):
    short = Topic.objects.create(name=f"{texts.MARK} <img src=x onerror=alert(1)>", slug="short")  # valid, to come back
    page = owner.page
    page.goto("/admin/research/topic/")
    page.locator("#action-toggle").check()
    page.get_by_label("Action:").select_option("delete_selected")
    page.get_by_role("button", name="Go").click()
    shows(owner)
    page.goto(f"/admin/research/topic/{short.pk}/delete/")
    page.get_by_role("button", name="Yes, I’m sure").click()
    expect(page.locator(".messagelist .success")).to_contain_text(texts.MARK)
    shows(owner)
    page.goto("/admin/research/topic/deleted/")
    page.get_by_role("button", name="Undo the deletion").click()
    expect(page.locator(".messagelist .success")).to_contain_text("is back")
    shows(owner)


def save_what_was_changed_meanwhile(owner, model):
    record = model.objects.first()
    owner.page.goto(f"/admin/research/{model._meta.model_name}/{record.pk}/change/")
    for name, text in texts.texts(model, texts.PAYLOADS[1::20]).items():
        setattr(record, name, text)
    record.save()
    owner.page.get_by_role("button", name="Save", exact=True).click()
    expect(owner.page.locator(".meanwhile .differences")).to_contain_text(texts.MARK)
    shows(owner)


def merge_people(owner):
    page, kept = owner.page, Person.objects.order_by("pk").first()
    page.goto("/admin/research/person/")
    page.locator("#action-toggle").check()
    page.get_by_label("Action:").select_option("merge")
    page.get_by_role("button", name="Go").click()
    expect(page.locator("#content form [type=radio]")).to_have_count(len(texts.packs()))
    shows(owner)
    page.locator(f"[name=kept][value='{kept.pk}']").check()
    page.get_by_role("button", name="Merge into the chosen one").click()
    expect(page.locator(".messagelist .success")).to_contain_text("is one person now")
    shows(owner)
    owner.open(f"/admin/research/person/{kept.pk}/history/")
    expect(page.locator(".version-list li").first).to_contain_text("Merged")
    shows(owner)
