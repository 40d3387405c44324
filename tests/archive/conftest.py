"""Whole sites, each with a folder and a database file of its own, in the process of the test."""

import shutil
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.test import Client

from research.archive import rows
from tests.views.conftest import make_record  # noqa: F401 - a publication with all its parts

KINDS = ["bib", "ris", "json", "rdf", "jsonld", "txt", "pdf"]


@pytest.fixture(scope="session")
def migrated_database(made_once, django_db_setup, django_db_blocker):
    """A database file with today's tables, which is copied for each site."""

    def migrate(folder):
        with django_db_blocker.unblock(), rows.another_database(folder / "db.sqlite3"):
            call_command("migrate", verbosity=0)

    return made_once("migrated-database", migrate) / "db.sqlite3"


@pytest.fixture
def enter_site(db, settings, tmp_path, migrated_database):
    """A context in which `name` is the site: where it is new an empty one, without tables where not `migrated`."""

    @contextmanager
    def enter(name, migrated=True):
        folder = tmp_path / name
        if not folder.exists():
            folder.mkdir()
            if migrated:
                shutil.copy(migrated_database, folder / "db.sqlite3")
        before = settings.DATA_DIR, settings.MEDIA_ROOT
        settings.DATA_DIR, settings.MEDIA_ROOT = folder, folder / "media"
        with rows.another_database(folder / "db.sqlite3"):
            yield folder
        settings.DATA_DIR, settings.MEDIA_ROOT = before

    return enter


@pytest.fixture
def site(enter_site):
    """The site of the test: empty, with a folder of its own."""
    with enter_site("site") as folder:
        yield folder


@pytest.fixture
def fill(make_record, make_person, make_publication, make_project, stored_picture, django_user_model):  # noqa: F811 - the fixture
    """A function that writes a little of everything, and something that only the owner sees, into the site."""

    def write():
        from research.models import Profile

        owner = django_user_model.objects.create_superuser("jane", password="secret-of-jane")
        jane = make_person("Jane Smith", orcid="0000-0001-5000-0007")
        profile = Profile.current()
        profile.name, profile.person, profile.photo = "Jane Smith", jane, stored_picture(colour="red")
        profile.biography = f"I study owls. ![](/media/{stored_picture(colour='green')})"
        profile.save()
        profile.links.create(kind="github", address="https://github.com/jane")
        make_record(pdf=stored_document("paper.pdf"), thumbnail=stored_picture(colour="blue"), selected=True)
        renamed = make_publication([(jane, "*")], slug="old", title="Ωwls – “quoted” \u2028 and a line\nbreak")
        renamed.slug = "new"
        renamed.save()
        make_publication([jane], slug="draft", status="draft")
        project = make_project(slug="nests")
        project.people.add(jane)
        project.publications.add(renamed)
        return owner

    return write


def stored_document(name, content=b"one"):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from research import media

    return media.store_document(SimpleUploadedFile(name, b"%PDF-1.7 " + content))


def content(site):
    """All rows of the site but sessions, and all its files, as (dict by table, dict by name)."""
    tables = rows.tables(rows.applied())
    lines = {label: [rows.line(row) for row in rows.rows(model)] for label, model in tables.items()}
    media = site / "media"
    files = {str(path.relative_to(media)): path.read_bytes() for path in media.rglob("*") if path.is_file()}
    return lines, files


def pages(site):
    """
    What a visitor gets at every address: {address: (status, headers, body)}.

    At all that a static copy asks for, and at what can only be asked live: searches, drafts, unAPI, other styles.
    """
    from research import staticsite
    from research.citations import text
    from research.models import Profile, Publication

    profile = Profile.current()
    public = staticsite.with_item_parts(Publication.objects.visible_to(staticsite.EVERYBODY))
    copied = [*staticsite.site_addresses(), *(old for old, _ in staticsite.moved_addresses())]
    copied += [address for one in public for address, _ in staticsite.record_files(one, profile)]
    slugs = list(Publication.objects.values_list("slug", flat=True))
    addresses = ["/", "/publications/", "/publications/?q=owls", "/publications/?author=1", "/projects/", "/unapi"]
    addresses += ["/publications.bib", "/publications.ris", "/publications.json", "/projects/nests/", "/sitemap.xml"]
    addresses += ["/feed.xml", "/publications/feed.xml", "/robots.txt", "/.well-known/api-catalog", "/old-address/"]
    addresses += ["/doi/10.1000/owls", "/arxiv/2412.04984", "/publications/old/", "/unapi?id=x", *copied]
    for slug in slugs:
        addresses += [f"/publications/{slug}/{name}" for name in ("", "linkset", "linkset.json")]
        addresses += [
            f"/publications/{slug}/{slug}.{kind}" for kind in ["bib", "ris", "json", "rdf", "jsonld", "txt", "pdf"]
        ]
    addresses += [f"/media/{path.relative_to(site / 'media')}" for path in (site / "media").rglob("*.*")]
    addresses += [f"/publications/{slug}/?style={style}" for slug in slugs for style in text.STYLES]
    return {address: answer(Client().get(address)) for address in addresses}


def answer(response):
    body = b"".join(response.streaming_content) if response.streaming else response.content
    headers = dict(response.headers)
    for name in ("Last-Modified", "X-Request-ID"):  # of a file: when it was written here; of this one request
        headers.pop(name, "")
    return response.status_code, headers, body
