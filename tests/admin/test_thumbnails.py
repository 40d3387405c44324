"""The owner chooses a thumbnail among the figures of a publication's PDF."""

import errno
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from research import media, thumbnails
from research.importing import collecting
from research.models import Publication
from research.sources.fetch import Fetched, SourceUnavailable
from research.storage import DurableStorage

from ..images.drawn import near
from .page import Page, open_page


@pytest.fixture
def pdf_name():
    """The name of a stored PDF of one page, which shows one picture."""

    def store(colour="#2040c0"):
        page = io.BytesIO()
        Image.new("RGB", (300, 200), colour).save(page, "PDF")
        return media.store_document(SimpleUploadedFile("paper.pdf", page.getvalue()))

    return store


def choosing(publication):
    return f"/admin/research/publication/{publication.pk}/thumbnail/"


def test_two_clicks_make_a_figure_the_thumbnail(owner_client, make_publication, pdf_name):
    publication = make_publication(title="Owls")
    page = open_page(owner_client, f"/admin/research/publication/{publication.pk}/change/")
    page = page.post(pdf=SimpleUploadedFile("paper.pdf", thumbnails.content(pdf_name())))
    assert "Choose a figure of the paper as its thumbnail." in page.messages
    assert page.links[choosing(publication)] == "Choose a figure of the paper as its thumbnail"
    page = Page(owner_client, owner_client.post(choosing(publication), {"choice": "0"}, follow=True))
    publication.refresh_from_db()
    assert "Owls has its thumbnail." in page.messages
    with publication.thumbnail.open() as file:
        assert near(Image.open(file).convert("RGB").getpixel((9, 9)), (0x20, 0x40, 0xC0))


def test_the_figures_are_shown(owner_client, make_publication, pdf_name):
    publication = make_publication(pdf=pdf_name())
    response = owner_client.get(f"{choosing(publication)}0.jpg")
    assert response["Content-Type"] == "image/jpeg"
    assert Image.open(io.BytesIO(response.content)).size == (360, 240)
    assert owner_client.get(f"{choosing(publication)}7.jpg").status_code == 404


def test_the_caption_describes_the_thumbnail_unless_the_owner_has(make_publication, pdf_name, monkeypatch):
    name = pdf_name()
    figure = thumbnails.pdf_figures.Candidate(1, (0, 0, 300, 200), True, "Owls see more.", b"")
    monkeypatch.setattr(thumbnails, "candidates", lambda pdf: (figure,))
    described, other = make_publication(pdf=name, thumbnail_alt="An owl"), make_publication(pdf=name)
    for publication in (described, other):
        thumbnails.choose(publication, name, 0)
    assert list(Publication.objects.order_by("pk").values_list("thumbnail_alt", flat=True)) == [
        "An owl",
        "Owls see more.",
    ]


@pytest.mark.parametrize("choice", ["", "one", "-1", "99"])
def test_another_choice_is_refused_and_changes_nothing(choice, owner_client, make_publication, pdf_name):
    publication = make_publication(pdf=pdf_name())
    page = Page(owner_client, owner_client.post(choosing(publication), {"choice": choice}))
    assert page.messages in (
        ["Choose one of the figures or pages."],
        ["This figure is not in the PDF. Choose another one."],
    )
    publication.refresh_from_db()
    assert publication.thumbnail == ""


def test_a_pdf_that_cannot_be_drawn_is_a_sentence(owner_client, make_publication, pdf):
    publication = make_publication(pdf=media.store_document(pdf("paper.pdf")))
    page = open_page(owner_client, choosing(publication))
    assert page.messages == [
        "This PDF cannot be drawn: it is damaged, locked with a password or too large. "
        "Upload a picture of the figure instead."
    ]


@pytest.fixture
def arxiv(monkeypatch):
    """What arXiv answers to whoever asks for a PDF: bytes, or an error to raise."""
    answers = {}

    def get(url, **options):
        assert options == {"accept": "application/pdf", "max_bytes": media.DOCUMENT_MAX_BYTES}
        if isinstance(answers[url], Exception):
            raise answers[url]
        return Fetched(answers[url], "application/pdf", url)

    monkeypatch.setattr(collecting, "get", get)
    return answers


@pytest.mark.parametrize("keep", [{}, {"keep": "1"}])
def test_the_figures_can_be_had_from_arxiv(owner_client, make_publication, pdf_name, arxiv, keep):
    publication = make_publication(arxiv_id="2412.04984")
    arxiv["https://arxiv.org/pdf/2412.04984"] = thumbnails.content(pdf_name())
    assert "Fetch the PDF from arXiv" in owner_client.get(choosing(publication)).content.decode()
    response = owner_client.post(choosing(publication), {"fetch": "1"} | keep)
    publication.refresh_from_db()
    assert bool(publication.pdf) == bool(keep)
    chosen = Page(owner_client, owner_client.post(response.url, {"choice": "0"}, follow=True))
    publication.refresh_from_db()
    assert "Paper 1 has its thumbnail." in chosen.messages
    assert publication.thumbnail


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (SourceUnavailable("arXiv took too long to answer."), "ArXiv took too long to answer."),
        (b"<html>", "“paper-1.pdf” is named like a PDF file but is none. Export it again as PDF."),
    ],
)
def test_what_arxiv_does_not_give_is_a_sentence(owner_client, make_publication, arxiv, answer, sentence):
    publication = make_publication(arxiv_id="2412.04984")
    arxiv["https://arxiv.org/pdf/2412.04984"] = answer
    response = owner_client.post(choosing(publication), {"fetch": "1"}, follow=True)
    assert Page(owner_client, response).messages == [sentence]


def test_a_full_disk_is_a_sentence_and_changes_nothing(owner_client, make_publication, pdf_name, arxiv, monkeypatch):
    publication = make_publication(arxiv_id="2412.04984")
    paper = thumbnails.content(pdf_name("#40c020"))
    arxiv["https://arxiv.org/pdf/2412.04984"] = paper
    figures = owner_client.post(choosing(publication), {"fetch": "1"}).url

    def full(self, name, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(DurableStorage, "_save", full)
    arxiv["https://arxiv.org/pdf/2412.04984"] = paper + b"\n"  # another one: the first is stored already
    fetched = owner_client.post(choosing(publication), {"fetch": "1", "keep": "1"}, follow=True)
    chosen = owner_client.post(figures, {"choice": "0"})
    assert [Page(owner_client, response).messages for response in (fetched, chosen)] == [
        [f"The {what} could not be stored: the server's disk is full or not writable."] for what in ("PDF", "picture")
    ]
    publication.refresh_from_db()
    assert (publication.pdf, publication.thumbnail) == ("", "")


def test_without_a_pdf_the_page_says_what_to_do(owner_client, make_publication):
    response = owner_client.get(choosing(make_publication()))
    assert "There is no PDF to choose from yet: upload the paper" in response.content.decode()


def test_only_who_may_change_publications_sees_a_draft_s_figures(client, staff_client, make_publication, pdf_name):
    publication = make_publication(status="draft", pdf=pdf_name())
    helper = staff_client("view_publication")
    addresses = [choosing(publication), f"{choosing(publication)}0.jpg"]
    assert [helper.get(address).status_code for address in addresses] == [403, 403]
    assert [client.get(address).status_code for address in addresses] == [302, 302]
    assert [client.post(address).status_code for address in addresses] == [302, 302]


def test_an_address_of_nothing_is_not_found(owner_client, db):
    assert owner_client.get("/admin/research/publication/77/thumbnail/").status_code == 404


def test_what_another_window_saved_while_a_figure_was_drawn_stays(
    owner_client, make_publication, pdf_name, monkeypatch
):
    publication = make_publication(title="Owls", pdf=pdf_name())
    store = media.store_picture

    def store_slowly(file):
        Publication.objects.update(title="Bats")
        return store(file)

    monkeypatch.setattr(media, "store_picture", store_slowly)
    owner_client.post(choosing(publication), {"choice": "0"})
    publication.refresh_from_db()
    assert (publication.title, bool(publication.thumbnail)) == ("Bats", True)


def test_what_another_window_saved_while_arxiv_was_asked_stays(owner_client, make_publication, pdf, monkeypatch):
    publication = make_publication(title="Owls", arxiv_id="2412.04984")
    name = media.store_document(pdf("paper.pdf"))

    def fetch_slowly(publication):
        Publication.objects.update(title="Bats")
        return name

    monkeypatch.setattr(thumbnails, "fetch_pdf", fetch_slowly)
    owner_client.post(choosing(publication), {"fetch": "1", "keep": "1"})
    publication.refresh_from_db()
    assert (publication.title, publication.pdf.name) == ("Bats", name)


def test_a_publication_that_was_deleted_while_a_figure_was_drawn_does_not_come_half_back(
    owner_client, make_publication, pdf_name, monkeypatch
):
    publication = make_publication(pdf=pdf_name())
    store = media.store_picture

    def store_slowly(file):
        Publication.objects.all().delete()
        return store(file)

    monkeypatch.setattr(media, "store_picture", store_slowly)
    assert owner_client.post(choosing(publication), {"choice": "0"}).status_code == 404
    assert not Publication.objects.exists()
