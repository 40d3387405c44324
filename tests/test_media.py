"""Stored files: written once, found again, removed when nothing needs them, and never before the commit."""

import os
import time

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from research import images, media
from research.images import Picture
from research.models import Profile, Publication, PublicationLink, SupersededFile


def files(*names):
    return {file for name in names for file in Picture.parse(name).names}


def test_a_picture_is_stored_with_all_its_renditions_under_names_made_from_its_content(picture, media_files):
    name = media.store_picture(picture("a.png"))
    assert media.store_picture(picture("another-name.png")) == name
    assert media_files() == set(Picture.parse(name).names)


def test_a_file_that_was_written_by_half_is_written_again(picture, settings):
    name = media.store_picture(picture())
    path = settings.MEDIA_ROOT / name
    whole = path.read_bytes()
    path.write_bytes(whole[:10])
    media.store_picture(picture())
    assert path.read_bytes() == whole


def document(name="slides.pdf", content=b"%PDF-1.7 slides"):
    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize(
    ("name", "stored_as"),
    [
        ("slides.pdf", "slides.pdf"),
        ("My Slides (final).PDF", "My_Slides_final.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("王.pdf", "document.pdf"),
        ("論文(最終).pdf", "document.pdf"),
        ("!!!.pdf", "document.pdf"),
        ("...pdf.pdf", "pdf.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_x.pdf"),
    ],
)
def test_a_document_keeps_what_is_safe_of_its_name(name, stored_as, media_files):
    stored = media.store_document(document(name))
    assert stored.rpartition("/")[2] == stored_as
    assert media_files() == {stored}


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        (
            "page.html",
            b"<script>",
            "“page.html” is not of a kind that can be shared here. "
            "Upload one of these: PDF, PPTX, ODP, ZIP, KEY, CSV, TXT.",
        ),
        ("paper.pdf", b"<html>", "“paper.pdf” is named like a PDF file but is none. Export it again as PDF."),
        ("empty.txt", b"", "This file is empty. Export it again and upload the new one."),
    ],
)
def test_another_document_is_refused_with_a_sentence(name, content, sentence, media_files):
    with pytest.raises(media.DocumentRefused) as refusal:
        media.store_document(document(name, content))
    assert str(refusal.value) == sentence
    assert media_files() == set()


def test_a_document_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(media, "DOCUMENT_MAX_BYTES", 4_000_000)
    with pytest.raises(media.DocumentRefused, match=r"This file has 5 MB; at most 4 MB can be uploaded\."):
        media.store_document(document(content=b"%PDF-" + b"x" * 5_000_000))


@pytest.mark.django_db(transaction=True)
class TestDiscarding:
    def test_a_replaced_picture_goes_after_thirty_days_and_the_new_one_stays(
        self, make_publication, stored_picture, media_files, thirty_days_later
    ):
        old, new = stored_picture(colour="red"), stored_picture(colour="blue")
        publication = make_publication(thumbnail=old)
        publication.thumbnail = new
        publication.save()
        assert media_files() == files(old, new)
        thirty_days_later()
        assert media_files() == files(new)

    def test_nothing_goes_before_the_commit_and_nothing_if_it_fails(
        self, make_publication, stored_picture, media_files, thirty_days_later
    ):
        name = stored_picture()
        publication = make_publication(thumbnail=name)
        with pytest.raises(RuntimeError), transaction.atomic():
            publication.thumbnail = ""
            publication.save()
            raise RuntimeError
        Publication.objects.all().delete()
        with pytest.raises(RuntimeError), transaction.atomic():
            thirty_days_later()
            raise RuntimeError
        assert media_files() == files(name)
        with transaction.atomic():
            thirty_days_later()
            assert media_files() == files(name)
        assert media_files() == set()

    def test_a_picture_that_something_else_shows_stays(
        self, make_publication, stored_picture, media_files, thirty_days_later
    ):
        name = stored_picture()
        first, second = make_publication(thumbnail=name), make_publication(thumbnail=name)
        first.delete()
        thirty_days_later()
        assert media_files() == files(name)
        second.delete()
        thirty_days_later()
        assert media_files() == set()

    def test_a_picture_in_a_text_stays_until_the_text_names_it_no_more(
        self, make_publication, profile, stored_picture, media_files, thirty_days_later
    ):
        name = stored_picture()
        publication = make_publication(thumbnail=name)
        profile.biography = f"Look: ![](/media/{name})"
        profile.save()
        publication.delete()
        thirty_days_later()
        assert media_files() == files(name)
        profile.biography = "Nothing to see."
        profile.save()
        thirty_days_later()
        assert media_files() == set()

    def test_any_text_that_shows_a_rendition_or_links_a_document_keeps_it(
        self, make_publication, profile, stored_picture, media_files, thirty_days_later
    ):
        picture, slides = stored_picture(), media.store_document(document())
        publication = make_publication(thumbnail=picture)
        PublicationLink.objects.create(publication=publication, kind="slides", file=slides)
        other = make_publication(tldr=f"![](/media/{media.folder_of(picture)}/360.webp)")
        profile.headline = f"[Slides](/media/{slides})"
        profile.save()
        publication.delete()
        thirty_days_later()
        assert media_files() == files(picture) | {slides}
        other.delete()
        profile.headline = ""
        profile.save()
        thirty_days_later()
        assert media_files() == set()

    def test_a_file_that_cannot_be_removed_stops_nothing(
        self, make_publication, stored_picture, monkeypatch, caplog, thirty_days_later
    ):
        make_publication(thumbnail=stored_picture())

        def refuse(storage, name):
            raise OSError(30, "Read-only file system")

        monkeypatch.setattr("django.core.files.storage.FileSystemStorage.delete", refuse)
        Publication.objects.all().delete()
        thirty_days_later()
        assert Publication.objects.count() == SupersededFile.objects.count() == 0
        assert "Read-only file system" in caplog.text

    def test_the_file_of_a_link_goes_thirty_days_after_its_publication(
        self, make_publication, media_files, thirty_days_later
    ):
        publication = make_publication()
        name = media.store_document(document())
        PublicationLink.objects.create(publication=publication, kind="slides", file=name)
        assert media_files() == {name}
        publication.delete()
        thirty_days_later()
        assert media_files() == set()

    def test_a_cleared_photo_goes(self, profile, stored_picture, media_files, thirty_days_later):
        profile.photo = stored_picture()
        profile.save()
        profile.photo = ""
        profile.save()
        thirty_days_later()
        assert media_files() == set()
        assert Profile.objects.get().photo == ""


def make_old(*names):
    """Let 25 hours pass over stored files, and those beside them."""
    long_ago = time.time() - 25 * 3600
    for folder in map(media.folder_of, names):
        for file in media.files_in(folder):
            os.utime(default_storage.path(f"{folder}/{file}"), (long_ago, long_ago))


@pytest.mark.django_db
def test_only_old_files_that_nothing_refers_to_are_unclaimed(make_publication, stored_picture, media_files, capsys):
    shown, forgotten, young = (stored_picture(colour=colour) for colour in ("red", "green", "blue"))
    document_name = media.store_document(document())
    make_publication(thumbnail=shown)
    make_old(shown, forgotten, document_name)
    assert media.unclaimed() == [media.folder_of(forgotten), media.folder_of(document_name)]
    call_command("discard_unclaimed_files")
    assert capsys.readouterr().out == "2 unclaimed uploads removed.\n"
    assert media_files() == files(shown, young)


def test_a_stray_file_in_the_folder_is_not_touched(settings):
    media.store({"images/readme.txt": b"x", "images/abc/odd.png": b"y"})
    assert list(media.stored_folders()) == []


def test_of_what_is_there_one_file_is_written_again(picture, monkeypatch):
    first, *_, last = files_of = images.accept(picture()).files
    media.store(files_of)
    written = []
    monkeypatch.setattr("research.storage.DurableStorage.save", lambda self, name, content: written.append(name))
    media.store(files_of)
    assert (first != last, written) == (True, [last])


@pytest.mark.django_db
def test_what_is_uploaded_again_is_young_again(stored_picture, make_publication, media_files, thirty_days_later):
    """Between the upload and the save, for example of a picture in a text, comes the tidying."""
    name = stored_picture()
    make_publication(thumbnail=name).delete()
    forgotten = media.store_document(document())
    make_old(name, forgotten)
    assert media.unclaimed() == [media.folder_of(forgotten)]
    assert stored_picture() == name
    media.store_document(document())
    assert media.unclaimed() == []
    SupersededFile.objects.update(since=timezone.now() - 2 * media.SUPERSEDED)
    media.expire()
    media.discard([media.folder_of(name), media.folder_of(forgotten)])  # found before the upload
    assert media_files() == files(name) | {forgotten}
    make_old(name, forgotten)
    call_command("discard_unclaimed_files")
    assert media_files() == set()
