"""A restore that is killed leaves the site as it was, and its folder to the next who comes."""

import fcntl
import shutil
import subprocess
import sys
from contextlib import contextmanager

import pytest

from research.folders import locked

from .server import ROOT, Site


@pytest.fixture
def running_site(filled_folder, tmp_path):
    site = Site(shutil.copytree(filled_folder, tmp_path / "site"))
    yield site
    site.kill()


@pytest.fixture(scope="module")
def archive(filled_folder, tmp_path_factory):
    """A backup of the site, which has uploads, too."""
    folder = tmp_path_factory.mktemp("archive")
    Site(shutil.copytree(filled_folder, folder / "site")).run("backup", folder / "a.zip")
    return folder / "a.zip"


@contextmanager
def restoring(site, archive):
    """The process of a restore that has tried the archive out, and then waits, because a backup is running."""
    with locked(site.folder / "media", fcntl.LOCK_EX):
        process = subprocess.Popen(
            [sys.executable, "manage.py", "restore", str(archive)], cwd=ROOT, env=site.environment
        )
        try:
            while not (tables := [*site.folder.glob("trial-*/research.topic")]):
                assert process.poll() is None
            yield process, tables[0].parent
        finally:
            process.kill()
            process.wait()


def test_what_it_leaves_goes_with_the_next_and_what_another_needs_stays(running_site, archive):
    with restoring(running_site, archive) as (process, trial):
        running_site.run("verify_backup", archive)
        assert [*running_site.folder.glob("trial-*")] == [trial]
        process.kill()
        process.wait()
    assert [*running_site.folder.glob("trial-*")] == [trial]
    mine = running_site.folder / "trial-of-my-own"
    mine.mkdir()
    running_site.run("verify_backup", archive)
    assert [*running_site.folder.glob("trial-*")] == [mine]
    assert [*running_site.folder.glob("*replaced-*")] == []
    assert running_site.python("from research.models import Publication; print(Publication.objects.exists())") == "True"


@pytest.mark.parametrize("who", ["backup", "restore", "the server"])
def test_whoever_comes_next_clears_it_away(who, running_site, archive):
    with restoring(running_site, archive) as (process, trial):
        pass
    assert process.returncode == -9
    left = shutil.copytree(trial, trial.with_name("trial-of-backup-abcdefgh"))  # as of another one
    if who == "the server":
        running_site.start()
    else:
        running_site.run(who, archive)
    assert (trial.exists(), left.exists()) == (False, False)
