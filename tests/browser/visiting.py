"""
What runs in a page, what could run later, and what the Content-Security-Policy would have to stop.

The policy is told and not enforced (`visit`): so one look at a page says whether it is harmless by itself, and whether
it keeps to the policy.
"""

import pytest
from django.db import connection
from playwright.sync_api import Error

from portfolio.headers import SecurityHeaders
from tests.hostile import texts

POLICY = "Content-Security-Policy"
# Says so when something ran, by the functions that payloads call, or when something met the policy (of a page: the
# way in which Chromium shows XML does).
HOOKS = """
for (const name of ["alert", "confirm", "prompt", "print"])
  window[name] = (...words) => window.tell("ran", location.href, `${name} ${words}`);
document.addEventListener("securitypolicyviolation", violation => {
  if (document.contentType === "text/html") window.tell("policy", location.href, violation.effectiveDirective);
});
"""
# What could run later, on a click or a move of the mouse, or without a script.
SUSPECTS = """() => {
  const found = [], addresses = ["href", "src", "action", "formaction", "data", "xlink:href", "poster", "background"];
  const own = ["/static/", "/admin/jsi18n/"].map(path => location.origin + path);
  const scheme = value => { try { return new URL(value, location).protocol; } catch { return "http:"; } };
  for (const element of document.querySelectorAll("*")) {
    const name = element.localName;
    const isData = ["application/ld+json", "application/json"].includes(element.type);
    if (name === "script" && !isData && !(own.some(path => element.src?.startsWith(path))))
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
# Whether a text is there to be seen, in the page's own part or in its forms.
HOLDS = """text => [...document.querySelectorAll("#content, main, body:not(:has(main, #content))")].some(part =>
  part.textContent.includes(text)
  || [...part.querySelectorAll("input, textarea")].some(field => field.value.includes(text)))"""


class Visitor:
    """A browser in which pages are looked at; `found` is (what, where, …) of all that is wrong in them."""

    def __init__(self, page):
        self.page = page
        self.found = []
        page.set_default_timeout(60_000)  # pages of many thousand words
        page.expose_function("tell", lambda *what: self.found.append(what))
        page.add_init_script(HOOKS)
        page.on("dialog", self.dismiss)

    def dismiss(self, dialog):
        self.found.append(("dialog", self.page.url, dialog.message))
        dialog.dismiss()

    def open(self, *addresses):
        """Open addresses one after another, and look at the pages; returns `found`."""
        for address in addresses:
            try:
                self.page.goto(address)
            except Error as error:
                assert "Download is starting" in str(error)
                continue
            if not self.page.url.endswith(address):
                self.found.append(("left", address, self.page.url))
            self.look()
        return self.found

    def look(self):
        """Look at the page that is open; returns `found`."""
        if self.page.evaluate("document.contentType") == "text/html":
            self.found += [("suspect", self.page.url, element) for element in self.page.evaluate(SUSPECTS)]
        return self.found

    def holds(self, text=texts.MARK):
        """Whether the page that is open shows a text."""
        return self.page.evaluate(HOLDS, text)


@pytest.fixture
def visit(open_browser, monkeypatch):
    """A function that opens a browser as a `Visitor`; it takes what `open_browser` does."""
    answer = SecurityHeaders.__call__

    def told(self, request):
        response = answer(self, request)
        if "sandbox" not in response[POLICY]:  # an upload keeps its own
            response[f"{POLICY}-Report-Only"] = response[POLICY]
            del response[POLICY]
        return response

    monkeypatch.setattr(SecurityHeaders, "__call__", told)
    # In a low window there is little to paint, which nobody looks at.
    return lambda **options: Visitor(open_browser(**{"height": 100} | options))


@pytest.fixture
def takes_any_length(live_server):
    """Of the tests whose fields hold many payloads each."""
    if connection.vendor == "postgresql":
        pytest.skip("it holds short fields to their length: SQLite does not")


@pytest.fixture
def filled(takes_any_length):
    """A site with every payload in every field, forty in each."""
    assert len(texts.PAYLOADS) >= 300
    texts.fill()
