"""Nothing that is typed, pasted or imported runs: hundreds of known payloads in every field, in a real browser."""

import pytest
from django.db import connection
from django.test import Client
from playwright.sync_api import Error

from research import markup
from research.citations import formats
from research.models import Import, Person, Project, Publication, Topic
from tests.hostile import texts

# Says so when something ran: the functions that payloads call.
HOOKS = """
for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = (...words) => window.ran(name, words);
"""
# What could run later, on a click or a move of the mouse, or without a script.
SUSPECTS = """() => {
  const found = [], addresses = ["href", "src", "action", "formaction", "data", "xlink:href", "poster", "background"];
  const own = ["/static/", "/admin/jsi18n/"].map(path => location.origin + path);
  const scheme = value => { try { return new URL(value, location).protocol; } catch { return "http:"; } };
  for (const element of document.querySelectorAll("*")) {
    const name = element.localName;
    const isData = ["application/ld+json", "application/json"].includes(element.type);
    if (name === "script" && !isData && !(own.some(path => element.src.startsWith(path))))
      found.push(element);
    if (["iframe", "frame", "object", "embed", "base", "applet", "style", "portal"].includes(name)) found.push(element);
    if (name === "meta" && element.httpEquiv) found.push(element);
    for (const {name, value} of element.attributes)
      if (/^on/i.test(name) || name === "srcdoc"
          || addresses.includes(name) && !["http:", "https:", "mailto:", "blob:"].includes(scheme(value)))
        found.push(element);
  }
  return found.map(element => element.outerHTML.slice(0, 200));
}"""


@pytest.fixture
def visit(open_browser, admin_user):
    """
    A function that opens addresses one after another, and returns what ran or could run in them.

    `has_policy=False`: without the Content-Security-Policy, so that what a page holds is harmless by itself.
    """

    def open_all(addresses, has_policy=True, is_owner=False):
        page = open_browser(user=admin_user if is_owner else None, bypass_csp=not has_policy)
        page.set_default_timeout(60_000)  # pages of many thousand words
        found = []
        page.expose_function("ran", lambda *what: found.append(("ran", page.url, what)))
        page.add_init_script(HOOKS)
        page.on("dialog", lambda dialog: found.append(("dialog", page.url, dialog.message)) or dialog.dismiss())
        for address in addresses:
            try:
                page.goto(address)
            except Error as error:
                assert "Download is starting" in str(error)
                continue
            if not page.url.endswith(address):
                found.append(("left", address, page.url))
            if page.evaluate("document.contentType") == "text/html":
                found += [("suspect", address, element) for element in page.evaluate(SUSPECTS)]
        return found

    return open_all


@pytest.fixture
def filled(live_server):
    if connection.vendor == "postgresql":
        pytest.skip("it holds short fields to their length, and these have many payloads each: SQLite does not")
    assert len(texts.PAYLOADS) >= 300
    texts.fill()


def public_pages():
    found = ["/", "/publications/", "/publications/?q=alert", "/projects/"]
    found += [record.get_absolute_url() for model in (Publication, Project) for record in model.objects.all()]
    return [*found, "/feed.xml", "/publications/feed.xml", "/sitemap.xml", "/unapi?id=k1"]


def files():
    """The formats, each of some records and of all of them."""
    records = [f"/publications/p{number}/p{number}.{each.EXTENSION}" for number in (0, 9) for each in formats.FORMATS]
    return records + [f"/publications.{each.EXTENSION}" for each in formats.OF_LISTS] + ["/unapi?id=k9&format=ris"]


def test_what_runs_and_what_could_is_seen(visit, watch, profile, monkeypatch):
    """The other tests find nothing because there is nothing."""
    monkeypatch.setattr("research.markup.CLEANERS", dict.fromkeys(markup.CLEANERS, Passing()))
    monkeypatch.setattr("research.markup._parse", lambda kind, text, top_heading: text)
    watch.expect("404: GET /nowhere/")
    script = "<a href=' JaVa&#9;script:alert(1)'>x</a><script></script>"
    profile.biography = f"<img src=/nowhere/ onerror=alert(1)>{script}"
    profile.save()
    kinds = [kind for kind, *_ in visit(["/"], has_policy=False)]
    assert sorted(kinds) == ["ran", *["suspect"] * 3]


class Passing:
    def clean(self, source):
        return source


def test_no_payload_runs_on_a_public_page(visit, watch, filled):
    watch.expect("Applying inline style violates")  # Chromium's own, with which it shows XML
    assert visit(public_pages() + files()) == []


def test_no_payload_would_run_without_the_policy(visit, filled):
    assert visit(public_pages(), has_policy=False) == []


def test_no_payload_runs_on_the_desk(visit, filled):
    lists = [f"/admin/research/{name}/" for name in ("publication", "project", "person", "topic")]
    forms = [
        f"/admin/research/{model._meta.model_name}/{record.pk}/change/"
        for model, count in ((Publication, 6), (Project, 4), (Person, 4), (Topic, 4))
        for record in model.objects.order_by("pk")[:count]
    ]
    deleting = f"/admin/research/person/{Person.objects.first().pk}/delete/"
    pages = [
        *lists,
        *forms,
        deleting,
        "/admin/",
        "/admin/research/profile/1/change/",
        "/admin/research/topic/?q=%3Cb%3E",
    ]
    assert visit(pages, is_owner=True, has_policy=False) == []


@pytest.mark.parametrize("name", ["a.bib", "a.ris", "a.json"])
def test_no_payload_of_an_imported_file_runs(visit, profile, admin_user, name):
    client = Client()
    client.force_login(admin_user)
    text = dict(texts.citation_files())[name]
    client.post("/admin/research/publication/add-from/", {"text": text})
    run = Import.objects.get()
    while run.waiting:
        client.post(f"/admin/research/publication/add-from/{run.pk}/", {"action": "step"})
        run.refresh_from_db()
    assert run.proposals.count() > 200
    review = f"/admin/research/publication/add-from/{run.pk}/"
    pages = [review, *(f"{review}?page={number}" for number in range(2, 6)), "/admin/research/publication/add-from/"]
    assert visit(pages, is_owner=True, has_policy=False) == []
