"""A publication's thumbnail, chosen among the pages and figures of its PDF."""

import threading
from contextlib import contextmanager
from functools import lru_cache

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from . import identifiers, media, pdf_figures
from .history.recording import change
from .importing import collecting
from .models import Publication
from .pdf_figures import PdfUnreadable
from .storage import StoreUnavailable

# One PDF is drawn at a time, and the last few are remembered: the page that offers the figures asks for each of them.
_one_at_a_time = threading.Lock()


def candidates(pdf_name):
    """The tuple of `pdf_figures.Candidate` of a stored PDF. Raises PdfUnreadable."""
    with _one_at_a_time:
        return _candidates(pdf_name)


@lru_cache(maxsize=2)
def _candidates(pdf_name):
    return tuple(pdf_figures.candidates(content(pdf_name)))


def choose(publication, pdf_name, index, user=None):
    """
    Make a candidate the publication's thumbnail, and its caption the description where none was written.

    Raises PdfUnreadable where there is no such candidate any more, Publication.DoesNotExist where it was deleted.
    """
    found = candidates(pdf_name)
    if not 0 <= index < len(found):
        raise PdfUnreadable("This figure is not in the PDF. Choose another one.")
    with _one_at_a_time:
        drawn = pdf_figures.picture(content(pdf_name), found[index])
    name = media.store_picture(ContentFile(drawn, "figure.png"))
    with changed(publication, "Chose the thumbnail from the PDF", user):
        publication.thumbnail = name
        publication.thumbnail_alt = publication.thumbnail_alt or found[index].caption


def take_pdf(publication, pdf_name, user=None):
    """Make a stored PDF the publication's own. Raises Publication.DoesNotExist where that was deleted meanwhile."""
    with changed(publication, "Took the PDF from arXiv", user):
        publication.pdf = pdf_name


@contextmanager
def changed(publication, cause, user):
    """Around a change of a few fields: drawing and fetching take seconds, and what others saved meanwhile stays."""
    with change(cause, user):
        publication.refresh_from_db(from_queryset=Publication.objects.select_for_update())
        yield
        publication.save()


def fetch_pdf(publication):
    """
    The name of the stored PDF that arXiv has of a publication. No row names it yet, so that it goes after a day.

    Raises SourceUnavailable or media.DocumentRefused with a sentence.
    """
    url = identifiers.arxiv_pdf_url(publication.arxiv_id)
    found = collecting.get(url, accept="application/pdf", max_bytes=media.DOCUMENT_MAX_BYTES)
    return media.store_document(ContentFile(found.content, f"{publication.slug}.pdf"), (".pdf",))


def content(pdf_name):
    try:
        with default_storage.open(pdf_name) as file:
            return file.read()
    except StoreUnavailable as error:
        raise PdfUnreadable(f"{error} Try again in a minute.") from error
    except OSError as error:
        raise PdfUnreadable("The PDF is no longer on the server. Upload it again.") from error
