"""A disk that is really full, under the real server. tests/admin/test_storing.py has what needs no disk of its own."""

import shutil
import subprocess

import pytest

from tests.admin.test_storing import UNSAVED

from .server import Site
from .test_acknowledged import picture, stored

SIZE = 6_000_000
STORED_NOT = "The file could not be stored: the server&#x27;s disk is full or not writable."


@pytest.fixture
def small_disk(tmp_path):
    """A folder on a disk of its own that has room for a small site."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only who may mount disks can make a small one")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def small_site(small_disk, migrated_folder):
    """A migrated site with all of its files, the temporary ones too, on the small disk."""
    site = Site(shutil.copytree(migrated_folder, small_disk / "site"), TMPDIR=str(small_disk))
    yield site
    site.kill()


def fill(path):
    """Write a file until no byte more can be."""
    with pytest.raises(OSError, match="No space left"), path.open("wb", buffering=0) as file:
        while file.write(b"x" * 4096):
            pass


def test_a_full_disk_says_so_keeps_what_was_typed_and_the_site_up(small_site, small_disk):
    small_site.start()
    session = small_site.log_in()
    assert small_site.add_publication(session, "Before", picture(1))[0] == 302
    no_picture = b"x" * 3_000_000  # so large that it lies on the disk while it arrives, and Python knows where by now
    assert "is not a picture" in small_site.add_publication(session, "Large", no_picture)[1]
    while any(small_disk.glob("*.upload*")):  # the server answers before it lets go of what it has refused
        small_site.get("/robots.txt")
    # The log of the database is used again, so that what fits in it would still be saved.
    small_site.python("from django.db import connection as c; c.cursor().execute('PRAGMA wal_checkpoint(TRUNCATE)')")
    fill(small_disk / "filler")

    status, body = small_site.add_publication(session, "With a picture", picture(2))
    assert (status, 'value="With a picture"' in body) == (200, True)
    assert STORED_NOT in body
    status, body = small_site.add_publication(session, "A large upload", no_picture, abstract="They fly.")
    assert (status, 'value="A large upload"' in body, "They fly." in body) == (200, True, True)
    assert STORED_NOT in body
    long = "Owls see in the dark. " * 20_000
    status, body = small_site.add_publication(session, "A long text", abstract=long)
    assert (status, UNSAVED.replace("'", "&#x27;") in body, long in body) == (200, True, True)
    assert {small_site.get(path)[0] for path in ("/", "/publications/", "/publications/before/")} == {200}
    refused = small_site.run("backup", small_disk / "backup.zip", check=False)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == (
        f"CommandError: The backup could not be written to {small_disk / 'backup.zip'}: No space left on device.\n"
    )

    (small_disk / "filler").unlink()
    assert small_site.add_publication(session, "After", picture(3), abstract=long)[0] == 302
    assert set(stored(small_site)) == {"Before", "After"}
    assert [path.name for path in small_disk.rglob("*.part")] == []
    small_site.run("backup", small_disk / "backup.zip")
