"""A site moves from SQLite to a real PostgreSQL and back, and no page, no row and no file is another afterwards."""

import json
import shutil
import zipfile

from .server import Site

SEEN = """
import hashlib, json, sys
from django.conf import settings
settings.ALLOWED_HOSTS = ["testserver"]
from django.test import Client
from research.models import Project, Publication
addresses = ["/", "/publications/", "/publications/?q=model", "/publications/?author=1", "/projects/", "/sitemap.xml"]
addresses += ["/publications.bib", "/publications.ris", "/publications.json", "/feed.xml", "/publications/feed.xml"]
addresses += [f"/projects/{slug}/" for slug in Project.objects.values_list("slug", flat=True)]
for slug in Publication.objects.values_list("slug", flat=True):
    addresses += [f"/publications/{slug}/", f"/publications/{slug}/linkset", f"/publications/{slug}/{slug}.rdf"]
addresses += ["/media/" + str(path.relative_to(settings.MEDIA_ROOT)) for path in settings.MEDIA_ROOT.rglob("*.*")]
pages = {}
for address in sorted(addresses):
    response = Client().get(address)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    # A file is as old as when it was written here, and each request has a number of its own.
    headers = sorted(item for item in response.headers.items() if item[0] not in ("Last-Modified", "X-Request-ID"))
    pages[address] = [response.status_code, headers, hashlib.sha256(body).hexdigest()]
print(json.dumps(pages))
"""
COUNT = """
from research.models import Person
print(Person.objects.filter(family_name="New").count())
"""
LOGIN = """
from django.contrib.auth import get_user_model
from axes.models import AccessAttempt
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from portfolio.login.models import WebAuthnCredential
owner = get_user_model().objects.get()
TOTPDevice.objects.create(user=owner, name="phone", last_t=60_000_000)
StaticDevice.objects.create(user=owner).token_set.create(token="abc")
WebAuthnCredential.objects.create(
    user=owner, name="key", credential_id=bytes(range(256)), public_key=b"\\0\\xff", aaguid=""
)
AccessAttempt.objects.create(username="owner", ip_address="192.0.2.1", failures_since_start=1)
"""
ADD = """
from research.models import Person
print(Person.objects.create(family_name="New").pk)
"""


def content(site, tmp_path):
    """The size and SHA-256 of every table and file of the site, and the last keys that its tables gave."""
    archive = tmp_path / f"{site.folder.name}-again.zip"
    site.run("backup", archive)
    with zipfile.ZipFile(archive) as opened:
        manifest = json.loads(opened.read("manifest.json"))
    return manifest["members"], manifest["last_keys"]


def test_a_site_moves_to_postgresql_and_back_and_every_page_is_the_same(filled_folder, postgresql, tmp_path):
    first = Site(shutil.copytree(filled_folder, tmp_path / "first"))
    first.python(LOGIN)
    seen = first.python(SEEN)
    assert seen.count("[200, ") > 50
    first.run("backup", tmp_path / "first.zip")

    moved = Site(tmp_path / "moved", DATABASE_URL=postgresql)
    moved.run("restore", tmp_path / "first.zip")
    assert not (moved.folder / "db.sqlite3").exists()
    assert moved.python(SEEN) == seen
    moved.run("backup", tmp_path / "moved.zip")

    back = Site(tmp_path / "back")
    back.run("restore", tmp_path / "moved.zip")
    assert back.python(SEEN) == seen
    assert content(first, tmp_path) == content(moved, tmp_path) == content(back, tmp_path)
    # Whoever comes next gets the next key, wherever the site lies.
    assert moved.python(ADD) == back.python(ADD) == first.python(ADD)

    # What a restore replaces is kept there, too, and comes back.
    moved.run("restore", tmp_path / "first.zip")
    assert moved.python(COUNT) == "0"
    [replaced] = moved.folder.glob("replaced-*.zip")
    moved.run("restore", replaced)
    assert moved.python(COUNT) == "1"
