"""Files in the forms: checked at once, kept while something else is wrong, removed when nothing needs them."""

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from research import authorship, images, media
from research.models import Publication

from .page import open_page

ADD = "/admin/research/publication/add/"
REQUIRED = [("title", "This field is required.")]
KINDS = "pictures here are JPEG, PNG, WebP, GIF and AVIF"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"></svg>'


@pytest.fixture
def picture(picture):
    """Small, so that its renditions are made in no time."""
    return lambda **options: picture(**{"size": (60, 40)} | options)


@pytest.fixture
def stored_picture(picture):
    return lambda **options: media.store_picture(picture(**options))


def change(publication):
    return f"/admin/research/publication/{publication.pk}/change/"


def folders(files):
    return {name.rpartition("/")[0] for name in files}


# --- What is refused -------------------------------------------------------------------------------------------------

DAMAGED = (
    "This picture is damaged or incomplete. Open it on your computer, save it anew as PNG or JPEG and upload that."
)


def truncated(picture):
    file = picture(size=(300, 300))
    return SimpleUploadedFile("a.png", file.read()[:-200])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"just a text", f"This file is not a picture that can be shown; {KINDS}. Choose another."),
        (SVG, f"This file is an SVG drawing; {KINDS}. Export it as PNG and upload that."),
        (
            b"<html><script>alert(1)</script>",
            f"This file is a web page; {KINDS}. Save the picture itself from that page and upload that.",
        ),
        (b"", "The submitted file is empty."),
        (truncated, DAMAGED),
    ],
    ids=["text", "svg", "html", "empty", "truncated"],
)
def test_what_is_no_picture_is_refused(content, sentence, owner_client, picture, media_files):
    file = content(picture) if callable(content) else SimpleUploadedFile("a.png", content, "image/png")
    page = open_page(owner_client, ADD).post(title="Owls", tldr="Kept", thumbnail=file)
    assert page.sentences == [("thumbnail", sentence)]
    assert (page.fields["title"], page.fields["tldr"]) == ("Owls", "Kept")
    assert "thumbnail-kept" not in page.fields
    assert (media_files(), Publication.objects.count()) == (set(), 0)
    assert page.post().sentences == []  # without the file


def test_a_picture_that_is_too_large_is_refused(owner_client, picture, monkeypatch, media_files):
    file = picture(colour="#123456")  # one that no other test has had accepted
    monkeypatch.setattr(images, "MAX_BYTES", file.size - 1)
    page = open_page(owner_client, ADD).post(title="Owls", thumbnail=file)
    assert page.sentences == [
        (
            "thumbnail",
            "This file is 1 MB; a picture may have at most 0 MB. Save it smaller and upload it again.",
        )
    ]
    assert media_files() == set()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("cv.docx", b"PK\x03\x04", "“cv.docx” is not of a kind that can be shared here. Upload one of these: PDF."),
        ("cv.html", b"%PDF-1.7", "“cv.html” is not of a kind that can be shared here. Upload one of these: PDF."),
        ("cv.pdf", b"PK\x03\x04", "“cv.pdf” is named like a PDF file but is none. Export it again as PDF."),
        ("cv.pdf", b"", "The submitted file is empty."),
    ],
)
def test_a_cv_is_a_pdf(name, content, sentence, owner_client, profile, media_files):
    page = open_page(owner_client, "/admin/research/profile/1/change/")
    page = page.post(cv=SimpleUploadedFile(name, content))
    assert page.sentences == [("cv", sentence)]
    assert media_files() == set()


@pytest.mark.parametrize("name", ["slides.html", "slides.svg", "slides.exe", "slides", ".pdf"])
def test_a_link_shares_documents_only(name, owner_client, media_files):
    page = open_page(owner_client, ADD)
    page.add_row("links", kind="slides", file=SimpleUploadedFile(name, b"%PDF-"))
    page = page.post(title="Owls")
    assert page.sentences == [
        (
            "links-0-file",
            f"“{name}” is not of a kind that can be shared here. "
            "Upload one of these: PDF, PPTX, ODP, ZIP, KEY, CSV, TXT.",
        )
    ]
    assert media_files() == set()


@pytest.mark.parametrize("name", ["My CV (2024).pdf", "../../cv.pdf", "Lebenslauf Jürgen.PDF", "cv\\..\\x.pdf"])
def test_a_document_is_stored_under_a_tame_name(name, owner_client, profile, media_files):
    page = open_page(owner_client, "/admin/research/profile/1/change/")
    assert page.post(cv=SimpleUploadedFile(name, b"%PDF-1.7")).sentences == []
    profile.refresh_from_db()
    assert media_files() == {profile.cv.name}
    folder, digest, file = profile.cv.name.split("/")
    assert (folder, len(digest), file.isascii() and file.endswith(".pdf")) == ("files", 32, True)


# --- What is kept ----------------------------------------------------------------------------------------------------


def test_an_upload_is_kept_while_another_field_is_wrong(owner_client, picture, media_files):
    page = open_page(owner_client, ADD).post(title="", tldr="Typed", thumbnail=picture())
    assert page.sentences == REQUIRED
    [folder] = folders(media_files())
    assert f'src="/media/{folder}/' in page.response.content.decode()  # it is shown
    assert page.fields["tldr"] == "Typed"
    page = page.post(title="")  # once more wrong
    page = page.post(title="Owls")
    assert page.sentences == []
    assert folders([Publication.objects.get().thumbnail.name]) == folders(media_files()) == {folder}


def test_a_kept_upload_can_be_replaced_and_removed(owner_client, picture):
    page = open_page(owner_client, ADD).post(thumbnail=picture())
    page = page.post(thumbnail=picture(colour="red"))
    page.post(title="Owls")
    red = images.accept(picture(colour="red")).name
    assert Publication.objects.get().thumbnail.name == red
    page = open_page(owner_client, ADD).post(thumbnail=picture())
    page.post(**{"title": "Bats", "thumbnail-clear": "on"})
    assert Publication.objects.get(title="Bats").thumbnail.name == ""


def test_an_upload_in_a_row_is_kept_too(owner_client, pdf):
    page = open_page(owner_client, ADD)
    page.add_row("links", kind="slides", file=pdf())
    page.add_row("links", kind="poster", file=pdf("poster.pdf", b"two"))
    page = page.post(title="")
    assert page.sentences == REQUIRED
    assert page.post(title="Owls").sentences == []
    links = Publication.objects.get().links.all()
    assert [link.file.name.rpartition("/")[2] for link in links] == ["slides.pdf", "poster.pdf"]


def test_removing_is_remembered_while_another_field_is_wrong(owner_client, make_publication, stored_picture):
    publication = make_publication(thumbnail=stored_picture())
    page = open_page(owner_client, change(publication)).post(**{"title": "", "thumbnail-clear": "on"})
    assert page.sentences == REQUIRED
    assert page.fields["thumbnail-clear"] == "on"
    page.post(title="Owls")
    publication.refresh_from_db()
    assert publication.thumbnail.name == ""


def test_a_refused_form_shows_the_picture_that_is_there(owner_client, make_publication, stored_picture):
    publication = make_publication(thumbnail=stored_picture())
    page = open_page(owner_client, change(publication)).post(title="")
    assert f'href="/media/{publication.thumbnail.name}"' in page.response.content.decode()
    assert "thumbnail-kept" not in page.fields
    page.post(title="Owls")
    assert Publication.objects.get().thumbnail == publication.thumbnail


@pytest.mark.parametrize("kept", ["", "x", "files/cv.pdf", '"files/cv.pdf":1:x', "é\0:"])
def test_a_forged_kept_value_is_ignored(kept, owner_client, make_publication, stored_picture):
    publication = make_publication(thumbnail=stored_picture())
    page = open_page(owner_client, change(publication)).post(**{"thumbnail-kept": kept, "title": "Owls"})
    assert page.sentences == []
    changed = Publication.objects.get()
    assert (changed.title, changed.thumbnail) == ("Owls", publication.thumbnail)


def test_a_kept_upload_that_was_cleared_away_is_asked_for_again(owner_client, picture, a_day_later):
    page = open_page(owner_client, ADD).post(thumbnail=picture())
    a_day_later()
    media.discard(list(media.stored_folders()))
    page = page.post(title="Owls")
    assert page.sentences == [("thumbnail", "The uploaded file is no longer there. Choose it again.")]
    assert page.post(thumbnail=picture()).sentences == []
    assert default_storage.exists(Publication.objects.get().thumbnail.name)


def test_uploading_and_removing_at_once_is_a_contradiction(owner_client, make_publication, stored_picture, picture):
    publication = make_publication(thumbnail=stored_picture())
    page = open_page(owner_client, change(publication))
    page = page.post(**{"thumbnail": picture(colour="red"), "thumbnail-clear": "on"})
    assert page.sentences == [
        ("thumbnail", "Please either submit a file or check the clear checkbox, not both."),
    ]
    assert Publication.objects.get().thumbnail == publication.thumbnail


@pytest.mark.parametrize("function", ["save", "size"])
def test_a_full_disk_gets_a_sentence_and_the_rest_is_kept(function, owner_client, picture, monkeypatch, media_files):
    def fail(*args, **kwargs):
        raise OSError(28, "No space left on device")

    page = open_page(owner_client, ADD)
    with monkeypatch.context() as broken:
        broken.setattr(FileSystemStorage, function, fail)
        page = page.post(title="Owls", new_authors="Jane Doe", thumbnail=picture())
    assert page.sentences == [
        (
            "thumbnail",
            "The file could not be stored: the server's disk is full or not writable. Nothing else was lost.",
        )
    ]
    assert (page.fields["title"], page.fields["new_authors"]) == ("Owls", "Jane Doe")
    assert page.post(thumbnail=picture()).sentences == []
    assert Publication.objects.get().thumbnail.name in media_files()


# --- What goes -------------------------------------------------------------------------------------------------------


def test_remove_takes_the_picture_out_and_its_files_away_when_it_cannot_be_undone_any_more(
    owner_client, make_publication, stored_picture, media_files, undo_has_ended
):
    publication = make_publication(thumbnail=stored_picture())
    open_page(owner_client, change(publication)).post(**{"thumbnail-clear": "on"})
    assert media_files() != set()
    assert Publication.objects.get().thumbnail.name == ""
    undo_has_ended()
    assert media_files() == set()


def test_a_replaced_pictures_files_go_thirty_days_later(
    owner_client, make_publication, stored_picture, picture, media_files, undo_has_ended
):
    publication = make_publication(thumbnail=stored_picture())
    old = media_files()
    open_page(owner_client, change(publication)).post(thumbnail=picture(colour="red"))
    assert old < media_files()
    undo_has_ended()
    new = Publication.objects.get().thumbnail.name
    assert folders(media_files()) == folders([new])
    assert new not in old


def test_a_picture_replaced_by_itself_stays(
    owner_client, make_publication, stored_picture, picture, media_files, undo_has_ended
):
    publication = make_publication(thumbnail=stored_picture())
    old = media_files()
    assert open_page(owner_client, change(publication)).post(thumbnail=picture()).sentences == []
    undo_has_ended()
    assert media_files() == old


@pytest.mark.django_db(transaction=True)
def test_nothing_goes_when_the_transaction_fails(
    make_publication, stored_picture, picture, media_files, monkeypatch, admin_user
):
    publication = make_publication(thumbnail=stored_picture())
    old = media_files()
    client = Client(raise_request_exception=False)
    client.force_login(admin_user)
    page = open_page(client, change(publication))

    def fail(*args):
        assert Publication.objects.get().thumbnail != publication.thumbnail  # it was saved already
        raise RuntimeError

    monkeypatch.setattr(authorship, "add_authors", fail)
    response = client.post(page.url, page.fields | {"thumbnail": picture(colour="red")})
    assert response.status_code == 500
    assert Publication.objects.get().thumbnail == publication.thumbnail
    assert old < media_files()


def test_a_picture_that_somebody_else_shows_stays(
    owner_client, make_publication, make_project, stored_picture, media_files, undo_has_ended
):
    name = stored_picture()
    publication, project = make_publication(thumbnail=name), make_project(thumbnail=name)
    old = media_files()
    open_page(owner_client, change(publication)).post(**{"thumbnail-clear": "on"})
    undo_has_ended()
    assert media_files() == old
    page = open_page(owner_client, f"/admin/research/project/{project.pk}/change/")
    page.post(**{"thumbnail-clear": "on"})
    undo_has_ended()
    assert media_files() == set()


def test_a_picture_in_a_text_stays_while_a_text_names_it(
    owner_client, make_publication, profile, stored_picture, media_files, undo_has_ended
):
    name = stored_picture()
    text = f"Look: ![an owl](/media/{name})"
    publication = make_publication(thumbnail=name, abstract=text)
    profile.biography = text
    profile.save()
    old = media_files()

    def save(url, **changes):
        assert open_page(owner_client, url).post(**changes).sentences == []
        undo_has_ended()

    save(change(publication), **{"thumbnail-clear": "on"})
    assert media_files() == old
    save(change(publication), abstract="Nothing to look at")
    assert media_files() == old
    save("/admin/research/profile/1/change/", biography="Nothing to look at")
    assert media_files() == set()


def test_the_files_of_deleted_records_go_thirty_days_later(
    owner_client, make_publication, stored_picture, pdf, media_files, undo_has_ended
):
    publication = make_publication(thumbnail=stored_picture())
    publication.links.create(kind="slides", file=media.store_document(pdf()))
    other = make_publication(thumbnail=stored_picture(colour="red"))
    assert len(folders(media_files())) == 3
    data = {"action": "delete_selected", "_selected_action": [publication.pk], "post": "yes"}
    owner_client.post("/admin/research/publication/", data)
    undo_has_ended()
    assert folders(media_files()) == folders([other.thumbnail.name])


def test_the_file_of_a_removed_row_goes_thirty_days_later(
    owner_client, make_publication, pdf, media_files, undo_has_ended
):
    publication = make_publication()
    for content in (b"one", b"two"):
        publication.links.create(kind="slides", file=media.store_document(pdf(content=content)))
    open_page(owner_client, change(publication)).post(**{"links-0-DELETE": "on"})
    undo_has_ended()
    assert media_files() == {publication.links.get().file.name}
