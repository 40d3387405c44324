"""The page on which the owner chooses a thumbnail among the pages and figures of a publication's PDF."""

from django.contrib import admin, messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.http import urlencode

from .. import images, media, thumbnails
from ..models import Publication
from ..sources.fetch import SourceUnavailable
from ..storage import not_stored

SALT = "research.thumbnails"
ADDRESS = "admin:research_publication_thumbnail"


class ThumbnailChoice(admin.ModelAdmin):
    """What the publications' admin has for it: two addresses, and a link after a save that left the thumbnail empty."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/thumbnail/", view(self.thumbnail), name="research_publication_thumbnail"),
            path("<int:pk>/thumbnail/<int:index>.jpg", view(self.candidate), name="research_publication_candidate"),
            *super().get_urls(),
        ]

    def offer_thumbnail(self, request, publication):
        """Link to the choice after a save that leaves the publication without a thumbnail."""
        if (publication.pdf or publication.arxiv_id) and not publication.thumbnail and "_save" in request.POST:
            link = '<a href="{}">Choose a figure of the paper as its thumbnail</a>.'
            messages.info(request, format_html(link, reverse(ADDRESS, args=[publication.pk])))

    def thumbnail(self, request, pk):
        """Offer the figures and pages (GET), and take the chosen one (POST)."""
        publication, pdf = self.publication_and_pdf(request, pk)
        try:
            return self.thumbnail_page(request, publication, pdf)
        except Publication.DoesNotExist as error:  # another window has deleted it meanwhile
            raise Http404 from error

    def thumbnail_page(self, request, publication, pdf):
        if "fetch" in request.POST:
            return self.fetched(request, publication)
        context = self.admin_site.each_context(request) | {
            "title": "Choose a thumbnail",
            "opts": self.opts,
            "original": publication,
            "signed": request.GET.get("pdf", ""),
        }
        try:
            context["candidates"] = thumbnails.candidates(pdf) if pdf else ()
            if request.method == "POST":
                thumbnails.choose(publication, pdf, int(request.POST.get("choice", "-1")), request.user)
        except (thumbnails.PdfUnreadable, images.ImageRefused) as refusal:
            messages.error(request, str(refusal))
        except OSError as error:
            messages.error(request, not_stored("The picture", error))
        except ValueError:
            messages.error(request, "Choose one of the figures or pages.")
        else:
            if request.method == "POST":
                self.log_change(request, publication, "Chose the thumbnail from the PDF.")
                messages.success(request, f"{publication} has its thumbnail.")
                return HttpResponseRedirect(reverse("admin:research_publication_change", args=[publication.pk]))
        return render(request, "admin/choose_thumbnail.html", context)

    def fetched(self, request, publication):
        """Have arXiv's PDF, for this page or, when the owner ticks that, as the publication's own."""
        page = reverse(ADDRESS, args=[publication.pk])
        try:
            name = thumbnails.fetch_pdf(publication)
        except (SourceUnavailable, media.DocumentRefused) as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(page)
        except OSError as error:
            messages.error(request, not_stored("The PDF", error))
            return HttpResponseRedirect(page)
        if not request.POST.get("keep"):
            return HttpResponseRedirect(f"{page}?{urlencode({'pdf': signing.dumps(name, salt=SALT)})}")
        thumbnails.take_pdf(publication, name, request.user)
        self.log_change(request, publication, "Took the PDF from arXiv.")
        return HttpResponseRedirect(page)

    def candidate(self, request, pk, index):
        """The preview of one candidate."""
        _, pdf = self.publication_and_pdf(request, pk)
        try:
            preview = thumbnails.candidates(pdf)[index].preview
        except (thumbnails.PdfUnreadable, IndexError) as error:
            raise Http404 from error
        return HttpResponse(preview, content_type="image/jpeg", headers={"Cache-Control": "private, max-age=3600"})

    def publication_and_pdf(self, request, pk):
        """The publication and the name of the PDF: its own, or the one that was fetched for this page alone."""
        publication = Publication.objects.filter(pk=pk).first()
        if publication is None:
            raise Http404
        if not self.has_change_permission(request, publication):
            raise PermissionDenied
        try:
            return publication, signing.loads(request.GET["pdf"], salt=SALT)
        except (KeyError, signing.BadSignature):
            return publication, publication.pdf.name
