import shutil

import pytest

from .server import Site


@pytest.fixture(scope="session")
def migrated_folder(tmp_path_factory):
    """The folder of a migrated site, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("migrated")
    Site(folder).run("migrate", "--verbosity", "0")
    return folder


@pytest.fixture(scope="session")
def filled_folder(migrated_folder, tmp_path_factory):
    """The folder of a site with the example and its owner, made once and copied for each test."""
    folder = shutil.copytree(migrated_folder, tmp_path_factory.mktemp("filled") / "site")
    Site(folder).run("first_start")
    return folder


@pytest.fixture
def running_site(migrated_folder, tmp_path):
    """A migrated, empty site; what a test starts ends with it."""
    site = Site(shutil.copytree(migrated_folder, tmp_path / "site"))
    yield site
    site.kill()
