"""Payloads as the names of files that a browser uploads: where the desk says them again, nothing runs."""

import html
import re

import pytest
from playwright.sync_api import expect

from research.admin import importing
from research.models import Import, Publication
from tests.hostile import texts

ENTRY = "@article{owls%d, title = {Owls %d}, author = {Doe, Jane}, year = 2024}"
AT_ONCE = 90  # files: with those of the form itself fewer than it may have
# Sends a form with files of these names in the rows of its links, as a browser with so many rows would.
SEND = """names => {
  const form = document.querySelector("#publication_form");
  form.querySelector("[name=links-TOTAL_FORMS]").value = names.length;
  names.forEach((name, number) => {
    const input = document.createElement("input"), files = new DataTransfer();
    files.items.add(new File(["MZ"], name));
    Object.assign(input, {type: "file", name: `links-${number}-file`, files: files.files});
    form.append(input);
  });
  form.submit();
}"""


@pytest.fixture
def owner(visit, profile, admin_user):
    return visit(user=admin_user)


def keeps_its_beginning(name):
    """Whether nothing in a name is a folder's end, when its entities are read as Django reads them."""
    return not set(html.unescape(name)) & set("/\\")


def test_no_name_of_a_refused_file_runs(owner):
    names = texts.file_names(".exe")
    for start in range(0, len(names), AT_ONCE):
        some = names[start : start + AT_ONCE]
        owner.page.goto("/admin/research/publication/add/")
        with owner.page.expect_navigation():
            owner.page.evaluate(SEND, some)
        refusals = owner.page.locator(".errorlist", has_text="is not of a kind that can be shared here")
        expect(refusals).to_have_count(len(some))
        whole = [name for name in some if keeps_its_beginning(name)]
        expect(refusals.filter(has_text=texts.MARK)).to_have_count(len(whole))
        assert owner.look() == []


def test_no_name_of_an_imported_file_runs(owner, monkeypatch):
    names = texts.file_names(".bib")[::40]
    for number, name in enumerate(names):
        owner.page.goto("/admin/research/publication/add-from/")
        file = {"name": name, "mimeType": "text/plain", "buffer": (ENTRY % (number, number)).encode()}
        owner.page.locator("#id_file").set_input_files(file)
        owner.page.get_by_role("button", name="Look it up").click()
        expect(owner.page.locator("#content h1")).to_contain_text(texts.MARK)
        assert owner.look() == []
    assert Import.objects.filter(asked__startswith=texts.MARK).count() == len(names)
    owner.open("/admin/research/publication/add-from/")
    expect(owner.page.locator(".import-runs li", has_text=texts.MARK)).to_have_count(len(names))
    monkeypatch.setattr(importing, "MOST_BYTES", 1)
    owner.page.locator("#id_file").set_input_files(file)
    owner.page.get_by_role("button", name="Look it up").click()
    expect(owner.page.locator(".errornote")).to_contain_text(texts.MARK)
    assert owner.look() == []


def test_no_name_of_a_stored_file_runs(owner, make_publication, png):
    make_publication(pk=1, slug="owls")
    owner.page.goto("/admin/research/publication/1/change/")
    name = texts.file_names("")[7]
    owner.page.get_by_text("Details of publication").click()
    owner.page.locator("#id_pdf").set_input_files({"name": f"{name}.pdf", "mimeType": "x/y", "buffer": b"%PDF-1.7"})
    owner.page.locator("#id_thumbnail").set_input_files({"name": f"{name}.png", "mimeType": "x/y", "buffer": png})
    owner.page.get_by_role("button", name="Save", exact=True).click()
    expect(owner.page.locator(".messagelist .success")).to_be_visible()
    stem = re.sub(r"[^\w.-]", "", name.replace(" ", "_"), flags=re.ASCII)[:20]
    assert Publication.objects.get().pdf.name.split("/")[2].startswith(stem)
    pages = [f"/admin/research/publication/1/{page}/" for page in ("change", "history", "versions", "delete")]
    owner.open(*pages, "/publications/owls/", "/publications/")
    assert owner.found == []
