import shutil

import pytest

from .server import Site


@pytest.fixture(scope="session")
def migrated_folder(made_once):
    """The folder of a migrated site, which is copied for each test."""
    return made_once("migrated-site", lambda folder: Site(folder).run("migrate", "--verbosity", "0"))


@pytest.fixture(scope="session")
def filled_folder(made_once, migrated_folder):
    """The folder of a site with the example and its owner, which is copied for each test."""

    def fill(folder):
        shutil.copytree(migrated_folder, folder, dirs_exist_ok=True)
        Site(folder).run("first_start")

    return made_once("filled-site", fill)


@pytest.fixture
def running_site(migrated_folder, tmp_path):
    """A migrated, empty site; what a test starts ends with it."""
    site = Site(shutil.copytree(migrated_folder, tmp_path / "site"))
    yield site
    site.kill()
