"""The archive as a file: written whole or not at all, and believed only where every byte is as it was written."""

import io
import json
import os
import stat
import zipfile

import pytest

from research.archive import container
from research.archive.container import ArchiveRefused

MEMBERS = {
    "database/research.topic.jsonl": b'{"id": 1}\n' * 20,
    "media/files/0123456789abcdef0123456789abcdef/slides.pdf": os.urandom(300),
    "settings/secret_key": b"k" * 60,
}


@pytest.fixture
def path(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    return tmp_path / "a.zip"


@pytest.fixture
def archive(path):
    write(path)
    return path


def write(path, members=MEMBERS):
    with container.written(path) as writer:
        for name, content in members.items():
            writer.add(name, [content[:7], content[7:]], compressed=name.endswith("jsonl"))
        writer.finish({"program": "0.1.0"})


def content(path):
    with container.opened(path) as archive:
        return {name: b"".join(archive.chunks(name)) for name in archive.manifest["members"]}


def test_what_is_written_is_read_again_and_seen_by_its_owner_alone(archive, path):
    assert content(archive) == MEMBERS
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with container.opened(archive) as opened:
        assert opened.tables == ["research.topic"]
        assert opened.files == ["files/0123456789abcdef0123456789abcdef/slides.pdf"]
        assert list(opened.lines("research.topic")) == [b'{"id": 1}\n'] * 20


def test_an_older_backup_or_an_empty_file_is_replaced(path):
    path.touch()
    write(path, {})
    assert content(path) == {}
    write(path)
    assert content(path) == MEMBERS


def test_a_file_that_is_no_backup_is_never_replaced(path):
    path.write_bytes(b"SQLite format 3\0 precious")
    with pytest.raises(ArchiveRefused, match="is there already and is no backup"):
        write(path)
    assert path.read_bytes() == b"SQLite format 3\0 precious"


def test_a_folder_is_not_taken_for_a_file(path):
    path.mkdir()
    with pytest.raises(ArchiveRefused, match=r"is a folder. Name a file in it"):
        write(path)


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_backup_that_breaks_off_leaves_the_older_one_and_nothing_else(error, archive, tmp_path):
    def broken():
        yield b"first"
        raise error

    refusal = ArchiveRefused if isinstance(error, OSError) else KeyboardInterrupt
    with pytest.raises(refusal) as refused, container.written(archive) as writer:
        writer.add("settings/secret_key", broken())
    if refusal is ArchiveRefused:
        assert str(refused.value) == f"The backup could not be written to {archive}: No space left on device."
    assert content(archive) == MEMBERS
    assert list(tmp_path.iterdir()) == [archive]


def test_no_changed_byte_goes_unseen(archive):
    whole = archive.read_bytes()
    refused = 0
    for position in range(len(whole)):
        archive.write_bytes(whole[:position] + bytes([whole[position] ^ 0x41]) + whole[position + 1 :])
        try:
            assert content(archive) == MEMBERS  # a byte that says nothing, such as that of a date
        except ArchiveRefused as refusal:
            assert str(refusal).startswith(f"{archive} ")
            refused += 1
    assert refused > len(whole) * 0.8


def test_no_shorter_file_is_taken(archive):
    whole = archive.read_bytes()
    for length in range(len(whole)):
        archive.write_bytes(whole[:length])
        with pytest.raises(ArchiveRefused):
            content(archive)


def forge(path, members, manifest=None, **fields):
    """A ZIP whose manifest is true to its members, but for what is changed; `members` are (ZipInfo or name, bytes)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entries = {}
        with container.written(path.with_suffix(".true")) as writer:
            for member, content in members:
                name = getattr(member, "filename", member)
                writer.add(name, [content])
            entries = writer.members
            writer.finish({})
        for member, content in members:
            if isinstance(member, str):
                member = zipfile.ZipInfo(member)  # noqa: PLW2901 - a name as a member
                member.external_attr = (stat.S_IFREG | 0o600) << 16
            archive.writestr(member, content)
        whole = {"format": container.FORMAT, "version": 1, "program": "0.1.0", "members": entries} | (manifest or {})
        archive.writestr("manifest.json", json.dumps(whole))
    path.write_bytes(buffer.getvalue())


def test_the_forger_can_make_a_true_one(path):
    forge(path, list(MEMBERS.items()))
    assert content(path) == MEMBERS


@pytest.mark.parametrize(
    "name",
    [
        "media/../../etc/cron.d/x",
        "media/images/../../../x.png",
        "/etc/passwd",
        "media//etc/passwd",
        "media/images/.hidden/x",
        "media/x",
        "media/images\\..\\x/y",
        "database/../x.jsonl",
        "settings/urls.py",
        "surprise.txt",
    ],
)
def test_a_name_that_no_backup_has_is_refused(name, path):
    forge(path, [(name, b"x")])
    with pytest.raises(ArchiveRefused, match="is damaged or was changed, and was not used: no backup has a member"):
        content(path)


def link():
    member = zipfile.ZipInfo("media/images/link.png")
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    return member


def packed_otherwise():
    member = zipfile.ZipInfo("media/images/x.png")
    member.external_attr = (stat.S_IFREG | 0o600) << 16
    member.compress_type = zipfile.ZIP_LZMA
    return member


@pytest.mark.parametrize("make", [link, packed_otherwise])
def test_a_link_or_another_packing_is_refused(make, path):
    forge(path, [(make(), b"/etc/passwd")])
    with pytest.raises(ArchiveRefused, match="is not what the manifest says"):
        content(path)


def test_what_the_manifest_does_not_name_or_names_in_vain_is_refused(path):
    for members in ({}, {"media/a/b.png": {"size": 1, "sha256": ""}, "media/a/c.png": {"size": 1, "sha256": ""}}):
        forge(path, [("media/a/b.png", b"x")], {"members": members})
        with pytest.raises(ArchiveRefused, match="does not hold what its manifest says"):
            content(path)


@pytest.mark.parametrize("entry", [{"size": 2}, {"sha256": "0" * 64}, {"size": "1"}, {}])
def test_another_size_or_digest_is_refused(entry, path):
    digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"  # of b"x"
    true = {"size": 1, "sha256": digest} if entry else {}
    forge(path, [("media/a/b.png", b"x")], {"members": {"media/a/b.png": true | entry}})
    with pytest.raises(ArchiveRefused, match="is damaged or was changed"):
        content(path)


def test_the_same_name_twice_is_refused(path):
    with pytest.warns(UserWarning, match="Duplicate name"):
        forge(path, [("media/a/b.png", b"x"), ("media/a/b.png", b"y")])
    with pytest.raises(ArchiveRefused, match="does not hold what its manifest says"):
        content(path)


@pytest.mark.parametrize(
    ("manifest", "sentence"),
    [
        ({"format": "photos"}, "is no backup of a research portfolio."),
        ({"version": 2, "program": "9.1"}, r"was made by a newer program \(9.1\). Upgrade this one first."),
        ({"version": "1"}, "is damaged or was changed"),
        ({"members": 7}, "is damaged or was changed"),
    ],
)
def test_a_foreign_or_newer_manifest_is_refused(manifest, sentence, path):
    forge(path, [], manifest)
    with pytest.raises(ArchiveRefused, match=sentence):
        content(path)


@pytest.mark.parametrize("text", ["[]", "7", "", "{", "[" * 100_000, '{"format": "research-portfolio backup"}'])
def test_a_manifest_that_is_none_is_refused(text, path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", text)
    with pytest.raises(ArchiveRefused, match="is damaged or was changed"):
        content(path)


def test_other_files_are_refused_each_with_its_reason(path, tmp_path):
    with pytest.raises(ArchiveRefused, match=r"cannot be read: No such file or directory."):
        content(path)
    with pytest.raises(ArchiveRefused, match=r"cannot be read: Is a directory."):
        content(tmp_path)
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(ArchiveRefused, match="is no backup, or only a part of one"):
        content(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("photo.jpg", b"x")
    with pytest.raises(ArchiveRefused, match=r"is no backup of a research portfolio: it has no manifest.json"):
        content(path)


def test_what_would_fill_the_disk_is_refused_before_it_is_unpacked(archive, monkeypatch):
    monkeypatch.setattr(container.shutil, "disk_usage", lambda folder: container.shutil._ntuple_diskusage(9, 8, 1))
    monkeypatch.setattr(container.hashlib, "sha256", None)
    with pytest.raises(ArchiveRefused, match=r"needs 0 MB on the disk, and 0 MB are free. Nothing was changed."):
        content(archive)
