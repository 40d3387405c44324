"""Backups of a site that is being edited."""

import json
import subprocess
import sys
import zipfile

from .server import ROOT

BACKUPS = 4
# Adds publications, each with a PDF of its own and a link, replaces the PDFs of others and deletes others, until told.
EDIT = """
import itertools, pathlib, random, sys
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from research import media
from research.models import Publication, PublicationLink

def pdf(number):
    content = b"%PDF-1.7 " + str(number).encode() * 10_000
    return media.store_document(SimpleUploadedFile("paper.pdf", content))

for number in itertools.count():
    name = pdf(number)
    with transaction.atomic():
        fields = {"title": "Owls", "slug": f"owls-{number}", "citation_key": f"k{number}", "year": 2024, "pdf": name}
        publication = Publication.objects.create(**fields)
        PublicationLink.objects.create(publication=publication, url="https://example.org/code")
    if number > 50:
        random.choice(Publication.objects.all()).delete()
        changed = random.choice(Publication.objects.all())
        changed.pdf = pdf(f"again {number}")
        changed.save()
    if number == 50:
        print("ready", flush=True)
    if (settings.DATA_DIR / "stop").exists():
        break
print(number)
"""


def test_each_is_the_site_of_one_moment_with_every_file(running_site, tmp_path):
    editor = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", EDIT],
        cwd=ROOT,
        env=running_site.environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert editor.stdout.readline() == "ready\n"
        archives = [tmp_path / f"{number}.zip" for number in range(BACKUPS)]
        for archive in archives:
            running_site.run("backup", archive)
    finally:
        (running_site.folder / "stop").touch()
        edited = int(editor.communicate()[0])
    assert editor.returncode == 0
    assert edited > 50 + BACKUPS
    seen = set()
    for archive in archives:
        with zipfile.ZipFile(archive) as opened:
            manifest = json.loads(opened.read("manifest.json"))
        counts = manifest["counts"]
        assert manifest["missing_files"] == []
        files = [name for name in manifest["members"] if name.startswith("media/")]
        assert counts["research.publication"] == counts["research.publicationlink"]
        # Those of what was deleted are there for 30 days.
        assert counts["research.publicationlink"] + counts["research.supersededfile"] == len(files)
        seen.add(manifest["last_keys"]["research.publication"])
    assert len(seen) == BACKUPS
    running_site.run("verify_backup", archives[-1])
