"""The folder of a static copy is replaced as a whole or not at all, and nobody else's is."""

import os
import threading

import pytest

from research import folders, staticsite
from research.models import Profile

from .conftest import names

pytestmark = pytest.mark.django_db
DATA = {"mine.txt": "mine"}


@pytest.fixture
def refused(export, tmp_path):
    """The sentence that an export is refused with; whatever lies around has to be the same after it."""

    def refused():
        before = {name: (tmp_path / name).read_bytes() for name in names(tmp_path)}
        with pytest.raises(staticsite.ExportRefused) as refusal:
            export()
        assert {name: (tmp_path / name).read_bytes() for name in names(tmp_path)} == before
        return str(refusal.value).replace(str(tmp_path), "")

    return refused


def test_a_folder_of_somebody_else_is_refused(tmp_path, profile, refused):
    (tmp_path / "site").mkdir()
    (tmp_path / "site/mine.txt").write_text("mine")
    assert refused() == (
        "/site holds files that are not of an export, and they would be lost. Name a new or an empty folder."
    )


def test_a_file_is_refused(tmp_path, profile, refused):
    (tmp_path / "site").write_text("mine")
    assert refused().startswith("/site is a file. Name a folder")


def test_the_folder_that_one_is_in_is_refused(tmp_path, profile, refused, monkeypatch):
    (tmp_path / "site").mkdir()
    monkeypatch.chdir(tmp_path / "site")
    assert refused().startswith("/site is the folder that you are in.")


def test_a_mount_point_is_refused(tmp_path, profile, refused, monkeypatch):
    (tmp_path / "site").mkdir()
    monkeypatch.setattr(os.path, "ismount", lambda path: str(path).endswith("site"))
    monkeypatch.setattr("pathlib.Path.is_mount", lambda path: path.name == "site")
    assert refused().startswith("/site is a mount point")


def test_a_folder_that_cannot_be_made_is_refused(tmp_path, profile):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(staticsite.ExportRefused, match=r"could not be written.*file: File exists"):
        staticsite.export(tmp_path / "file" / "site", "https://jane-doe.org")


@pytest.mark.parametrize("broken", ["research.views.records.text.runs", "research.citations.zoterordf.render"])
def test_a_page_or_file_that_cannot_be_made_leaves_the_last_export(
    make_publication, export, refused, monkeypatch, broken
):
    make_publication(title="Owls")
    folder = export()
    before = (folder / "publications/paper-1/index.html").stat().st_ino

    def fail(*_):
        raise RuntimeError("no ink")

    monkeypatch.setattr(broken, fail)
    assert refused() == "The site cannot show /publications/paper-1/ (RuntimeError: no ink). Nothing was exported."
    assert (folder / "publications/paper-1/index.html").stat().st_ino == before


def test_nothing_is_left_beside_it(tmp_path, profile, export, refused, monkeypatch):
    export()
    export()
    monkeypatch.setattr(staticsite, "answer", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "No space left")))
    assert "No space left" in refused()
    assert [path.name for path in tmp_path.iterdir() if path.name not in ("media",)] == ["site"]


def test_what_is_gone_from_the_site_is_gone_from_the_copy(make_publication, export):
    publication = make_publication()
    assert "publications/paper-1/index.html" in names(export())
    publication.delete()
    assert "publications/paper-1/index.html" not in names(export())


def test_a_file_that_is_as_it_was_stays_the_same_file(site, export):
    def files(folder):
        return {name: (folder / name).stat().st_ino for name in names(folder)}

    before = files(export())
    assert files(export()) == before
    Profile.objects.update(headline="New")
    assert {name for name, file in files(export()).items() if before[name] != file} == {"index.html"}


def test_an_upload_is_not_stored_a_second_time(site, export, settings):
    folder = export()
    for place, name in (("publications/owls/owls.pdf", site["public"].pdf.name), ("media/files/cv/cv.pdf",) * 2):
        stored = settings.MEDIA_ROOT / name.removeprefix("media/")
        assert (folder / place).samefile(stored)


def test_on_another_disk_an_upload_is_copied(site, export, monkeypatch):
    def other_disk(*_):
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", other_disk)
    assert (export() / "publications/owls/owls.pdf").read_bytes() == b"%PDF-1.7 owls"


def test_the_repository_and_the_name_of_a_host_stay(tmp_path, profile, export):
    (tmp_path / "site/.git/refs").mkdir(parents=True)
    (tmp_path / "site/.git/HEAD").write_text("ref: main")
    (tmp_path / "site/CNAME").write_text("jane-doe.org")
    for _ in range(2):
        folder = export()
        assert ((folder / ".git/HEAD").read_text(), (folder / ".git/refs").is_dir()) == ("ref: main", True)
        assert (folder / "CNAME").read_text() == "jane-doe.org"


def test_a_link_to_a_folder_stays_one(tmp_path, profile, export):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "site").symlink_to(tmp_path / "elsewhere")
    export()
    assert (tmp_path / "site").is_symlink()
    assert (tmp_path / "elsewhere/index.html").is_file()


def test_others_may_read_it(profile, export):
    folder = export()
    umask = os.umask(0)
    os.umask(umask)
    assert (folder.stat().st_mode & 0o777, (folder / "index.html").stat().st_mode & 0o777) == (
        0o777 & ~umask,
        0o666 & ~umask,
    )


def replace(folder, text):
    with folders.replaced(folder) as new:
        for name in ("a", "b"):
            (new / name).write_text(text)


def test_a_reader_finds_the_folder_whole_at_every_moment(tmp_path):
    """Reads on while the folder is replaced 200 times: it is always there, and all of one time."""
    folder = tmp_path / "site"
    replace(folder, "0")
    seen, stop = [], threading.Event()

    def read():
        while not stop.is_set():
            place = os.open(folder, os.O_RDONLY)
            try:
                texts = []
                for name in ("a", "b"):
                    file = os.open(name, os.O_RDONLY, dir_fd=place)
                    texts.append(os.read(file, 10))
                    os.close(file)
                seen.append(texts[0] == texts[1])
            except FileNotFoundError:
                seen.append(not os.path.samestat(os.fstat(place), folder.stat()))  # it was replaced under the reader
            finally:
                os.close(place)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(200):
        replace(folder, str(number))
    stop.set()
    reader.join()
    assert (set(seen), (folder / "a").read_text()) == ({True}, "199")


def test_where_folders_cannot_change_places_at_once_they_do_so_in_two_steps(tmp_path, monkeypatch):
    folder = tmp_path / "site"
    replace(folder, "old")
    monkeypatch.setattr(folders.ctypes, "CDLL", lambda *_, **__: object())
    replace(folder, "new")
    assert (folder / "a").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_the_second_step_that_fails_undoes_the_first(tmp_path, monkeypatch):
    folder = tmp_path / "site"
    replace(folder, "old")
    monkeypatch.setattr(folders.ctypes, "CDLL", lambda *_, **__: object())
    rename = type(folder).rename

    def failing(path, target):
        if path.name == "new":
            raise OSError(5, "Input/output error")
        return rename(path, target)

    monkeypatch.setattr(type(folder), "rename", failing)
    with pytest.raises(OSError, match="Input/output error"):
        replace(folder, "new")
    assert (folder / "a").read_text() == "old"
