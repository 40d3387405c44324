"""
A real browser before a real server: Debian's Chromium, driven by Playwright, and pytest-django's live server.

Every page that a test opens is watched: a script's error, an answer that is an error, a request that fails or leaves
the site, a cookie for a visitor, fails the test. What a test causes on purpose it says with `watch.expect`.
"""

import io
import os
import shutil
import time
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client, override_settings
from PIL import Image
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import expect, sync_playwright

from portfolio.login.views import CONFIRMED
from research import images, media
from research.example import load
from research.models import Profile
from tests.addresses import records, whole_site

from .visiting import filled, takes_any_length, visit

__all__ = ["filled", "records", "takes_any_length", "visit", "whole_site"]
CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",  # Chromium refuses to start as root with it, and continuous integration runs as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 20_000  # milliseconds; a machine may have much else to do
FAREWELL = 5_000  # for requests that are under way when a test ends; of a window that was closed none is said to end

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser(django_db_setup):
    """One browser for all tests; each gets a context, a profile of its own."""
    if not CHROMIUM.exists():
        pytest.fail(f"The browser tests need {CHROMIUM}. Install it: apt-get install chromium", pytrace=False)
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    # Playwright runs an event loop in this thread, which Django takes for asynchronous code that must not use the
    # database. Nothing here is asynchronous: the loop rests while a test's own lines run.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield chromium
        chromium.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


class Watch:
    """What goes wrong in the pages of a test."""

    def __init__(self, origin):
        self.origin = origin
        self.problems = []
        self.expected = []
        self.under_way = set()

    def expect(self, *problems):
        """Say that these parts of problems must come up; a problem that does not is one, too."""
        self.expected += problems

    def attach(self, context):
        context.on("request", self.request)
        context.on("requestfinished", self.finished)
        context.on("requestfailed", self.failed)
        context.on("response", self.response)
        context.on("console", self.console)
        context.on("weberror", lambda error: self.problems.append(f"script: {error.error}"))

    def request(self, request):
        if request.url.startswith(("data:", "blob:", "about:")):
            return
        self.under_way.add(request)
        if not request.url.startswith(f"{self.origin}/"):
            self.problems.append(f"left the site: {request.method} {request.url}")

    def finished(self, request):
        self.under_way.discard(request)

    def failed(self, request):
        self.under_way.discard(request)
        # Who leaves a page breaks off what it was still loading: the browser's own doing, and no harm.
        if request.failure != "net::ERR_ABORTED":
            self.problems.append(f"{request.failure}: {request.method} {request.url}")

    def response(self, response):
        if response.status >= 400:
            self.problems.append(f"{response.status}: {response.request.method} {self.path(response.url)}")

    def console(self, message):
        is_told_already = message.text.startswith("Failed to load resource:")  # see `failed` and `response`
        if message.type in ("error", "warning") and not is_told_already:
            self.problems.append(f"console {message.type}: {message.text}")

    def path(self, url):
        return url.removeprefix(self.origin)

    def finish(self, context):
        """Wait for the requests that are under way: they use the database that the next test wants empty."""
        while self.under_way:
            try:
                context.wait_for_event("requestfinished", timeout=FAREWELL)
            except PlaywrightTimeout:
                break

    def verdict(self):
        """What a test did not expect, and what it expected in vain."""
        unexpected = [problem for problem in self.problems if not any(part in problem for part in self.expected)]
        in_vain = [
            f"expected, but did not come: {part}"
            for part in self.expected
            if not any(part in problem for problem in self.problems)
        ]
        return unexpected + in_vain


@pytest.fixture
def watch(live_server):
    return Watch(live_server.url)


@pytest.fixture
def open_browser(browser, live_server, watch):
    """
    A function that opens a window of its own, and returns its page.

    `width` and `height` are in CSS pixels; `user` is logged in; `takes_cookies` is for who logs in by the form; the
    rest is Playwright's for a new context, such as `color_scheme="dark"`.
    """
    contexts = []

    def new(width=1280, height=800, user=None, takes_cookies=False, **options):
        context = browser.new_context(base_url=live_server.url, viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(PATIENCE)
        watch.attach(context)
        contexts.append((context, takes_cookies or user is not None))
        if user is not None:
            context.add_cookies([session_cookie(user, live_server.url)])
        return context.new_page()

    yield new
    for context, takes_cookies in contexts:
        watch.finish(context)
        if not takes_cookies:
            watch.problems += [f"cookie for a visitor: {cookie['name']}" for cookie in context.cookies()]
        context.close()
    assert watch.verdict() == []


def session_cookie(user, url):
    client = Client()
    client.force_login(user)
    session = client.session
    session[CONFIRMED] = time.time()
    session.save()
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}


@pytest.fixture
def page(open_browser):
    """A visitor's window on a desk."""
    return open_browser()


@pytest.fixture
def desk(open_browser, admin_user, profile):
    """The owner's window, logged in; the site has a profile."""
    return open_browser(user=admin_user)


@pytest.fixture(scope="session")
def drawn_example(tmp_path_factory, accept_once):
    """The example's pictures, stored once: (folder, names by file). They are smaller than they were: that is fast."""
    folder = tmp_path_factory.mktemp("example-media")
    names = {}
    with override_settings(MEDIA_ROOT=folder), pytest.MonkeyPatch.context() as patched:
        patched.setattr(images, "accept", accept_once)
        for path in (load.FOLDER / "pictures").iterdir():
            with Image.open(path) as image:
                small = io.BytesIO()
                image.convert("RGB").reduce(4).save(small, image.format)
            names[path.name] = media.store_picture(small)
    return folder, names


@pytest.fixture
def example(drawn_example, settings, monkeypatch, live_server):
    """The example site, as `load_example` makes it; returns its profile."""
    folder, names = drawn_example
    shutil.copytree(folder, settings.MEDIA_ROOT)
    with monkeypatch.context() as patched:
        patched.setattr(load, "store_pictures", lambda example: names)
        load.load()
    return Profile.current()


@pytest.fixture
def owner_is(profile):
    """Say which of the people is the owner: `owner_is(person)`."""

    def say(person):
        profile.person = person
        profile.save()
        return person

    return say


@pytest.fixture
def picture_path(tmp_path):
    """The path of a picture file, as the owner has it on the disk."""
    path = tmp_path / "figure 1.png"
    Image.new("RGB", (640, 400), "#2a6f97").save(path)
    return path


@pytest.fixture
def png():
    """The bytes of a small picture."""
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "#2a6f97").save(content, "PNG")
    return content.getvalue()


@pytest.fixture
def violations():
    """axe-core's findings on a page, as "rule: element" texts; of all rules, or of those that are named."""
    script = Axe().axe_script

    def find(page, *rules):
        if not page.evaluate("'axe' in window"):
            page.evaluate(script)
        options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
        found = page.evaluate("options => axe.run(options)", options)["violations"]
        return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]

    return find
