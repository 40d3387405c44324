""" "Add from…": a page to ask on, and the page of an import, where its progress, its review and its results are."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_http_methods

from ..importing import asking
from ..importing.applying import Terms
from ..importing.collecting import MOST_BYTES
from ..importing.library import Library
from ..importing.review import Kind, review
from ..models import Import, Publication
from .review_page import Card

PER_PAGE = 50
State = asking.State
STATUSES = {
    "draft": Publication.Status.DRAFT,
    "edit": Publication.Status.DRAFT,
    "published": Publication.Status.PUBLISHED,
}


def may_import(request):
    return request.user.has_perms(["research.add_publication", "research.change_publication"])


class Importing:
    """The pages of imports, among those of the publications; for a ModelAdmin."""

    def get_urls(self):
        pages = [("add-from/", self.add_from, "add_from"), ("add-from/<int:key>/", self.review, "review")]
        own = [
            path(
                route,
                self.admin_site.admin_view(require_http_methods(["GET", "POST"])(view)),
                name=f"publication_{name}",
            )
            for route, view, name in pages
        ]
        return own + super().get_urls()

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"may_import": may_import(request)} | (extra_context or {}))

    def page(self, request, template, **context):
        context = self.admin_site.each_context(request) | {"opts": self.model._meta} | context
        return render(request, template, context)

    # --- Asking -------------------------------------------------------------------------------------------------

    def add_from(self, request):
        if not may_import(request):
            raise PermissionDenied
        text, problem = request.POST.get("text", ""), ""
        if request.method == "POST":
            try:
                run = self.begin(request, text)
            except ValueError as error:
                problem = str(error)
            else:
                asking.advance(run)
                return redirect("admin:publication_review", run.pk)
        runs = Import.objects.all()[:20]
        return self.page(
            request, "admin/add_from.html", title="Add publications from…", text=text, problem=problem, runs=runs
        )

    def begin(self, request, text):
        file = request.FILES.get("file")
        if file is None:
            return asking.begin(text, user=request.user)
        if file.size > MOST_BYTES:
            raise ValueError(
                f"“{file.name}” has {file.size / 1e6:.0f} MB: too much to be read. Divide it into several files."
            )
        return asking.begin(text, file.read(), file.name, request.user, Import.Origin.FILE)

    # --- Reviewing ----------------------------------------------------------------------------------------------

    def review(self, request, key):
        if not may_import(request):
            raise PermissionDenied
        run = get_object_or_404(Import, pk=key)
        if request.method == "POST":
            return self.act(request, run) or redirect("admin:publication_review", run.pk)
        if run.waiting or run.taking:
            counts = {
                "taken_count": run.proposals.filter(state=State.TAKEN).count(),
                "waiting_count": run.proposals.filter(state=State.WAITING, kind=Kind.NEW, outcome={}).count(),
            }
            return self.page(request, "admin/import_progress.html", title=str(run), run=run, **counts)
        pages = Paginator(run.proposals.to_review().select_related("run").by_kind(), PER_PAGE)
        page = pages.get_page(request.GET.get("page"))
        cards = cards_of(page)
        taken = run.proposals.filter(state=State.TAKEN).exclude(publication=None).select_related("publication")
        return self.page(
            request,
            "admin/import_review.html",
            title=str(run),
            run=run,
            cards=cards,
            page=page,
            new_count=run.proposals.filter(state=State.WAITING, kind=Kind.NEW).count(),
            is_one_new=pages.count == 1 and cards[0].kind == Kind.NEW,
            kinds=Kind,
            same=run.proposals.filter(state=State.WAITING, kind=Kind.SAME),
            left=run.proposals.filter(state=State.LEFT),
            taken=taken,
        )

    def act(self, request, run):
        """Do what the pressed button says; the answer, or None to show the import again."""
        action, _, argument = request.POST.get("action", "").partition("-")
        if action == "step":
            asking.advance(run)
        elif action == "again":
            asking.ask_again(run)
        elif action == "delete":
            run.delete()
            messages.success(request, "The import is deleted. What it brought to the site stays.")
            return redirect("admin:publication_add_from")
        elif action == "back":
            run.proposals.filter(state=State.LEFT).update(state=State.WAITING)
            run.settle()
        elif action == "page":
            keep_decisions(request, run)
            return redirect(f"{reverse('admin:publication_review', args=[run.pk])}?page={argument}")
        elif action == "all" and argument in STATUSES:
            keep_decisions(request, run)
            run.taking = STATUSES[argument]
            run.save()
        elif action in STATUSES:
            return self.take(request, run, action)
        return None

    def take(self, request, run, action):
        """Write what is ticked on the page, leave out what is not."""
        ticked, left = keep_decisions(request, run)
        left.update(state=State.LEFT)
        if waiting := run.proposals.to_review().filter(decision__take=None, decision__has_key="take").count():
            messages.warning(request, f"{waiting} wait for your answer below.")
        terms = Terms(STATUSES[action], bool(request.POST.get("selected")), user=request.user)
        result = asking.take(run, ticked, terms)
        run.settle()
        for outcome in result.created + result.changed:
            is_new = outcome in result.created
            self.note_in_history(request, outcome.publication, is_new)
        tell(request, result)
        if action == "edit" and len(result.created) == 1:
            return redirect("admin:research_publication_change", result.created[0].publication.pk)
        return None

    def note_in_history(self, request, publication, is_new):
        log = self.log_addition if is_new else self.log_change
        log(request, publication, "Imported.")


def cards_of(proposals):
    """A `Card` for each proposal, compared with the site as it is now."""
    proposals = list(proposals)
    if not proposals:
        return []
    library = Library()
    decided = [asking.decided(proposal) for proposal in proposals]
    matches = [library.index.match(work) for work, _ in decided]
    library.fetch(key for match in matches if match for key in match.keys)
    return [
        Card(proposal, review(work, library, decision), library.publications)
        for proposal, (work, decision) in zip(proposals, decided, strict=True)
    ]


def keep_decisions(request, run):
    """Store what the form says of each record that it shows; (the ticked ones, those left out), as querysets."""
    keys = [key for key in request.POST.getlist("shown") if key.isdecimal()]
    cards = cards_of(run.proposals.filter(pk__in=keys, state=State.WAITING))
    for card in cards:
        card.proposal.decision = card.read(request.POST)
    run.proposals.bulk_update([card.proposal for card in cards], ["decision"])
    run.user = request.user  # who decides has done it, whoever began the import or lets it go on
    run.save(update_fields=["user"])
    ticked, left = (
        [card.proposal.pk for card in cards if card.proposal.decision["take"] is taken] for taken in (True, False)
    )
    return run.proposals.filter(pk__in=ticked).by_kind(), run.proposals.filter(pk__in=left)


def tell(request, result):
    """Say what was done, with links to what is new."""
    if result.created:
        links = format_html_join(
            ", ",
            '<a href="{}">{}</a>',
            (
                (reverse("admin:research_publication_change", args=[one.publication.pk]), one.title)
                for one in result.created[:10]
            ),
        )
        kind = "draft" if result.created[0].publication.status == Publication.Status.DRAFT else "publication"
        count = len(result.created)
        messages.success(
            request, format_html("{} new {}{}: {}{}", count, kind, "s" * (count > 1), links, "…" if count > 10 else "")
        )
    if result.changed:
        messages.success(
            request, f"{len(result.changed)} changed: {', '.join(one.title for one in result.changed[:10])}"
        )
    if result.owner:
        messages.info(request, f"You are the author {result.owner}: your profile says so now.")
    for one in result.skipped[:10]:
        messages.warning(request, f"{one.title or one.where}: {' '.join(one.notes)}")
