"""A copy for another address, in a folder of its host: every link has to begin as the address does."""

import json
import re

import pytest

from research import staticsite
from research.addresses import home

from .conftest import SITE, names
from .links import dead_links

pytestmark = pytest.mark.django_db

BASE = "https://jane-doe.github.io/site"
ROOT = re.compile(r"""(?:(?:href|src|action|srcset)="|url\(["']?|0; url=|w, )/(?!site/)""")


@pytest.mark.parametrize("base_url", [BASE, f"{BASE}/", "https://jane-doe.org", "http://jane-doe.org:8080/a/b/"])
def test_no_link_is_dead_under_it(site, export, base_url):
    assert dead_links(export(base_url), base_url) == set()


def test_the_site_it_comes_from_is_nowhere_named(site, export):
    assert naming(export(), SITE) >= {"index.html", "sitemap.xml", "robots.txt", "publications/owls/linkset"}
    assert naming(export(f"{BASE}/"), "127.0.0.1") == set()


def naming(folder, text):
    return {name for name in names(folder) if text.encode() in (folder / name).read_bytes()}


def test_every_path_begins_with_its_folder(site, export):
    folder = export(BASE)
    texts = {name: (folder / name).read_text() for name in names(folder) if name.endswith((".html", ".css"))}
    assert {name: found for name, text in texts.items() if (found := ROOT.findall(text))} == {}
    assert '<a href="/site/media/files/talks/talk.pdf">' in texts["index.html"]
    assert '<a href="/site/projects/" rel="me">Projects</a>' in texts["index.html"]
    assert re.search(r'<img src="/site/media/images/[^"]+"', texts["projects/flight/index.html"])


def test_the_same_files_are_written_under_the_same_names(site, export):
    def plain(found):
        return {re.sub(r"style/\w+", "style/*", name) for name in found}

    assert plain(names(export(BASE))) == plain(names(export()))


def test_what_describes_the_home_page_agrees(site, export):
    page = (export(BASE) / "index.html").read_text()
    about = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])
    assert (about["@id"], about["url"], about["mainEntity"]["@id"]) == (f"{BASE}/", f"{BASE}/", f"{BASE}/#owner")
    assert about["mainEntity"]["image"].startswith(f"{BASE}/media/images/")
    assert f'<link rel="canonical" href="{BASE}/">' in page
    assert f'<meta property="og:url" content="{BASE}/">' in page


def test_afterwards_the_site_is_where_it_was(client, site, export):
    before = client.get("/").content, client.get("/projects/flight/").content, home()
    export(BASE)
    assert (client.get("/").content, client.get("/projects/flight/").content, home()) == before


def test_also_after_a_failure(client, site, export, tmp_path):
    before = client.get("/").content
    (tmp_path / "site").write_text("mine")
    with pytest.raises(staticsite.ExportRefused):
        export(BASE)
    assert client.get("/").content == before
