"""What a static copy holds: what a visitor is answered, byte by byte, and nothing else."""

import os
import re
import time
from urllib.parse import quote

import pytest
from django.urls import reverse

from research import staticsite
from research.models import Project, Publication
from research.urls import urlpatterns
from tests.views.machine import body

from .conftest import DOI, SITE, WORD, names
from .links import dead_links

pytestmark = pytest.mark.django_db

OWLS = "publications/owls"
STANDS_IN = {"404.html", "unapi", ".nojekyll", ".static-copy"}
LEADS_ON = {
    "publications/larks/index.html": f"/{OWLS}/",
    "projects/wings/index.html": "/projects/flight/",
    f"doi/{DOI}/index.html": f"/{OWLS}/",
    "doi/10.48550/arXiv.2412.04984/index.html": f"/{OWLS}/",
    "arxiv/2412.04984/index.html": f"/{OWLS}/",
}
# Addresses that are of no use without a question, or that tell how the live site is and until when they hold.
NOT_EXPORTED = {"health", "security_txt", "draft", "draft_pdf"}


def address(name):
    return "/" + quote(name.removesuffix("index.html"))


def test_every_file_is_what_a_visitor_is_answered(client, site, export):
    folder = export()
    answered = {}
    for name in names(folder) - STANDS_IN - LEADS_ON.keys():
        if not name.startswith("static/"):
            response = client.get(address(name), follow=True)
            answered[name] = (response.status_code, body(response))
    assert len(answered) > 60
    assert answered == {name: (200, (folder / name).read_bytes()) for name in answered}


def test_every_kind_of_address_is_there(site, export):
    pages = {
        *("index.html", "publications/index.html", f"{OWLS}/index.html", "projects/index.html"),
        "projects/flight/index.html",
    }
    record = {f"{OWLS}/owls.{kind}" for kind in ("bib", "ris", "json", "rdf", "jsonld", "txt", "pdf")}
    record |= {f"{OWLS}/linkset", f"{OWLS}/linkset.json"}
    former = {name.replace("owls", "larks") for name in record}
    lists = {f"publications.{kind}" for kind in ("bib", "ris", "json", "rdf", "jsonld")}
    machines = {"feed.xml", "publications/feed.xml", "sitemap.xml", "robots.txt", ".well-known/api-catalog"}
    found = names(export())
    by_content = {name for name in found if re.match(r"(media|static|style)/|.*/preview-\w+\.png", name)}
    assert found - by_content == pages | record | former | lists | machines | LEADS_ON.keys() | STANDS_IN
    assert {re.match(r"\w+/(?:\w+/(?=preview))?", name)[0] for name in by_content} == {
        *("media/", "static/", "style/", "publications/owls/")
    }


def test_no_pattern_of_addresses_is_forgotten(site, export):
    """A pattern that is new has to be exported, or named here with its reason."""
    found = names(export())
    exported = {pattern.name for pattern in urlpatterns if any(pattern.resolve(address(name)[1:]) for name in found)}
    paged = {"publication_list_page"}  # of more than fifty publications
    assert {pattern.name for pattern in urlpatterns} - exported == paged | NOT_EXPORTED


def test_the_pages_of_a_long_list_are_there(client, make_publication, export, monkeypatch):
    for module in ("views.publications", "staticsite"):
        monkeypatch.setattr(f"research.{module}.PER_PAGE", 2)
    for _ in range(5):
        make_publication()
    folder = export()
    assert {name for name in names(folder) if name.startswith("publications/page/")} == {
        "publications/page/2/index.html",
        "publications/page/3/index.html",
    }
    assert (folder / "publications/page/3/index.html").read_bytes() == client.get("/publications/page/3/").content
    assert dead_links(folder, SITE) == set()


def test_every_address_of_the_sitemap_is_there(site, export):
    folder = export()
    places = re.findall(rf"<loc>{SITE}/(.*?)</loc>", (folder / "sitemap.xml").read_text())
    assert sorted(places) == ["", "projects/", "projects/flight/", "publications/", f"{OWLS}/"]
    assert [place for place in places if not (folder / place / "index.html").is_file()] == []


def test_no_link_is_dead(site, export):
    assert dead_links(export(), SITE) == set()


def test_the_link_checker_sees_a_dead_link(site, export):
    folder = export()
    (folder / "projects/index.html").unlink()
    assert {link for _, link in dead_links(folder, SITE)} == {"/projects/", f"{SITE}/projects/"}


def test_nothing_of_a_draft_is_there(site, export):
    hidden, pictures = leaks(export())
    assert (hidden, len(pictures)) == (set(), 3)
    Publication.objects.update(status="published")
    Project.objects.update(status="published")
    shown, more_pictures = leaks(export())
    assert {name.partition("/")[0] for name in shown} == {
        *("publications", "projects", "doi", "arxiv", "media"),
        *(f"publications.{kind}" for kind in ("bib", "ris", "json", "rdf", "jsonld")),
        *("feed.xml", "sitemap.xml"),
    }
    assert len(more_pictures - pictures) == 3


def leaks(folder):
    """The files that say the draft's secret word, in their name or their content; and the names of the pictures."""
    found = names(folder)
    pictures = {name.split("/")[2] for name in found if name.startswith("media/images/")}
    return {name for name in found if WORD.encode() in name.encode() + (folder / name).read_bytes()}, pictures


def test_it_is_as_a_visitor_sees_it_now(site, export):
    Publication.objects.filter(slug="owls").update(status="draft")
    assert {name for name in names(export()) if "owls" in name} == set()
    Publication.objects.filter(slug="owls").update(status="published")
    assert f"{OWLS}/index.html" in names(export())


@pytest.mark.parametrize("name", LEADS_ON)
def test_what_has_moved_leads_on(client, site, export, name):
    text = (export() / name).read_text()
    to = LEADS_ON[name]
    assert re.findall(r'(?:url=|href=")([^"]+)"', text) == [to, f"{SITE}{to}", to]
    live = client.get(address(name).rstrip("/") if name.startswith(("doi", "arxiv")) else address(name))
    assert (live.status_code in (301, 303), live["Location"]) == (True, to)


def test_a_former_address_that_another_record_has_now_is_that_records(client, site, make_publication, export):
    make_publication(slug="larks", title="Larks", citation_key="larks")
    folder = export()
    assert (folder / "publications/larks/index.html").read_bytes() == client.get("/publications/larks/").content
    assert not (folder / "publications/larks/larks.pdf").exists()
    assert client.get("/publications/larks/larks.pdf").status_code == 404


def test_a_doi_that_no_file_can_be_named_after_is_left_out(make_publication, export):
    make_publication(slug="a", doi="10.1000/../../../owls")
    make_publication(slug="b", doi=f"10.1000/{'x' * 252}"[:255])
    make_publication(slug="c", doi="10.1000/c")
    make_publication(slug="d", doi="10.1000/c/index.html/d")
    folder = export()
    assert {name for name in names(folder) if name.startswith("doi/")} - {f"doi/10.1000/{'x' * 247}/index.html"} == {
        "doi/10.1000/c/index.html"
    }
    assert "owls" not in "".join(names(folder))


def test_a_doi_of_arxiv_is_there_as_typed_and_as_arxiv_writes_it(make_publication, export):
    make_publication(doi="10.48550/arXiv.2412.04984", arxiv_id="2412.04984")
    for _ in range(2):
        folder = export()
        assert {name for name in names(folder) if name.startswith(("doi/", "arxiv/"))} == {
            "doi/10.48550/arXiv.2412.04984/index.html",
            "doi/10.48550/arxiv.2412.04984/index.html",
            "arxiv/2412.04984/index.html",
        }


def test_the_page_for_a_missing_address_is_the_sites(client, site, export):
    assert (export() / "404.html").read_bytes() == client.get("/nowhere/").content


def test_unapi_offers_no_format_because_a_file_cannot_be_asked(site, export):
    assert re.findall("<format .*", (export() / "unapi").read_text()) == []


def test_a_picture_that_is_lost_does_not_stop_it(site, export, settings):
    for path in (settings.MEDIA_ROOT / "files").rglob("*.pdf"):
        path.unlink()
    assert f"{OWLS}/owls.pdf" not in names(export())


def test_with_debug_on_it_shows_no_more(site, export, settings):
    folder = export()
    before = {name: (folder / name).read_bytes() for name in names(folder)}
    settings.DEBUG = True
    assert {name: (folder / name).read_bytes() for name in names(export())} == before


def test_it_collects_the_static_files_where_nobody_has(site, export, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    folder = export()
    scripts = {name for name in names(folder) if name.startswith("static/js/")}
    assert {re.sub(r"\.[0-9a-f]{12}\.", ".*.", name) for name in scripts} == {
        f"static/js/{script}.*.js{twin}" for script in ("theme", "copy", "filter") for twin in ("", ".gz", ".br")
    }
    assert {name for name in scripts if not (settings.STATIC_ROOT / name.removeprefix("static/")).is_file()} == set()
    assert dead_links(folder, SITE) == set()


def test_it_collects_them_again_where_they_have_changed(site, export, settings, tmp_path):
    source = tmp_path / "source"
    (source / "js").mkdir(parents=True)
    for script in ("theme", "copy", "filter"):
        (source / f"js/{script}.js").write_text("old()")
    settings.STATICFILES_DIRS = [source, *settings.STATICFILES_DIRS]
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }
    folder = export()
    before = names(folder)
    (source / "js/theme.js").write_text("new()")
    later = time.time() + 10
    os.utime(source / "js/theme.js", (later, later))
    changed = names(export()) - before
    assert {(re.sub(r"\.[0-9a-f]{12}\.", ".*.", name), (folder / name).read_text()) for name in changed} == {
        ("static/js/theme.*.js", "new()")
    }


def test_an_empty_site_is_exported_too(client, db, export):
    assert (export() / "index.html").read_bytes() == client.get(reverse("about")).content
    assert staticsite.MARKER in names(export())
